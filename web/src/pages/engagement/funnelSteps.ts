// From a session to a resolved one: what each step counts, how many were lost on the way to it, and what opens exactly those.

import { valueOf } from '../../api/hooks'
import type { Filter, Result } from '../../api/types'

/** Asked by user_reply, so that those who engaged without a message are known apart. */
export const funnelAsk = {
  measures: [
    'sessions',
    'user_replied_sessions',
    'engaged_sessions',
    'engaged_finished_sessions',
    'resolved_sessions',
    'escalated_sessions',
    'abandoned_sessions',
    'engaged_without_outcome',
  ],
  dimensions: ['user_reply'],
}

export type Counted = { measure: string; filters?: Filter[] }

/** Some of the sessions, in words that follow their number. */
export type Part = { sessions: number; words: string; counted: Counted }

export type FunnelStep = {
  key: 'sessions' | 'replied' | 'engaged' | 'resolved'
  label: string
  meaning: string
  sessions: number
  /** Those of the step before. */
  before: number
  /** Its part of all sessions, and of the step before; null where there is nothing that it could be a part of. */
  ofAll: number | null
  ofBefore: number | null
  counted: Counted
  /** Those who did not get here from the step before. */
  lost: Part[]
  /** Those who got here past the step before. */
  besides: Part[]
}

export const silent: Filter = { dimension: 'user_reply', values: ['none'] }
const replied: Filter = { dimension: 'user_reply', values: ['replied'] }
const open: Filter = { dimension: 'outcome', values: ['unfinished'] }

export function funnelSteps(result: Result): FunnelStep[] {
  const number = (measure: string, row = result.total) => valueOf(result, row, measure).value ?? 0
  const withReply = result.rows.find((row) => row.keys[0] === 'replied')
  const sessions = number('sessions')
  const answered = number('user_replied_sessions')
  const engaged = number('engaged_sessions')
  const engagedInWriting = withReply ? number('engaged_sessions', withReply) : 0
  const resolved = number('resolved_sessions')
  const of = (part: number, whole: number) => (whole === 0 ? null : part / whole)
  const all = (measure: string, words: string): Part => ({ sessions: number(measure), words, counted: { measure } })

  return [
    {
      key: 'sessions',
      label: 'Sessions',
      meaning: 'Every session that started, also those in which only the bot spoke.',
      sessions,
      ofAll: of(sessions, sessions),
      before: sessions,
      ofBefore: null,
      counted: { measure: 'sessions' },
      lost: [],
      besides: [],
    },
    {
      key: 'replied',
      label: 'The user wrote',
      meaning: 'At least one message came from the user.',
      sessions: answered,
      ofAll: of(answered, sessions),
      before: sessions,
      ofBefore: of(answered, sessions),
      counted: { measure: 'user_replied_sessions' },
      lost: some([{ sessions: sessions - answered, words: 'have no message from the user', counted: { measure: 'sessions', filters: [silent] } }]),
      besides: [],
    },
    {
      key: 'engaged',
      label: 'Engaged',
      meaning: 'The session reached what the definition counts as engaging, such as a topic of your own.',
      sessions: engaged,
      ofAll: of(engaged, sessions),
      before: answered,
      ofBefore: of(engaged, answered),
      counted: { measure: 'engaged_sessions' },
      lost: some([
        {
          sessions: answered - engagedInWriting,
          words: 'have messages from the user, but reached nothing that engages',
          counted: { measure: 'unengaged_sessions', filters: [replied] },
        },
      ]),
      besides: some([
        {
          sessions: engaged - engagedInWriting,
          words: 'engaged without a message, for example by a button',
          counted: { measure: 'engaged_sessions', filters: [silent] },
        },
      ]),
    },
    {
      key: 'resolved',
      label: 'Resolved',
      meaning: 'The user said that it helped, or came to the end of a topic and left it at that.',
      sessions: resolved,
      ofAll: of(resolved, sessions),
      before: engaged,
      ofBefore: of(resolved, engaged),
      counted: { measure: 'resolved_sessions' },
      lost: some([
        all('abandoned_sessions', 'were abandoned'),
        all('escalated_sessions', 'were handed to a person'),
        all('engaged_without_outcome', 'ended without an outcome'),
        {
          sessions: engaged - number('engaged_finished_sessions'),
          words: 'are still open',
          counted: { measure: 'engaged_sessions', filters: [open] },
        },
      ]),
      besides: [],
    },
  ]
}

function some(parts: Part[]): Part[] {
  return parts.filter((part) => part.sessions > 0)
}
