import { describe, expect, it } from 'vitest'
import type { Result, Value } from '../../api/types'
import { firstWordMeasures, firstWordText, sidesOf } from './firstWord'

type Counts = { user: [engaged: number, unengaged: number]; bot: [engaged: number, unengaged: number]; answered: number }

function resultOf({ user, bot, answered }: Counts): Result {
  const rate = (numerator: number, denominator: number): Value => ({
    value: denominator < 10 ? null : numerator / denominator,
    numerator,
    denominator,
  })
  const plain = (value: number): Value => ({ value, numerator: value })
  const users = user[0] + user[1]
  const bots = bot[0] + bot[1]
  const values: Record<string, Value> = {
    sessions: plain(users + bots),
    engaged_sessions: plain(user[0] + bot[0]),
    unengaged_sessions: plain(user[1] + bot[1]),
    engagement_rate: rate(user[0] + bot[0], users + bots),
    user_started_sessions: plain(users),
    user_started_engaged_sessions: plain(user[0]),
    user_started_unengaged_sessions: plain(user[1]),
    bot_started_sessions: plain(bots),
    bot_started_answered_rate: rate(answered, bots),
    engagement_rate_without_unanswered: rate(user[0] + bot[0], users + answered),
  }
  return {
    measures: firstWordMeasures,
    dimensions: [],
    rows: [],
    total: { keys: [], labels: [], values: firstWordMeasures.map((measure) => values[measure]!) },
    generation: 1,
    definition: 'platform',
    catalogue_version: 0,
    engine_revision: 1,
    zone: 'UTC',
  }
}

const plainSpaces = (text: string) => text.replaceAll('\u00a0', ' ')

describe('who spoke first', () => {
  it('splits all sessions in two, engaged and unengaged', () => {
    const [user, bot] = sidesOf(resultOf({ user: [300, 20], bot: [400, 280], answered: 500 }))
    expect(user).toMatchObject({ sessions: 320, share: 0.32, engaged: 300, unengaged: 20, measure: 'user_started_sessions' })
    expect(bot).toMatchObject({ sessions: 680, share: 0.68, engaged: 400, unengaged: 280, measure: 'bot_started_sessions' })
  })

  it('says what unanswered greetings do to the engagement rate', () => {
    const text = plainSpaces(firstWordText(resultOf({ user: [300, 20], bot: [400, 280], answered: 500 })))
    expect(text).toContain('The bot spoke first in 68.0 % of sessions.')
    expect(text).toContain('180 of them got no message from the user.')
    expect(text).toContain('would be 85.4 % instead of 70.0 %')
  })

  it('says so when users answered every greeting', () => {
    expect(firstWordText(resultOf({ user: [10, 0], bot: [10, 0], answered: 10 }))).toContain('users answered all of them')
  })

  it('says so when the bot never spoke first', () => {
    expect(firstWordText(resultOf({ user: [10, 5], bot: [0, 0], answered: 0 }))).toContain('in every session')
  })

  it('compares no rates where there are too few for one', () => {
    const text = firstWordText(resultOf({ user: [1, 0], bot: [1, 1], answered: 1 }))
    expect(text).toContain('One of them got no message')
    expect(text).not.toContain('instead of')
  })

  it('has nothing to say of no sessions', () => {
    const none = resultOf({ user: [0, 0], bot: [0, 0], answered: 0 })
    expect(firstWordText(none)).toBe('')
    expect(sidesOf(none)[0].share).toBeNull()
  })
})
