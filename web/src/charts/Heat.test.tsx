import { act, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, it, vi } from 'vitest'

import { Heat } from './Heat'

const days = ['Monday', 'Tuesday', 'Sunday'].map((label) => ({ key: label, label }))
const hours = Array.from({ length: 24 }, (_, hour) => ({ key: `${hour}`, label: `${hour}:00` }))

/** Tells whether the window is narrow, and when that changes. */
function windowThat(narrow: boolean) {
  const listeners = new Set<() => void>()
  const media = {
    matches: narrow,
    addEventListener: (_: string, listener: () => void) => listeners.add(listener),
    removeEventListener: (_: string, listener: () => void) => listeners.delete(listener),
  }
  vi.stubGlobal('matchMedia', () => media)
  return (matches: boolean) =>
    act(() => {
      media.matches = matches
      listeners.forEach((listener) => listener())
    })
}

afterEach(() => vi.unstubAllGlobals())

const map = <Heat rows={days} columns={hours} value={() => 1} write={String} brief={String} label="Sessions" zone="UTC" />

/** The cells that the Tab key stops at. */
const stops = () => screen.getAllByRole('button').filter((cell) => cell.tabIndex === 0)

it('is one stop of the Tab key, at the first cell', () => {
  windowThat(false)
  render(map)
  expect(stops().map((cell) => cell.title)).toEqual(['Monday, 0:00: 1'])
})

it('stays at the same day and hour when it is turned', async () => {
  const narrow = windowThat(false)
  render(map)
  const user = userEvent.setup()
  act(() => screen.getByTitle('Sunday, 22:00: 1').focus())
  await user.keyboard('{ArrowRight}{ArrowRight}')
  expect(document.activeElement).toBe(screen.getByTitle('Sunday, 23:00: 1'))
  narrow(true)
  expect(stops().map((cell) => cell.title)).toEqual(['Sunday, 23:00: 1'])
  await user.tab()
  await user.keyboard('{ArrowUp}{ArrowLeft}')
  expect(document.activeElement).toBe(screen.getByTitle('Tuesday, 22:00: 1'))
  narrow(false)
  expect(stops().map((cell) => cell.title)).toEqual(['Tuesday, 22:00: 1'])
})

it('goes to the first day when there is no such day any more', () => {
  windowThat(false)
  const { rerender } = render(map)
  act(() => screen.getByTitle('Sunday, 5:00: 1').focus())
  rerender(<Heat {...map.props} rows={days.slice(0, 2)} />)
  expect(stops().map((cell) => cell.title)).toEqual(['Monday, 5:00: 1'])
})
