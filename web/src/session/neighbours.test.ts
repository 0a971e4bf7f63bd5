import { expect, test } from 'vitest'
import { neighbourhood, type NeighbourList } from './neighbours'

const of = (names: string): NeighbourList['sessions'] => [...names].map((name) => ({ conversation: name, session: 1, bot: 'b' }))

test('a session stands between those of the list that holds it', () => {
  const at = neighbourhood([{ sessions: of('xyz') }, { sessions: of('abc'), count: 40 }], { conversation: 'b', number: 1 })
  expect([at.previous?.conversation, at.next?.conversation, at.position, at.count]).toEqual(['a', 'c', 2, 40])
})

test('the ends have one neighbour, and what no list holds has none', () => {
  const lists = [{ sessions: of('ab') }]
  expect(neighbourhood(lists, { conversation: 'a', number: 1 }).previous).toBeUndefined()
  expect(neighbourhood(lists, { conversation: 'b', number: 1 }).next).toBeUndefined()
  expect(neighbourhood(lists, { conversation: 'c', number: 1 })).toEqual({ position: 0, count: 0 })
  expect(neighbourhood(lists, { conversation: 'a', number: 2 }).position).toBe(0)
  expect(neighbourhood(lists, { conversation: 'a', number: 1, bot: 'other' }).position).toBe(0)
})

test('near the end of what is loaded the next page is wanted', () => {
  const more = () => undefined
  const lists = [{ sessions: of('abcdefgh'), count: 90, more }]
  expect(neighbourhood(lists, { conversation: 'a', number: 1 }).more).toBeUndefined()
  expect(neighbourhood(lists, { conversation: 'g', number: 1 }).more).toBe(more)
})
