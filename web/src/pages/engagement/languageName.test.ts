import { expect, it } from 'vitest'
import { languageName } from './languageName'

it.each([
  ['de-DE', 'German (Germany), de-DE'],
  ['ja', 'Japanese, ja'],
  ['', 'Unknown language'],
  ['not a locale', 'not a locale'],
  ['xx-unknown_1', 'xx-unknown_1'],
])('writes the locale %j as %j', (locale, name) => {
  expect(languageName(locale)).toBe(name)
})
