// What tells topics apart beside their names: whose they are, and whether they are the author's or the platform's.

import type { Result } from '../api/types'
import { nameAndId } from './topics'

/** The author's topic, the platform's, or nothing where records do not say it. */
export type TopicKind = 'custom' | 'system' | ''

export interface TopicKnown {
  /** Where records disagree, that of most sessions. */
  kind: TopicKind
  /** The name of its bot, where that is enough to tell it from the others of its name. */
  bot?: string
}

export type TopicsKnown = Map<string, TopicKnown>

/** Reads an answer by topic, kind and bot. */
export function topicsKnown(result: Result): TopicsKnown {
  const known: TopicsKnown = new Map()
  const most = new Map<string, number>()
  const bots = new Map<string, Set<string>>()
  const namesakes = new Map<string, Set<string>>()
  const named = ({ keys, labels }: Result['rows'][number]) => JSON.stringify([nameAndId(keys[0] ?? '', labels[0] ?? '').name, labels[2]])
  for (const row of result.rows) {
    const [topic = '', kind = ''] = row.keys
    into(bots, topic, row.keys[2] ?? '')
    into(namesakes, named(row), topic)
    const sessions = row.values[result.measures.indexOf('sessions')]?.value ?? 0
    if (sessions <= (most.get(topic) ?? -1)) continue
    most.set(topic, sessions)
    known.set(topic, { kind: kind === 'custom' || kind === 'system' ? kind : '' })
  }
  for (const row of result.rows) {
    const topic = known.get(row.keys[0] ?? '')
    if (topic && row.keys[2] && bots.get(row.keys[0] ?? '')?.size === 1 && namesakes.get(named(row))?.size === 1) topic.bot = row.labels[2] ?? ''
  }
  return known
}

function into(sets: Map<string, Set<string>>, key: string, value: string) {
  const set = sets.get(key)
  if (set) set.add(value)
  else sets.set(key, new Set([value]))
}

/** What a topic is called, and what stands beside it where others are called the same: its bot, else its id. */
export function nameAndBeside(topic: string, label: string, known: TopicsKnown | undefined): { name: string; beside?: string } {
  const { name, id } = nameAndId(topic, label)
  return { name, ...(id !== undefined && { beside: known?.get(topic)?.bot ?? id }) }
}
