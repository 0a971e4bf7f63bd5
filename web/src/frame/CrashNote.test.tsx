import { render, screen } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { CrashNote } from './CrashNote'

function crash(message: string) {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  function Faulty(): never {
    throw new Error(message)
  }
  render(
    <CrashNote>
      <Faulty />
    </CrashNote>,
  )
  return screen.getByRole('alert').textContent
}

test('says what is wrong with the dashboard', () => {
  expect(crash('rows is undefined')).toContain('rows is undefined')
  expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy()
})

test.each([
  'Failed to fetch dynamically imported module: http://127.0.0.1:8090/assets/HelpDialog-1.js',
  'error loading dynamically imported module: http://127.0.0.1:8090/assets/HelpDialog-1.js',
  'Importing a module script failed.',
  'Unable to preload CSS for /assets/HelpDialog-1.css',
])('offers to load the page again where a part of it did not come: %s', (message) => {
  expect(crash(message)).toContain('The server may have stopped, or has been updated')
  expect(screen.getByRole('button', { name: 'Load the page again' })).toBeTruthy()
})
