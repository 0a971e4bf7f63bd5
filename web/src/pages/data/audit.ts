// The result of a job of kind audit (docs/openapi.json knows jobs, not their results).

export interface Audit {
  definition: string
  conversations: number
  sessions: number
  fields: AuditField[]
  /** Up to 1,000 of them. */
  differences: AuditDifference[]
  more: number
}

export interface AuditField {
  field: string
  agree: number
  compared: number
}

export interface AuditDifference {
  conversation_id: string
  bot_id: string
  session: number
  at: string | null
  field: string
  platform: string | null
  derived: string | null
}

const words: Record<string, string> = {
  boundaries: 'Where sessions begin and end',
  type: 'Engaged or not',
  outcome: 'Outcome',
  implied: 'Implied or confirmed',
  reason: 'Reason',
  turns: 'Number of turns',
  start: 'Start, to the second',
  end: 'End, to the second',
  topic: 'Topic',
  csat: 'CSAT',
}

export function fieldInWords(field: string): string {
  return words[field] ?? field
}

/** What one side says of a field. */
export function sideInWords(field: string, said: string | null): string {
  if (said === null) return 'no such session'
  if (field === 'implied') return said === 'true' ? 'implied' : 'not implied'
  return said
}
