import { describe, expect, test } from 'vitest'
import type { Dimension } from '../api/types'
import { clipped, misreadFilters, misreadTimes } from './misread'

function dimension(name: string, ...keys: string[]): Dimension {
  return { name, label: name.toUpperCase(), meaning: '', class: 'label', tables: ['session'], values: keys.map((key) => ({ key, label: key })) }
}

const dimensions = [dimension('time'), dimension('channel'), dimension('kind', 'chat', 'design'), dimension('csat', '1', '2', '')]

const misread = (...written: string[]) => misreadFilters(written, dimensions)

describe('a filter is understood', () => {
  test.each(['channel:webchat', 'channel:', '!channel:a:b', 'kind:design', '!kind:chat', 'csat:'])('when something has the name and can have the value: %s', (one) => {
    expect(misread(one)).toEqual([])
  })

  test.each([
    ['nothing:1', 'There is nothing called “nothing” to filter by.'],
    ['!nothing:1', 'There is nothing called “nothing” to filter by.'],
    ['kind:odd', 'KIND is never “odd”.'],
    ['kind:', 'KIND is never “”.'],
    ['time:2026-01-01', 'Times are chosen as a range.'],
    ['odd', 'It does not say what to filter by.'],
    ['!', 'It does not say what to filter by.'],
    ['', 'It does not say what to filter by.'],
    ['constructor:1', 'There is nothing called “constructor” to filter by.'],
  ])('and not otherwise: %s', (written, why) => {
    expect(misread(written)).toEqual([{ written, why }])
  })

  test('by itself: others beside it are kept apart, and one that stands twice is one', () => {
    expect(misread('kind:odd', 'kind:chat', 'kind:odd').map(({ written }) => written)).toEqual(['kind:odd'])
  })
})

describe('a range or zone that means nothing', () => {
  const said = (search: string) => misreadTimes(new URLSearchParams(search), 'Europe/Paris')

  test.each(['', 'range=7d', 'range=all&zone=UTC', 'from=2026-01-01&to=2026-01-31', 'range=odd&from=2026-01-01&to=2026-01-31', 'zone='])(
    'is not found in %s',
    (search) => expect(said(search)).toEqual([]),
  )

  test.each([
    ['range=odd', 'The range “odd” is not understood and was left aside.'],
    ['zone=Mars/Base', 'There is no time zone “Mars/Base”: you see the days of Europe/Paris.'],
    ['zone=-05:00', 'There is no time zone “-05:00”: you see the days of Europe/Paris.'],
    ['from=2026-01-01', 'A range that has only its first day was left aside.'],
    ['to=2026-01-01', 'A range that has only its last day was left aside.'],
  ])('is said: %s', (search, words) => expect(said(search)).toEqual([words]))
})

test('what is very long is cut, and no character of two halves in the middle', () => {
  expect(clipped('x'.repeat(40))).toBe('x'.repeat(40))
  expect(clipped('x'.repeat(41))).toBe(`${'x'.repeat(40)} …`)
  expect(clipped('🙂'.repeat(41))).toBe(`${'🙂'.repeat(40)} …`)
})
