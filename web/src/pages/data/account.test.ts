import { expect, test } from 'vitest'
import { missingOf, nameOf, partsOf, readAgain, sumOf } from './account'

const a = { read: 10, accepted: 6, duplicate: 2, superseded: 1, quarantined: 1 }
const b = { read: 5, accepted: 5, duplicate: 0, superseded: 0, quarantined: 0 }

test('imports add up, part by part', () => {
  expect(sumOf([a, b])).toEqual({ read: 15, accepted: 11, duplicate: 2, superseded: 1, quarantined: 1 })
  expect(sumOf([])).toEqual({ read: 0, accepted: 0, duplicate: 0, superseded: 0, quarantined: 0 })
  expect(partsOf(a).map((p) => p.value)).toEqual([6, 2, 1, 1])
})

test('a record that is nowhere is noticed', () => {
  expect(missingOf(a)).toBe(0)
  expect(missingOf({ ...a, read: 12 })).toBe(2)
})

test('an import is called by its file', () => {
  expect(nameOf({ id: 3, paths: ['/home/me/april.zip'], sample: false })).toBe('april.zip')
  expect(nameOf({ id: 3, paths: ['C:\\data\\april.zip', 'may.zip', 'june.zip'], sample: false })).toBe('april.zip and 2 more')
  expect(nameOf({ id: 3, paths: ['folder/'], sample: false })).toBe('folder')
  expect(nameOf({ id: 3, paths: [], sample: false })).toBe('Import 3')
  expect(nameOf({ id: 1, paths: ['/tmp/x'], sample: true })).toBe('Sample data')
})

test('what an import changed', () => {
  expect([0, 1, 2000].map(readAgain)).toEqual([
    'No conversation changed.',
    '1 conversation was read again because of it.',
    '2,000 conversations were read again because of it.',
  ])
})
