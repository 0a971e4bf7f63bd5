import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allFilters, parseView, writeView, type View } from './view'
import { presets } from './ranges'

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
const name = fc.stringMatching(/^[a-z_]{1,10}$/).filter((dimension) => dimension !== 'bot')
const values = fc.uniqueArray(fc.string({ unit: 'grapheme', maxLength: 12 }), { minLength: 1, maxLength: 4 })
const filters = fc
  .uniqueArray(fc.tuple(name, fc.boolean()), { maxLength: 4, selector: ([dimension, exclude]) => `${exclude}${dimension}` })
  .chain((kinds) =>
    fc.tuple(
      ...kinds.map(([dimension, exclude]) => values.map((some) => (exclude ? { dimension, values: some, exclude } : { dimension, values: some }))),
    ),
  )
const day = fc.date({ min: new Date('2000-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10))
const view: fc.Arbitrary<View> = fc.record({
  range: fc.oneof(fc.constantFrom(...presets.map((preset) => preset.name)), fc.record({ from: day, to: day })),
  compare: fc.constantFrom('previous', 'year', 'off'),
  matchWeekday: fc.boolean(),
  zone: fc.constantFrom('UTC', 'Europe/Paris', 'America/Argentina/Buenos_Aires'),
  bots: fc.uniqueArray(text, { maxLength: 3 }),
  filters,
  definition: fc.option(text, { nil: undefined }),
  grain: fc.constantFrom(undefined, 'hour', 'day', 'week', 'month'),
  open: fc.option(fc.record({ conversation: text, number: fc.nat({ max: 999 }), bot: text }, { requiredKeys: ['conversation'] }), { nil: undefined }),
})

describe('the address', () => {
  test('holds the whole view', () => {
    fc.assert(
      fc.property(view, (one) => {
        const address = writeView(one).toString()
        expect(parseView(new URLSearchParams(address))).toEqual(one)
      }),
    )
  })

  test('leaves out what is usual', () => {
    expect(writeView(parseView(new URLSearchParams('zone=UTC'))).toString()).toBe('zone=UTC')
  })

  test('of ids that hold the mark of the number', () => {
    for (const conversation of ['a~b', 'a~12', '~', 'a~']) {
      for (const number of [undefined, 3]) {
        const open = number === undefined ? { conversation } : { conversation, number }
        const one = { ...parseView(new URLSearchParams('zone=UTC')), open }
        expect(parseView(writeView(one)).open).toEqual(open)
      }
    }
  })

  test('reads what people write by hand', () => {
    const read = parseView(
      new URLSearchParams(
        'range=nonsense&zone=Mars/Base&grain=second&compare=maybe&f=channel:webchat&f=channel:teams&f=!locale:en-US&f=bot:b1&bot=b2&f=odd',
      ),
      'Asia/Tokyo',
    )
    expect(read.range).toBe('28d')
    expect(read.zone).toBe('Asia/Tokyo')
    expect(read.grain).toBeUndefined()
    expect(read.compare).toBe('previous')
    expect(read.bots).toEqual(['b2', 'b1'])
    expect(read.filters).toEqual([
      { dimension: 'channel', values: ['webchat', 'teams'] },
      { dimension: 'locale', values: ['en-US'], exclude: true },
    ])
  })

  test('of bots is a filter like any other', () => {
    expect(allFilters(parseView(new URLSearchParams('bot=b1&f=channel:webchat')))).toEqual([
      { dimension: 'bot', values: ['b1'] },
      { dimension: 'channel', values: ['webchat'] },
    ])
  })
})
