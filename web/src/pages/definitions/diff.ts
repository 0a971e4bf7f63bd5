// The result of a comparison of two definitions. The API's document leaves results of jobs open, so the shape is said, and looked
// at, here (docs/cli-json.md: definitions diff).

import type { Session } from '../../api/types'

export type Share = { numerator: number; denominator: number; rate: number | null }

export type Side = {
  definition: string
  sessions: number
  engaged: number
  resolved: number
  resolved_confirmed: number
  resolved_implied: number
  escalated: number
  abandoned: number
  billed_sessions: number
  rates: Record<'engagement' | 'resolution' | 'escalation' | 'abandon', Share>
}

export type Difference = {
  conversation_id: string
  bot_id: string
  fields: string[]
  a: Session | null
  b: Session | null
}

export type Diff = {
  comparison: {
    a: Side
    b: Side
    conversations: number
    differing_conversations: number
    differing_sessions: number
    fields: Record<string, number>
  }
  sessions: Difference[]
  more: number
}

export function diffOf(result: unknown): Diff | undefined {
  if (typeof result !== 'object' || result === null) return undefined
  return 'comparison' in result && 'sessions' in result && 'more' in result ? (result as Diff) : undefined
}

/** One line of the two sides beside each other. */
export type Line = { id: string; label: string; kind: 'count' | 'rate'; a: number | null; b: number | null; change: number | null }

const counts = [
  ['sessions', 'Sessions'],
  ['engaged', 'Engaged'],
  ['resolved', 'Resolved'],
  ['resolved_confirmed', 'Resolved, confirmed'],
  ['resolved_implied', 'Resolved, implied'],
  ['escalated', 'Escalated'],
  ['abandoned', 'Abandoned'],
  ['billed_sessions', 'Billed sessions'],
] as const

const rates = [
  ['engagement', 'Engagement rate'],
  ['resolution', 'Resolution rate'],
  ['escalation', 'Escalation rate'],
  ['abandon', 'Abandon rate'],
] as const

/** Rates first: they are what people quote. */
export function linesOf({ comparison: { a, b } }: Diff): Line[] {
  return [
    ...rates.map(([id, label]) => line(`${id}_rate`, label, 'rate', a.rates[id].rate, b.rates[id].rate)),
    ...counts.map(([id, label]) => line(id, label, 'count', a[id], b[id])),
  ]
}

function line(id: string, label: string, kind: Line['kind'], a: number | null, b: number | null): Line {
  return { id, label, kind, a, b, change: a === null || b === null ? null : b - a }
}

const times = ['start', 'end']

/** What differs beside the times, where something does. */
export function telltale(fields: string[]): string[] {
  const beside = fields.filter((field) => !times.includes(field))
  return beside.length > 0 ? beside : fields
}

/** Those that say the most first: what differs in more than its times, or stands alone. The order is kept otherwise. */
export function telling(differences: Difference[]): Difference[] {
  const says = ({ fields }: Difference) => fields.length === 0 || fields.some((field) => !times.includes(field))
  return [...differences.filter(says), ...differences.filter((one) => !says(one))]
}
