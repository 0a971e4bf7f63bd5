import { expect, it } from 'vitest'

import { orderOf } from './table'

it.each([
  ['-users', '-users'],
  ['name', 'name'],
  ['nonsense', '-sessions'],
  ['-', '-sessions'],
  ['', '-sessions'],
  ['__proto__', '-sessions'],
])('an order from the address is kept where there is a column for it: %s', (asked, order) => {
  expect(orderOf(['name', 'users'], asked, '-sessions')).toBe(order)
})
