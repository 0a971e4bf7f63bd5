import { describe, expect, it } from 'vitest'
import { type Diff, type Difference, diffOf, linesOf, type Side, telling, telltale } from './diff'

const side = (change: Partial<Side> = {}): Side => ({
  definition: 'a@1',
  sessions: 10,
  engaged: 5,
  resolved: 2,
  resolved_confirmed: 1,
  resolved_implied: 1,
  escalated: 1,
  abandoned: 2,
  billed_sessions: 4,
  rates: {
    engagement: { numerator: 5, denominator: 10, rate: 0.5 },
    resolution: { numerator: 2, denominator: 5, rate: 0.4 },
    escalation: { numerator: 1, denominator: 5, rate: 0.2 },
    abandon: { numerator: 2, denominator: 5, rate: 0.4 },
  },
  ...change,
})

const diff = (a: Side, b: Side): Diff => ({
  comparison: { a, b, conversations: 9, differing_conversations: 1, differing_sessions: 1, fields: { engaged: 1 } },
  sessions: [],
  more: 0,
})

describe('linesOf', () => {
  it('gives the change from the first to the second', () => {
    const lines = linesOf(diff(side(), side({ engaged: 8 })))
    expect(lines.find((line) => line.id === 'engaged')).toMatchObject({ a: 5, b: 8, change: 3 })
    expect(lines.find((line) => line.id === 'sessions')).toMatchObject({ change: 0 })
  })

  it('has no change where there is no rate', () => {
    const none = side({ engaged: 0 })
    none.rates.resolution = { numerator: 0, denominator: 0, rate: null }
    expect(linesOf(diff(side(), none)).find((line) => line.id === 'resolution_rate')).toMatchObject({ a: 0.4, b: null, change: null })
  })
})

describe('diffOf', () => {
  it('takes only what is a comparison', () => {
    const whole = diff(side(), side())
    expect(diffOf(whole)).toBe(whole)
    for (const other of [null, undefined, 'done', {}, { name: 'platform', version: '1' }]) expect(diffOf(other)).toBeUndefined()
  })
})

describe('telling', () => {
  const one = (conversation_id: string, ...fields: string[]): Difference => ({ conversation_id, bot_id: 'b', fields, a: null, b: null })

  it('puts what differs in its times alone last, and keeps the order otherwise', () => {
    const all = [one('1', 'start'), one('2', 'start', 'outcome'), one('3'), one('4', 'end', 'start'), one('5', 'topic')]
    expect(telling(all).map((difference) => difference.conversation_id)).toEqual(['2', '3', '5', '1', '4'])
  })

  it('names the times only where nothing else differs', () => {
    expect(telltale(['start', 'end', 'outcome'])).toEqual(['outcome'])
    expect(telltale(['start', 'end'])).toEqual(['start', 'end'])
  })
})
