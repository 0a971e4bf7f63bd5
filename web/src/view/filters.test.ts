import { describe, expect, test } from 'vitest'
import { narrowed, parseFilters, widened, without, writeFilters } from './filters'

const web = { dimension: 'channel', values: ['webchat'] }

describe('filters', () => {
  test('are written as the API takes them', () => {
    const written = ['channel:webchat', 'channel:a:b', '!locale:en-US', 'csat:']
    expect(writeFilters(parseFilters(written))).toEqual(written)
  })

  test('of one dimension mean any of their values', () => {
    expect(widened([web], { dimension: 'channel', values: ['teams', 'webchat'] })).toEqual([{ dimension: 'channel', values: ['webchat', 'teams'] }])
  })

  test('of one dimension that are asked for beside each other mean what both let through', () => {
    const both = [{ dimension: 'channel', values: ['webchat', 'teams'] }]
    expect(narrowed(both, [{ dimension: 'channel', values: ['teams', 'sms'] }])).toEqual([{ dimension: 'channel', values: ['teams'] }])
  })

  test('that share nothing let nothing through', () => {
    expect(narrowed([web], [{ dimension: 'channel', values: ['teams'] }])).toEqual([web, { ...web, exclude: true }])
  })

  test('keep what is left out apart from what is asked for', () => {
    const out = { dimension: 'channel', values: ['sms'], exclude: true }
    expect(narrowed([web], [out])).toEqual([web, out])
    expect(without([web, out], 'channel', undefined, true)).toEqual([web])
    expect(without([web, out], 'channel')).toEqual([])
  })

  test('change nothing that they were given', () => {
    const given = [{ dimension: 'channel', values: ['webchat'] }]
    widened(given, { dimension: 'channel', values: ['teams'] })
    narrowed(given, [{ dimension: 'channel', values: ['teams'] }])
    expect(given).toEqual([web])
  })
})
