import { describe, expect, test } from 'vitest'
import { addDays, addMonths, dayOf, grainOf, grainsOf, isDay, isZone, presets, rangeOf, rangeOfPeriod, startOf, step, wholeDays } from './ranges'

const at = (moment: string) => new Date(moment)

describe('days of a zone', () => {
  test.each([
    ['Europe/Paris', '2026-03-29', '2026-03-28T23:00:00.000Z', 23],
    ['Europe/Paris', '2026-10-25', '2026-10-24T22:00:00.000Z', 25],
    ['America/New_York', '2026-03-08', '2026-03-08T05:00:00.000Z', 23],
    ['America/New_York', '2026-11-01', '2026-11-01T04:00:00.000Z', 25],
    // The clocks skip midnight.
    ['America/Asuncion', '2023-10-01', '2023-10-01T04:00:00.000Z', 23],
    ['Asia/Kolkata', '2026-05-01', '2026-04-30T18:30:00.000Z', 24],
    ['Pacific/Kiritimati', '2026-05-01', '2026-04-30T10:00:00.000Z', 24],
    ['Pacific/Pago_Pago', '2026-05-01', '2026-05-01T11:00:00.000Z', 24],
  ])('%s: %s begins at %s and has %i hours', (zone, day, start, hours) => {
    expect(startOf(day, zone).toISOString()).toBe(start)
    expect((startOf(addDays(day, 1), zone).getTime() - startOf(day, zone).getTime()) / 3_600_000).toBe(hours)
    expect(dayOf(startOf(day, zone), zone)).toBe(day)
    expect(dayOf(new Date(startOf(day, zone).getTime() - 1), zone)).toBe(addDays(day, -1))
  })

  test('are counted over years and short months', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29')
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31')
    expect(addMonths('2026-03-31', -1)).toBe('2026-02-28')
    expect(addMonths('2026-01-15', -1)).toBe('2025-12-15')
    expect(isDay('2026-02-30')).toBe(false)
    expect(isDay('2026-02-28')).toBe(true)
  })
})

test('zones are those that the server knows', () => {
  expect(['Europe/Paris', 'UTC', 'America/Argentina/Buenos_Aires', 'Asia/Kolkata'].filter(isZone)).toHaveLength(4)
  expect(['', 'Mars/Phobos', '-05:00', '+0530', 'utc', 'europe/paris', '<script>'].filter(isZone)).toEqual([])
})

describe('named ranges', () => {
  const now = at('2026-03-29T22:30:00Z') // already the 30th in Paris, a day after the clocks changed
  const paris = (name: Parameters<typeof rangeOf>[0]) => rangeOf(name, 'Europe/Paris', now)

  test('are days of the zone', () => {
    expect(rangeOf('today', 'UTC', now)).toEqual({ from: '2026-03-29', to: '2026-03-29' })
    expect(paris('today')).toEqual({ from: '2026-03-30', to: '2026-03-30' })
    expect(paris('yesterday')).toEqual({ from: '2026-03-29', to: '2026-03-29' })
  })

  test('of days are whole ones and leave today out', () => {
    expect(paris('7d')).toEqual({ from: '2026-03-23', to: '2026-03-29' })
    expect(paris('30d')).toEqual({ from: '2026-02-28', to: '2026-03-29' })
    expect(paris('91d')).toEqual({ from: '2025-12-29', to: '2026-03-29' })
    expect(paris('12m')).toEqual({ from: '2025-03-30', to: '2026-03-29' })
  })

  test('of months and years', () => {
    expect(paris('month')).toEqual({ from: '2026-03-01', to: '2026-03-30' })
    expect(paris('last-month')).toEqual({ from: '2026-02-01', to: '2026-02-28' })
    expect(paris('year')).toEqual({ from: '2026-01-01', to: '2026-03-30' })
  })

  test('of 24 hours are whole hours, the current one included', () => {
    expect(paris('24h')).toEqual({ from: '2026-03-28T23:00:00.000Z', to: '2026-03-29T23:00:00.000Z' })
  })

  test('that depend on the data are left to the server', () => {
    expect(presets.map((preset) => preset.name).filter((name) => paris(name) === undefined)).toEqual(['28d', 'all'])
  })

  test('have a key each', () => {
    expect(new Set(presets.map((preset) => preset.key)).size).toBe(presets.length)
  })
})

describe('a period', () => {
  const overTheChange = { from: '2026-03-25T23:00:00Z', to: '2026-04-01T22:00:00Z' } // 26 March to 1 April in Paris

  test('of whole days is told from one of moments, over a change of the clocks too', () => {
    expect(wholeDays(overTheChange, 'Europe/Paris')).toEqual({ first: '2026-03-26', last: '2026-04-01' })
    expect(wholeDays(overTheChange, 'UTC')).toBeUndefined()
    expect(rangeOfPeriod(overTheChange, 'Europe/Paris')).toEqual({ from: '2026-03-26', to: '2026-04-01' })
    expect(rangeOfPeriod(overTheChange, 'UTC')).toEqual(overTheChange)
  })

  test('steps by its own length, and whole months by months', () => {
    expect(step(overTheChange, 'Europe/Paris', -1)).toEqual({ from: '2026-03-19', to: '2026-03-25' })
    expect(step(overTheChange, 'Europe/Paris', 1)).toEqual({ from: '2026-04-02', to: '2026-04-08' })
    const march = { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' }
    expect(step(march, 'UTC', -1)).toEqual({ from: '2026-02-01', to: '2026-02-28' })
    const quarter = { from: '2026-01-01T00:00:00Z', to: '2026-04-01T00:00:00Z' }
    expect(step(quarter, 'UTC', 1)).toEqual({ from: '2026-04-01', to: '2026-06-30' })
    const hours = { from: '2026-03-01T10:00:00Z', to: '2026-03-01T12:00:00Z' }
    expect(step(hours, 'UTC', -1)).toEqual({ from: '2026-03-01T08:00:00.000Z', to: '2026-03-01T10:00:00.000Z' })
  })

  test('is shown in tens of buckets', () => {
    expect(grainOf({ from: '2026-03-01', to: '2026-03-01' })).toBe('hour')
    expect(grainOf({ from: '2026-03-01', to: '2026-03-28' })).toBe('day')
    expect(grainOf({ from: '2025-03-01', to: '2026-02-28' })).toBe('week')
    expect(grainOf({ from: '2020-03-01', to: '2026-02-28' })).toBe('month')
    expect(grainOf({})).toBe('month')
    expect(grainsOf({ from: '2026-03-01T00:00:00Z', to: '2026-03-29T00:00:00Z' })).toEqual(['day', 'week'])
  })
})
