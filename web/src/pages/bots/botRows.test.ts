import { describe, expect, it } from 'vitest'
import type { Result } from '../../api/types'
import { botRows, chosenMeasures, silent, usual } from './botRows'

const header = {
  generation: 1,
  definition: 'platform@1',
  catalogue_version: 0,
  engine_revision: 1,
  zone: 'UTC',
  total: { keys: [], labels: [], values: [] },
}

const result: Result = {
  ...header,
  measures: ['sessions', 'resolution_rate'],
  dimensions: ['bot'],
  rows: [
    {
      keys: ['a'],
      labels: ['Shop'],
      values: [
        { value: 30, numerator: 30 },
        { value: null, numerator: 2, denominator: 3, too_few: true },
      ],
      before: [
        { value: 20, numerator: 20 },
        { value: 0.5, numerator: 10, denominator: 20 },
      ],
      changes: [{ relative: 0.5 }, {}],
    },
    { keys: ['b'], labels: [''], values: [{ value: 1, numerator: 1 }, { value: null }] },
  ],
}

const byTime: Result = {
  ...header,
  measures: ['sessions'],
  dimensions: ['time', 'bot'],
  rows: [
    { keys: ['2026-06-02T00:00:00Z', 'a'], labels: [], values: [{ value: 20 }], partial: true },
    { keys: ['2026-06-01T00:00:00Z', 'a'], labels: [], values: [{ value: 10 }], partial: true },
    { keys: ['2026-06-01T00:00:00Z', 'b'], labels: [], values: [{ value: 1 }] },
  ],
}

describe('botRows', () => {
  it('keeps counts, change and what was before of every measure', () => {
    const [shop] = botRows(result, undefined)
    expect(shop?.values.sessions).toEqual({ value: { value: 30, numerator: 30 }, before: { value: 20, numerator: 20 }, change: { relative: 0.5 } })
    expect(shop?.values.resolution_rate?.value.too_few).toBe(true)
  })

  it('calls a bot without a name by its id', () => {
    expect(botRows(result, undefined).map((row) => row.name)).toEqual(['Shop', 'b'])
  })

  it('puts the course in the order of time, with a gap where a bot has no row', () => {
    const [shop, other] = botRows(result, byTime)
    expect(shop?.course).toEqual([10, 20])
    expect(other?.course).toEqual([1, null])
  })

  it('says that a course is unfinished when its last bucket is, not its first', () => {
    const [shop, other] = botRows(result, byTime)
    expect(shop?.unfinished).toBe(true)
    expect(other?.unfinished).toBe(false)
  })

  it('has no course before the answer by time is there', () => {
    expect(botRows(result, undefined)[0]?.course).toEqual([])
  })
})

describe('silent', () => {
  it('is the bots without a row', () => {
    const bot = (id: string) => ({ id, schema: id, name: id, conversations: 1, sessions: 1, first_at: null, last_at: null })
    expect(silent([bot('a'), bot('c')], botRows(result, undefined)).map((one) => one.id)).toEqual(['c'])
  })
})

describe('chosenMeasures', () => {
  const known = (name: string) => (['sessions', 'users', 'csat_score'].includes(name) ? {} : undefined)
  it('keeps the order of the address, once each, and leaves out what is no measure', () => {
    expect(chosenMeasures('users,sessions,users,nonsense', known)).toEqual(['users', 'sessions'])
  })
  it('is no more than one question may ask', () => {
    const many = Array.from({ length: 60 }, (_, i) => `measure_${i}`)
    expect(chosenMeasures(many.join(','), () => ({}))).toEqual(many.slice(0, 50))
  })
  it('is the usual ones where none is named', () => {
    expect(chosenMeasures('', known)).toEqual(usual)
    expect(chosenMeasures('nonsense', known)).toEqual(usual)
  })
})
