import { expect, test } from 'vitest'
import type { Result } from '../../api/types'
import { daysOf, heavyUsers, testChannels } from './testTraffic'

function result(rows: [string, number][]): Result {
  return {
    measures: ['conversations'],
    dimensions: ['user'],
    generation: 1,
    definition: 'd',
    catalogue_version: 0,
    engine_revision: 1,
    zone: 'UTC',
    total: { keys: [], labels: [], values: [] },
    rows: rows.map(([key, value]) => ({ keys: [key], labels: [key], values: [{ value }] })),
  }
}

const names = (rows: { keys: string[] }[]) => rows.map((row) => row.keys[0])

test('users with more conversations than days stand out, and the unknown one does not', () => {
  const users = result([
    ['', 900],
    ['a', 40],
    ['b', 29],
    ['c', 28],
  ])
  expect(names(heavyUsers(users, 28))).toEqual(['a', 'b'])
})

test('in a short period it still takes a score', () => {
  expect(
    names(
      heavyUsers(
        result([
          ['a', 21],
          ['b', 20],
        ]),
        1,
      ),
    ),
  ).toEqual(['a'])
})

test('channels for testing are known by name', () => {
  expect(
    names(
      testChannels(
        result([
          ['webchat', 5],
          ['Emulator', 2],
          ['msteams', 1],
        ]),
      ),
    ),
  ).toEqual(['Emulator'])
})

test('days of a period', () => {
  expect(daysOf({ from: '2026-06-05T00:00:00Z', to: '2026-07-03T00:00:00Z' })).toBe(28)
  expect(daysOf(undefined)).toBe(90)
})
