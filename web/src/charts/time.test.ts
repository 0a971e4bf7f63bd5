import { describe, expect, it } from 'vitest'

import type { Result, Row } from '../api/types'
import { grainOf, timeBuckets, timeSeries } from './fromResult'
import { looks } from './palette'
import { spread } from './spread'
import { seriesAt, summary, type Series } from './time'
import { tooltip } from './tooltip'

const one = (key: string, values: (number | null)[], more: Partial<Series> = {}): Series => ({ key, label: key, color: '--ink', values, ...more })

describe('a click on a bucket', () => {
  const stack = [one('engaged', [80, 0]), one('unengaged', [20, 5])]

  it('means the part of the stack under it', () => {
    expect(seriesAt(stack, 0, 79, 'stacked')?.key).toBe('engaged')
    expect(seriesAt(stack, 0, 81, 'stacked')?.key).toBe('unengaged')
  })

  it('above the stack means its topmost part', () => {
    expect(seriesAt(stack, 0, 400, 'stacked')?.key).toBe('unengaged')
    expect(seriesAt([one('engaged', [3]), one('unengaged', [0])], 0, 9, 'stacked')?.key).toBe('engaged')
  })

  it('means the nearest line, and none where no line is', () => {
    const lines = [one('resolution', [0.5, null]), one('abandon', [0.3, null])]
    expect(seriesAt(lines, 0, 0.41, 'lines')?.key).toBe('resolution')
    expect(seriesAt(lines, 0, 0.39, 'lines')?.key).toBe('abandon')
    expect(seriesAt(lines, 1, 0.4, 'lines')).toBeUndefined()
  })
})

describe('names at the ends of lines', () => {
  const ends = (...values: number[]) => {
    const height = 244 // of which 200 are the axis from 0 to 100 %
    const moved = spread(
      values.map((v, i) => one(`${i}`, [v])),
      { unit: 'rate', zoom: false, height },
    )
    return values.map((v, i) => -v * 200 + moved[i]!)
  }

  it('stay where they are while there is room', () => expect(ends(0.5, 0.1)).toEqual([-100, -20]))

  it('never touch, and keep their order', () => {
    for (const values of [
      [0.46, 0.43, 0.11],
      [0.5, 0.5, 0.5, 0.5],
      [0.5, 0.44, 0.38, 0.37],
      [0.1, 0.9, 0.12],
    ]) {
      const order = values.map((v, i) => ({ v, y: ends(...values)[i]! })).sort((a, b) => a.y - b.y)
      for (let i = 1; i < order.length; i++) {
        expect(order[i]!.y - order[i - 1]!.y).toBeGreaterThanOrEqual(14)
        expect(order[i]!.v).toBeLessThanOrEqual(order[i - 1]!.v)
      }
    }
  })
})

it('a chart is told in words', () => {
  const buckets = ['Jul 1', 'Jul 2', 'Jul 3'].map((label) => ({ key: label, label }))
  const told = summary('Rates', buckets, [one('Resolution', [0.4, 0.6, 0.5]), one('CSAT', [null, null, null])], 'rate', 'Europe/Paris')
  expect(told.replace(/\u00a0/g, ' ')).toBe(
    'Rates, times in Europe/Paris. Resolution: from 40.0 % (Jul 1) to 50.0 % (Jul 3), highest 60.0 % (Jul 2). CSAT: nothing.',
  )
})

it('a tooltip has figure, counts, interval and what was before, and takes names as text', () => {
  const hostile = one('x', [0.5], {
    label: '<img src=x onerror=alert(1)>',
    low: [0.4],
    high: [0.6],
    before: [0.45],
    counts: [{ numerator: 5, denominator: 10 }],
  })
  const shown = tooltip({ key: 'a', label: 'Jul 1', title: 'Wed, Jul 1, 2026', partial: true }, 0, [hostile], 'rate', false)
  expect(shown.querySelector('img')).toBeNull()
  expect(shown.textContent?.replace(/\u00a0/g, ' ')).toBe(
    'Wed, Jul 1, 2026 only a part<img src=x onerror=alert(1)>50.0 %5 of 10 · 40.0 % to 60.0 % · before 45.0 %',
  )
})

describe('an answer by time', () => {
  const row = (key: string, label: string, value: number | null, more: Partial<Row> = {}): Row => ({
    keys: [key],
    labels: [label],
    values: [{ value }],
    ...more,
  })
  const result = (rows: Row[]): Result => ({
    measures: ['sessions'],
    dimensions: ['time'],
    rows,
    total: { keys: [], labels: [], values: [] },
    generation: 1,
    definition: 'platform@1',
    catalogue_version: 0,
    engine_revision: 1,
    zone: 'Europe/Paris',
    period: { from: '2026-10-19T00:00:00+02:00', to: '2026-11-01T00:00:00+01:00' },
  })
  // A week in which the clocks go back has 169 hours.
  const weeks = result([
    row('2026-10-19T00:00:00+02:00', '2026-10-19', 10, { before: [{ value: 7 }] }),
    row('2026-10-26T00:00:00+01:00', '2026-10-26', null, { before: [{ value: 8 }], partial: true }),
  ])

  it('shows its grain', () => {
    expect(grainOf(weeks)).toBe('week')
    expect(grainOf(result([row('2026-10-01T00:00:00+02:00', '2026-10', 1)]))).toBe('month')
    expect(grainOf(result([row('2026-10-01T00:00:00+02:00', '2026-10-01 00:00', 1)]))).toBe('hour')
    expect(grainOf(result([row('2026-10-24T00:00:00+02:00', '2026-10-24', 1), row('2026-10-25T00:00:00+02:00', '2026-10-25', 1)]))).toBe('day')
  })

  it('becomes buckets that end where the next begins', () => {
    expect(timeBuckets(weeks)).toEqual([
      {
        key: '2026-10-19T00:00:00+02:00',
        label: 'Oct 19',
        title: 'week of Oct 19, 2026',
        from: '2026-10-19T00:00:00+02:00',
        to: '2026-10-26T00:00:00+01:00',
        partial: false,
      },
      {
        key: '2026-10-26T00:00:00+01:00',
        label: 'Oct 26',
        title: 'week of Oct 26, 2026',
        from: '2026-10-26T00:00:00+01:00',
        to: '2026-11-01T00:00:00+01:00',
        partial: true,
      },
    ])
  })

  it('becomes a series with what was before', () => {
    expect(timeSeries(weeks, 'sessions', looks.engaged, 'Engaged')).toMatchObject({ values: [10, null], before: [7, 8], color: '--engaged' })
  })
})
