import { expect, test } from 'vitest'
import { activity, evidence, minute } from './samples'
import { lineOf, linesOf, stretches } from './transcript'

const trace = (place: number, name = 'VariableAssignment') =>
  activity({ type: 'trace', name, text: '', note: 'a note', side: 'bot', at: minute(place) })

const kinds = (lines: ReturnType<typeof linesOf>) => lines.map((l) => l.kind)

test('system events between messages fold into one line each', () => {
  const all = [activity({ at: minute(0) }), trace(0), trace(0), activity({ side: 'bot', at: minute(1) }), trace(1)]
  const lines = linesOf(all, new Set(), false)
  expect(kinds(lines)).toEqual(['message', 'system', 'message', 'system'])
  expect(lines[1]).toMatchObject({ places: [1, 2], open: false })
  expect(linesOf(all, new Set([2]), false)[1]).toMatchObject({ open: true })
  expect(linesOf(all, new Set(), true).filter((l) => l.kind === 'system' && l.open)).toHaveLength(2)
})

test('what tells how it went is not folded', () => {
  const lines = linesOf([activity(), trace(0, 'HandOff'), trace(0)], new Set(), false)
  expect(kinds(lines)).toEqual(['message', 'note', 'system'])
})

test('a silence of five minutes between messages is drawn, whatever traces stand in it', () => {
  const lines = linesOf([activity({ at: minute(0) }), trace(10), activity({ at: minute(14) }), activity({ at: minute(18) })], new Set(), false)
  expect(kinds(lines)).toEqual(['message', 'system', 'gap', 'message', 'message'])
  expect(lines.find((l) => l.kind === 'gap')).toMatchObject({ ms: 14 * 60_000 })
})

test('sessions are parted where there are several, with the silence before the line that parts them', () => {
  const all = [
    activity({ at: minute(0) }),
    { ...trace(50), session: 2 },
    activity({ at: minute(51), session: 2 }),
    activity({ at: minute(52), session: 2 }),
  ]
  const lines = linesOf(all, new Set(), false)
  expect(kinds(lines)).toEqual(['session', 'message', 'gap', 'session', 'system', 'message', 'message'])
})

test('without times there is no silence', () => {
  expect(kinds(linesOf([activity(), activity()], new Set(), false))).toEqual(['message', 'message'])
})

test('a topic is named where it is entered, once while it lasts, again in the next session', () => {
  const enters = (name: string, session = 1) => ({ ...trace(0), session, evidence: [evidence('topic.entered', name)] })
  const all = [activity(), enters('A'), enters('A'), activity(), enters('B'), activity({ session: 2 }), enters('B', 2)]
  const lines = linesOf(all, new Set(), false)
  expect(lines.flatMap((l) => (l.kind === 'topic' ? [l.name] : []))).toEqual(['A', 'B', 'B'])
  expect(stretches(lines, all).map((s) => `${s.session}${s.topic}`)).toEqual(['1', '1', '1A', '1A', '1A', '1B', '1B', '2', '2', '2B', '2B'])
})

test('an activity is found in the line that shows it', () => {
  const all = [activity(), trace(0), trace(0), activity()]
  const lines = linesOf(all, new Set(), false)
  expect([0, 1, 2, 3].map((place) => lineOf(lines, place))).toEqual([0, 1, 1, 2])
  expect(lineOf(lines, 9)).toBe(-1)
})

test('an activity outside every session stays where it happened', () => {
  const lines = linesOf([{ ...trace(0), session: null }, activity()], new Set(), false)
  expect(kinds(lines)).toEqual(['system', 'message'])
})
