import { looks, other, type Look } from './palette'

/** The ways in which an engaged session ends, in the order in which they are drawn everywhere. */
export type Ending = {
  measure: 'confirmed_sessions' | 'implied_sessions' | 'escalated_sessions' | 'abandoned_sessions'
  rate: 'confirmed_rate' | 'implied_rate' | 'escalation_rate' | 'abandon_rate'
  label: string
  look: Look
}

export const endings: readonly Ending[] = [
  { measure: 'confirmed_sessions', rate: 'confirmed_rate', label: 'Resolved, confirmed', look: looks.confirmed },
  { measure: 'implied_sessions', rate: 'implied_rate', label: 'Resolved, implied', look: looks.implied },
  { measure: 'escalated_sessions', rate: 'escalation_rate', label: 'Escalated', look: looks.escalated },
  { measure: 'abandoned_sessions', rate: 'abandon_rate', label: 'Abandoned', look: looks.abandoned },
]

/** What a platform gave no outcome: mostly there is none of it. */
export const withoutOutcome = { measure: 'engaged_without_outcome', label: 'No outcome', look: other } as const
