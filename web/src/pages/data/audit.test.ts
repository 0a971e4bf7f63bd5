import { expect, test } from 'vitest'
import { fieldInWords, sideInWords } from './audit'

test('sides are said in words, and a session that one side has not is said too', () => {
  expect(sideInWords('outcome', 'resolved')).toBe('resolved')
  expect(sideInWords('implied', 'true')).toBe('implied')
  expect(sideInWords('implied', 'false')).toBe('not implied')
  expect(sideInWords('boundaries', null)).toBe('no such session')
})

test('a field without words keeps its name', () => {
  expect(fieldInWords('outcome')).toBe('Outcome')
  expect(fieldInWords('mood')).toBe('mood')
})
