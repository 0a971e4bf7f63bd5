import styles from './Badge.module.css'
import { Icon, type IconName } from './Icon'

/** What a session came to, in one word. */
export type State = 'engaged' | 'unengaged' | 'confirmed' | 'implied' | 'escalated' | 'abandoned' | 'open' | 'none'

const looks: Record<State, { word: string; icon: IconName; tone: string }> = {
  engaged: { word: 'Engaged', icon: 'chat', tone: 'engaged' },
  unengaged: { word: 'Unengaged', icon: 'silent', tone: 'unengaged' },
  confirmed: { word: 'Resolved, confirmed', icon: 'confirmed', tone: 'confirmed' },
  implied: { word: 'Resolved, implied', icon: 'implied', tone: 'implied' },
  escalated: { word: 'Escalated', icon: 'escalated', tone: 'escalated' },
  abandoned: { word: 'Abandoned', icon: 'abandoned', tone: 'abandoned' },
  open: { word: 'Still open', icon: 'clock', tone: 'unengaged' },
  none: { word: 'No outcome', icon: 'same', tone: 'unengaged' },
}

interface Outcome {
  engagement: string
  outcome: string
  resolution: string | null
  open: boolean
}

/** The outcome of a session; for one that never engaged, that. */
export function stateOf(session: Outcome): State {
  if (session.open) return 'open'
  if (session.engagement !== 'engaged') return 'unengaged'
  switch (session.outcome) {
    case 'resolved':
      return session.resolution === 'implied' ? 'implied' : 'confirmed'
    case 'escalated':
    case 'abandoned':
      return session.outcome
    default:
      return 'none'
  }
}

export function stateWord(state: State): string {
  return looks[state].word
}

export function Badge({ state }: { state: State }) {
  const look = looks[state]
  return (
    <span className={`${styles.badge} ${styles[look.tone] ?? ''}`}>
      <Icon name={look.icon} size={13} />
      {look.word}
    </span>
  )
}
