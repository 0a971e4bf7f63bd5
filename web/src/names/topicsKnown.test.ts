import { expect, test } from 'vitest'
import type { Result } from '../api/types'
import { nameAndBeside, topicsKnown } from './topicsKnown'

function known(...rows: [topic: string, name: string, kind: string, bot: string, sessions: number][]) {
  const result = {
    measures: ['sessions'],
    dimensions: ['topic', 'topic_kind', 'bot'],
    rows: rows.map(([topic, name, kind, bot, value]) => ({ keys: [topic, kind, bot], labels: [name, kind, `Bot ${bot}`], values: [{ value }] })),
  }
  return Object.fromEntries(topicsKnown(result as unknown as Result))
}

test('topics of one name are told apart by their bots', () => {
  expect(known(['t', 'Greeting (t)', 'custom', 'a', 3], ['u', 'Greeting (u)', 'system', 'b', 2])).toEqual({
    t: { kind: 'custom', bot: 'Bot a' },
    u: { kind: 'system', bot: 'Bot b' },
  })
})

test('a bot does not tell its own two topics of one name apart', () => {
  expect(known(['t', 'Greeting (t)', 'custom', 'a', 3], ['u', 'Greeting (u)', 'custom', 'a', 2], ['v', 'Refund', 'custom', 'a', 1])).toEqual({
    t: { kind: 'custom' },
    u: { kind: 'custom' },
    v: { kind: 'custom', bot: 'Bot a' },
  })
})

test('a topic of several bots has none of them, and the kind of most sessions, whatever the order', () => {
  const rows: Parameters<typeof known> = [
    ['t', 'Greeting', 'custom', 'a', 3],
    ['t', 'Greeting', 'system', 'b', 5],
  ]
  expect(known(...rows)).toEqual({ t: { kind: 'system' } })
  expect(known(...rows.toReversed())).toEqual({ t: { kind: 'system' } })
})

test('without a topic there is no kind', () => {
  expect(known(['', 'no topic', '', 'a', 3])).toEqual({ '': { kind: '', bot: 'Bot a' } })
})

test('a bot that is not known tells nothing', () => {
  expect(known(['t', 'Greeting', 'custom', '', 3])).toEqual({ t: { kind: 'custom' } })
})

test('a name that several topics have stands beside its bot, else beside its id', () => {
  expect(nameAndBeside('t', 'Greeting (t)', new Map([['t', { kind: 'custom', bot: 'Bot a' }]]))).toEqual({ name: 'Greeting', beside: 'Bot a' })
  expect(nameAndBeside('t', 'Greeting (t)', new Map([['t', { kind: 'custom' }]]))).toEqual({ name: 'Greeting', beside: 't' })
  expect(nameAndBeside('t', 'Greeting (t)', undefined)).toEqual({ name: 'Greeting', beside: 't' })
  expect(nameAndBeside('t', 'Greeting', new Map([['t', { kind: 'custom', bot: 'Bot a' }]]))).toEqual({ name: 'Greeting' })
})
