// Who spoke first, and what that does to the numbers: a bot that greets makes a session of every visitor, whether anybody reads it or not.

import { valueOf } from '../../api/hooks'
import type { Filter, Result, Value } from '../../api/types'
import { count, percent } from '../../format'

export const firstWordMeasures = [
  'sessions',
  'engaged_sessions',
  'unengaged_sessions',
  'engagement_rate',
  'user_started_sessions',
  'user_started_engaged_sessions',
  'user_started_unengaged_sessions',
  'bot_started_sessions',
  'bot_started_answered_rate',
  'engagement_rate_without_unanswered',
]

export type Side = {
  key: 'user' | 'bot'
  title: string
  /** The measure that counts its sessions. */
  measure: string
  sessions: number
  share: number | null
  engaged: number
  unengaged: number
}

export function sidesOf(result: Result): [Side, Side] {
  const number = (measure: string) => valueOf(result, result.total, measure).value ?? 0
  const all = number('sessions')
  const side = (key: Side['key'], title: string, sessions: number, engaged: number, unengaged: number): Side => ({
    key,
    title,
    measure: `${key}_started_sessions`,
    sessions,
    share: all === 0 ? null : sessions / all,
    engaged,
    unengaged,
  })
  const engaged = number('user_started_engaged_sessions')
  const unengaged = number('user_started_unengaged_sessions')
  return [
    side('user', 'The user spoke first', number('user_started_sessions'), engaged, unengaged),
    side(
      'bot',
      'The bot spoke first',
      number('bot_started_sessions'),
      number('engaged_sessions') - engaged,
      number('unengaged_sessions') - unengaged,
    ),
  ]
}

export const engagedOnly: Filter = { dimension: 'engagement', values: ['engaged'] }
export const unengagedOnly: Filter = { dimension: 'engagement', values: ['unengaged'] }

/** What it means for this data, in a few sentences. */
export function firstWordText(result: Result): string {
  const [user, bot] = sidesOf(result)
  if (user.sessions + bot.sessions === 0) return ''
  if (bot.sessions === 0) return 'The user spoke first in every session, so no session was opened by a greeting that nobody read.'
  const answers = valueOf(result, result.total, 'bot_started_answered_rate')
  const unanswered = (answers.denominator ?? 0) - (answers.numerator ?? 0)
  const opening = `The bot spoke first in ${percent(bot.share)} of sessions. Each visitor who is greeted makes a session, also those who never look at the chat.`
  if (unanswered === 0) return `${opening} Here, users answered all of them, so the engagement rate is not pulled down.`
  const unansweredWords =
    unanswered === 1
      ? 'One of them got no message from the user. It counts as a session and, as a rule, as unengaged.'
      : `${count(unanswered)} of them got no message from the user. They count as sessions and, as a rule, as unengaged.`
  const without = valueOf(result, result.total, 'engagement_rate_without_unanswered')
  return `${opening} ${unansweredWords}${compared(valueOf(result, result.total, 'engagement_rate'), without)}`
}

function compared(rate: Value, without: Value): string {
  if (rate.value === null || without.value === null) return ''
  return ` Without them the engagement rate would be ${percent(without.value)} instead of ${percent(rate.value)}.`
}
