import { describe, expect, it } from 'vitest'

import {
  bucketName,
  bucketTitle,
  bytes,
  count,
  dateTime,
  day,
  duration,
  mean,
  meanChange,
  measured,
  percent,
  points,
  relative,
  relativeChange,
  short,
  tooFew,
} from './format'

/** With plain spaces, as people read it. */
const read = (text: string) => text.replace(/\u00a0/g, ' ')

describe('numbers', () => {
  it.each([null, undefined, NaN, Infinity])('%s is a dash and never a zero', (v) => {
    for (const write of [count, short, percent, points, relativeChange, mean, duration, bytes]) expect(write(v)).toBe('–')
  })

  it('groups thousands', () => {
    expect(count(128402)).toBe('128,402')
    expect(short(12410)).toBe('12.4K')
    expect(count(-3)).toBe('\u22123')
  })

  it.each([0.0004, -0.0004, -0])('%s has no sign where it rounds to nothing', (v) => {
    expect([count(v), read(points(v)), read(relativeChange(v)), mean(v), meanChange(v)]).toEqual(['0', '0.0 pt', '0.0 %', '0.00', '0.00'])
  })

  it.each([
    [0.613, '61.3 %'],
    [0, '0 %'],
    [1, '100 %'],
    [0.0001, '< 0.1 %'],
    [0.9999, '> 99.9 %'],
    [0.0005, '0.1 %'],
  ])('%s is %s: only none is 0 and only all is 100', (v, text) => expect(read(percent(v))).toBe(text))

  it('writes differences with their sign', () => {
    expect(read(points(0.011))).toBe('+1.1 pt')
    expect(read(points(-0.0042))).toBe('\u22120.4 pt')
    expect(read(points(0))).toBe('0.0 pt')
    expect(meanChange(0.1)).toBe('+0.10')
    expect(meanChange(-0.1)).toBe('\u22120.10')
    expect(read(relativeChange(0.042))).toBe('+4.2 %')
  })

  it.each([
    [0, '0 s'],
    [400, '0.4 s'],
    [53_000, '53 s'],
    [59_600, '1 min'],
    [65_000, '1 min 5 s'],
    [3_600_000, '1 h'],
    [7_380_000, '2 h 3 min'],
    [273_600_000, '3 d 4 h'],
  ])('%s ms is %s', (ms, text) => expect(read(duration(ms))).toBe(text))

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1400, '1.4 kB'],
    [999_600, '1.0 MB'],
    [4_294_967_296, '4.3 GB'],
  ])('%s bytes are %s', (n, text) => expect(read(bytes(n))).toBe(text))

  it('follows the unit of the measure', () => {
    expect(read(measured('share', 'rate', 0.5))).toBe('50.0 %')
    expect(measured('score', 'mean', 3.9732)).toBe('3.97')
    expect(read(measured('ms', 'rank', 53000))).toBe('53 s')
    expect(measured('sessions', 'count', 6682)).toBe('6,682')
    expect(read(tooFew(7))).toBe('too few (n = 7)')
  })
})

describe('times', () => {
  const late = '2026-06-30T22:30:00Z'

  it('are those of the zone', () => {
    expect(dateTime(late, 'UTC')).toBe('Jun 30, 2026, 22:30')
    expect(dateTime(late, 'Europe/Paris')).toBe('Jul 1, 2026, 00:30')
    expect(day(late, 'Asia/Tokyo')).toBe('Jul 1, 2026')
  })

  it('are a dash where there are none', () => {
    expect(dateTime(null, 'UTC')).toBe('–')
    expect(day('soon', 'UTC')).toBe('–')
  })

  it('name buckets by their grain', () => {
    expect(bucketName(late, 'Europe/Paris', 'day')).toBe('Jul 1')
    expect(bucketName(late, 'UTC', 'month')).toBe('Jun 2026')
    expect(bucketTitle('2026-06-28T22:00:00Z', 'Europe/Paris', 'week')).toBe('week of Jun 29, 2026')
    expect(bucketTitle(late, 'Europe/Paris', 'day')).toBe('Wed, Jul 1, 2026')
  })

  it('are told from now', () => {
    const now = Date.parse('2026-07-02T12:00:00Z')
    expect(relative('2026-07-02T11:59:40Z', now)).toBe('just now')
    expect(relative('2026-07-02T11:57:00Z', now)).toBe('3 minutes ago')
    expect(relative('2026-07-01T11:00:00Z', now)).toBe('yesterday')
    expect(relative('2026-07-02T14:00:00Z', now)).toBe('in 2 hours')
  })
})
