import { describe, expect, it } from 'vitest'
import type { Answer } from '../api/hooks'
import type { Result } from '../api/types'
import { isLegible, legible } from './legible'

/** A mean over time: of how many each stretch is, where fewer than ten give no figure. */
function resultOf(counts: number[]): Result {
  const value = (denominator: number) => ({ value: denominator < 10 ? null : 4, numerator: 4 * denominator, denominator })
  return {
    measures: ['csat_score'],
    dimensions: ['time'],
    rows: counts.map((n, i) => ({ keys: [`2026-06-${i + 10}T00:00:00Z`], labels: [`2026-06-${i + 10}`], values: [value(n)] })),
    total: { keys: [], labels: [], values: [value(counts.reduce((sum, n) => sum + n, 0))] },
    generation: 1,
    definition: 'platform',
    catalogue_version: 0,
    engine_revision: 1,
    zone: 'UTC',
  }
}

function answerOf(result: Result | undefined, loading = false): Answer<Result> {
  return { data: result, error: null, loading, refreshing: false, retry: () => undefined }
}

const sparse = answerOf(resultOf([3, 12, 4, 2]))
const weekly = answerOf(resultOf([21]))
const dense = answerOf(resultOf([12, 0, 30, 4]))

describe('what of a course can be read', () => {
  it('needs a figure in most stretches that have any answers', () => {
    expect(isLegible(resultOf([12, 30, 4]), 'csat_score')).toBe(true)
    expect(isLegible(resultOf([12, 4]), 'csat_score')).toBe(false)
    expect(isLegible(resultOf([12, 0, 0, 0]), 'csat_score')).toBe(true)
    expect(isLegible(resultOf([0, 0]), 'csat_score')).toBe(true)
  })

  it('shows longer stretches where the short ones are mostly gaps', () => {
    expect(legible(sparse, weekly, 'csat_score')).toBe(weekly)
    expect(legible(dense, weekly, 'csat_score')).toBe(dense)
  })

  it('waits for the longer ones, and does without them where nobody asked', () => {
    const waiting = answerOf(undefined, true)
    expect(legible(sparse, waiting, 'csat_score')).toBe(waiting)
    expect(legible(sparse, answerOf(undefined), 'csat_score')).toBe(sparse)
  })
})
