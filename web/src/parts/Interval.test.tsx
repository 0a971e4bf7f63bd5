import { render } from '@testing-library/react'
import { expect, it } from 'vitest'

import { Interval } from './Interval'

const words = (element: React.ReactElement) => render(element).container.textContent?.replaceAll('\u00a0', ' ')

it('says how far off a figure may be, never less', () => {
  expect(words(<Interval value={{ value: 0.5, low: 0.45, high: 0.55 }} />)).toBe('± 5.0 pt')
  // None of 20: the interval lies above it as a whole.
  expect(words(<Interval value={{ value: 0, low: 0, high: 0.161 }} />)).toBe('± 16.1 pt')
  expect(words(<Interval value={{ value: 4.2, low: 4.1, high: 4.3 }} unit="score" />)).toBe('± 0.10')
})

it('says nothing without an interval', () => {
  expect(words(<Interval value={{ value: 12 }} />)).toBe('')
  expect(words(<Interval value={{ value: null, low: 0, high: 1 }} />)).toBe('')
})
