import { fireEvent, render } from '@testing-library/react'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { useKeys } from './keys'

const act = vi.fn()

function Page({ children }: { children?: React.ReactNode }) {
  useKeys({ d: () => act('d'), '?': () => act('?'), ArrowLeft: () => act('left'), x: undefined })
  return <main>{children}</main>
}

function press(key: string, on: Element = document.body, more: KeyboardEventInit = {}) {
  return fireEvent.keyDown(on, { key, ...more })
}

describe('a key', () => {
  beforeEach(() => {
    act.mockReset()
    localStorage.clear()
  })

  test('does what it is for, in upper case too', () => {
    render(<Page />)
    press('d')
    press('D')
    press('?')
    expect(act.mock.calls).toEqual([['d'], ['d'], ['?']])
  })

  test('is kept from the browser only when it is for something', () => {
    render(<Page />)
    expect(press('d')).toBe(false)
    expect(press('q')).toBe(true)
    expect(press('x')).toBe(true)
  })

  test('is a letter where something is typed', () => {
    const { getByRole } = render(
      <Page>
        <input aria-label="words" />
      </Page>,
    )
    press('d', getByRole('textbox'))
    expect(act).not.toHaveBeenCalled()
  })

  test('works on from a checkbox or a button', () => {
    const { getByRole } = render(
      <Page>
        <input type="checkbox" aria-label="on" />
        <button type="button">go</button>
      </Page>,
    )
    press('d', getByRole('checkbox'))
    press('ArrowLeft', getByRole('button'))
    expect(act.mock.calls).toEqual([['d'], ['left']])
  })

  test('with another key held down is the browser’s', () => {
    render(<Page />)
    press('d', document.body, { ctrlKey: true })
    press('d', document.body, { metaKey: true })
    expect(act).not.toHaveBeenCalled()
  })

  test('goes nowhere while a dialog lies over the page', () => {
    render(
      <Page>
        <div role="dialog" aria-label="over it" />
      </Page>,
    )
    press('d')
    expect(act).not.toHaveBeenCalled()
  })

  test('moves what moves by arrows itself', () => {
    const { getByRole } = render(
      <Page>
        <div role="tablist">
          <button type="button" role="tab">
            one
          </button>
        </div>
      </Page>,
    )
    press('ArrowLeft', getByRole('tab'))
    expect(act).not.toHaveBeenCalled()
  })

  test('can be turned off', () => {
    localStorage.setItem('rapport.keys', 'off')
    render(<Page />)
    press('d')
    expect(act).not.toHaveBeenCalled()
  })
})
