// One row a topic, put together from what the page asked: the counts and rates of every topic, what each does to the rates of all
// (drivers), and whether it is a custom or a system topic.

import { changeOf, valueOf } from '../../api/hooks'
import type { Change, Driver, DriverResult, Result, Value } from '../../api/types'
import { endings, type Ending } from '../../charts/endings'
import { topicName } from '../../names/topics'
import type { TopicKind, TopicsKnown } from '../../names/topicsKnown'

/** The rates and the mean that a topic is held against the others by, in the order of the columns. */
export const held = ['resolution_rate', 'escalation_rate', 'abandon_rate', 'csat_score'] as const
export type Held = (typeof held)[number]

const ends = endings.map(({ measure }) => measure)

export const topicMeasures = ['sessions', 'engaged_sessions', ...ends, 'engagement_rate', ...held]

export type TopicRow = {
  id: string
  name: string
  kind: TopicKind
  sessions: number
  /** Its part of all sessions of the answer. */
  share: number | null
  change: Change | undefined
  engaged: number
  endings: Record<Ending['measure'], number>
  engagement: Value
  values: Record<Held, Value>
  drivers: Partial<Record<Held, Driver>>
}

export type Drivers = Partial<Record<Held, DriverResult>>

/** How the sessions of each topic changed. */
export function changesOf(result: Result): Map<string, Change | undefined> {
  return new Map(result.rows.map((row) => [row.keys[0] ?? '', changeOf(result, row, 'sessions')]))
}

interface Beside {
  known: TopicsKnown
  changes: Map<string, Change | undefined>
  drivers: Drivers
}

export function topicRows(result: Result, { known, changes, drivers }: Beside): TopicRow[] {
  const total = valueOf(result, result.total, 'sessions').value ?? 0
  const impacts = held.map((measure) => [measure, byKey(drivers[measure])] as const)
  return result.rows.map((row) => {
    const id = row.keys[0] ?? ''
    const number = (measure: string) => valueOf(result, row, measure).value ?? 0
    const sessions = number('sessions')
    return {
      id,
      name: topicName(id, row.labels[0] ?? ''),
      kind: known.get(id)?.kind ?? '',
      sessions,
      share: total === 0 ? null : sessions / total,
      change: changes.get(id),
      engaged: number('engaged_sessions'),
      endings: Object.fromEntries(ends.map((measure) => [measure, number(measure)])) as Record<Ending['measure'], number>,
      engagement: valueOf(result, row, 'engagement_rate'),
      values: Object.fromEntries(held.map((measure) => [measure, valueOf(result, row, measure)])) as Record<Held, Value>,
      drivers: Object.fromEntries(impacts.flatMap(([measure, of]) => (of.has(id) ? [[measure, of.get(id)]] : []))),
    }
  })
}

function byKey(result: DriverResult | undefined): Map<string, Driver> {
  return new Map((result?.drivers ?? []).map((driver) => [driver.key, driver]))
}

/** The rows that the reader asked to see. Case and accents do not matter, and every word has to occur. */
export function narrowed(rows: TopicRow[], words: string, kind: string): TopicRow[] {
  const wanted = fold(words)
    .split(/\s+/)
    .filter((word) => word !== '')
  return rows.filter((row) => {
    if (kind !== 'all' && (row.kind === '' ? 'none' : row.kind) !== kind) return false
    const text = fold(`${row.name} ${row.id}`)
    return wanted.every((word) => text.includes(word))
  })
}

function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
}
