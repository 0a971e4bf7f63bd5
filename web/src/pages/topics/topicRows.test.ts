import { describe, expect, it } from 'vitest'
import type { Driver, DriverResult, Result, Row } from '../../api/types'
import { changesOf, narrowed, topicMeasures, topicRows, type TopicRow } from './topicRows'

const head = { generation: 1, definition: 'platform@1', catalogue_version: 0, engine_revision: 1, zone: 'UTC' }

function row(keys: string[], labels: string[], values: number[], change?: number): Row {
  return { keys, labels, values: values.map((value) => ({ value })), ...(change !== undefined && { changes: [{ relative: change }] }) } as Row
}

function result(measures: string[], dimensions: string[], rows: Row[], total: number[]): Result {
  return { ...head, measures, dimensions, rows, total: row([], [], total) } as Result
}

/** Sessions, engaged, confirmed, implied, escalated, abandoned, then rates. */
const numbers = (sessions: number) => topicMeasures.map((_, at) => (at === 0 ? sessions : at))

const answer = result(
  topicMeasures,
  ['topic'],
  [row(['a'], ['Apples'], numbers(30)), row([''], [''], numbers(10)), row(['b'], [''], numbers(0))],
  numbers(40),
)
const driver = { key: 'a', impact: 0.1 } as Driver
const beside = {
  known: new Map([['a', { kind: 'custom' as const }]]),
  changes: new Map([['a', { relative: 0.5 }]]),
  drivers: { abandon_rate: { drivers: [driver] } as DriverResult },
}

describe('topicRows', () => {
  const rows = topicRows(answer, beside)

  it('gives each topic its share of all sessions', () => {
    expect(rows.map((one) => one.share)).toEqual([0.75, 0.25, 0])
  })

  it('names what has no name', () => {
    expect(rows.map((one) => one.name)).toEqual(['Apples', 'No topic', 'b'])
  })

  it('puts kinds, changes and drivers beside, where there are any', () => {
    expect(rows[0]).toMatchObject({ kind: 'custom', change: { relative: 0.5 }, drivers: { abandon_rate: driver } })
    expect(rows[1]).toMatchObject({ kind: '', change: undefined, drivers: {} })
  })

  it('has no share of nothing', () => {
    expect(topicRows(result(topicMeasures, ['topic'], [row(['a'], ['A'], numbers(0))], numbers(0)), beside)[0]?.share).toBeNull()
  })
})

describe('changesOf', () => {
  it('has the change of each topic, and none without a comparison', () => {
    const changes = changesOf(result(['sessions'], ['topic'], [row(['a'], [], [3], 0.25), row(['b'], [], [5])], [8]))
    expect([changes.get('a'), changes.get('b')]).toEqual([{ relative: 0.25 }, undefined])
  })
})

describe('narrowed', () => {
  const rows = [
    { id: 'x.topic.Refund', name: 'Refund cost', kind: 'custom' },
    { id: 'y', name: 'Café menu', kind: 'custom' },
    { id: 'z', name: 'Fallback', kind: 'system' },
    { id: '', name: 'No topic', kind: '' },
  ] as TopicRow[]
  const ids = (words: string, kind = 'all') => narrowed(rows, words, kind).map((one) => one.id)

  it.each([
    ['', ['x.topic.Refund', 'y', 'z', '']],
    ['REFUND', ['x.topic.Refund']],
    ['cost refund', ['x.topic.Refund']],
    ['cafe', ['y']],
    ['x.topic', ['x.topic.Refund']],
    ['nothing', []],
  ])('finds %j', (words, found) => {
    expect(ids(words)).toEqual(found)
  })

  it('keeps a kind alone', () => {
    expect(ids('', 'custom')).toEqual(['x.topic.Refund', 'y'])
    expect(ids('', 'system')).toEqual(['z'])
  })
})
