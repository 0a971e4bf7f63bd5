import { act, render, renderHook } from '@testing-library/react'
import type { ReactNode } from 'react'
import { MemoryRouter, useLocation } from 'react-router'
import { describe, expect, test } from 'vitest'
import { useChoice, useFilter, useLink, useParam, useSetView, useView, type View } from './view'

function at(address: string) {
  return function Router({ children }: { children: ReactNode }) {
    return <MemoryRouter initialEntries={[address]}>{children}</MemoryRouter>
  }
}

function useAll() {
  return { view: useView(), setView: useSetView(), filter: useFilter(), link: useLink(), said: useParam('said', ''), address: useLocation() }
}

function on(address: string) {
  return renderHook(useAll, { wrapper: at(address) }).result
}

const search = (result: { current: ReturnType<typeof useAll> }) => decodeURIComponent(result.current.address.search)

describe('filters of the view', () => {
  test('are turned on and off', () => {
    const result = on('/?zone=UTC')
    act(() => result.current.filter.toggle('channel', 'webchat'))
    expect(result.current.view.filters).toEqual([{ dimension: 'channel', values: ['webchat'] }])
    act(() => result.current.filter.toggle('channel', 'teams'))
    expect(search(result)).toBe('?zone=UTC&f=channel:webchat&f=channel:teams')
    act(() => result.current.filter.toggle('channel', 'webchat'))
    act(() => result.current.filter.toggle('channel', 'teams'))
    expect(search(result)).toBe('?zone=UTC')
  })

  test('leave out what was asked for, and the other way about', () => {
    const result = on('/?zone=UTC&f=channel:webchat')
    act(() => result.current.filter.toggle('channel', 'webchat', true))
    expect(search(result)).toBe('?zone=UTC&f=!channel:webchat')
    act(() => result.current.filter.toggle('channel', 'webchat'))
    expect(search(result)).toBe('?zone=UTC&f=channel:webchat')
  })

  test('by bot are the bots of the frame', () => {
    const result = on('/?zone=UTC')
    act(() => result.current.filter.toggle('bot', 'b1'))
    expect(result.current.view.bots).toEqual(['b1'])
    expect(search(result)).toBe('?zone=UTC&bot=b1')
    expect(result.current.filter.holds('bot', 'b1')).toBe(true)
    act(() => result.current.filter.toggle('bot', 'b2', true))
    expect(search(result)).toBe('?zone=UTC&bot=b1&f=!bot:b2')
    act(() => result.current.filter.clear())
    expect(search(result)).toBe('?zone=UTC')
  })
})

describe('the view', () => {
  test('changes and keeps the parameters of the page', () => {
    const result = on('/sessions?zone=UTC&said=refund')
    act(() => result.current.setView({ range: '7d' }))
    expect(search(result)).toBe('?range=7d&zone=UTC&said=refund')
  })

  test('takes two changes of one moment', () => {
    const result = on('/sessions?zone=UTC')
    act(() => {
      result.current.setView({ range: '7d' })
      result.current.said[1]('refund')
      result.current.setView({ compare: 'off' })
    })
    expect(search(result)).toBe('?range=7d&compare=off&zone=UTC&said=refund')
  })

  test('changes twice by what it is, before it is drawn again', () => {
    const result = on('/?zone=UTC')
    const { setView, filter } = result.current
    act(() => {
      setView(({ compare }) => ({ compare: compare === 'off' ? 'previous' : 'off' }))
      setView(({ compare }) => ({ compare: compare === 'off' ? 'previous' : 'off' }))
      filter.toggle('channel', 'webchat')
      filter.remove('channel')
      filter.add({ dimension: 'channel', values: ['webchat'], exclude: true })
    })
    expect(search(result)).toBe('?zone=UTC&f=!channel:webchat')
  })

  test('goes along with a link, without the parameters of the page and without the drawer', () => {
    const result = on('/sessions?zone=UTC&range=7d&bot=b1&said=refund&open=c1~2')
    expect(result.current.link('/topics')).toBe('/topics?range=7d&zone=UTC&bot=b1')
    const open: View['open'] = { conversation: 'c9', number: 1 }
    expect(decodeURIComponent(result.current.link('/sessions', { open }, { measure: 'sessions' }))).toBe(
      '/sessions?range=7d&zone=UTC&bot=b1&open=c9~1&measure=sessions',
    )
  })
})

test('a parameter of the page is left out while it has its usual value', () => {
  const seen: string[] = []
  function Page() {
    const [said, setSaid] = useParam('said', '')
    seen.push(said)
    return (
      <button type="button" onClick={() => setSaid(said === '' ? 'refund' : '')}>
        {useLocation().search}
      </button>
    )
  }
  const Router = at('/sessions?zone=UTC')
  const { getByRole } = render(
    <Router>
      <Page />
    </Router>,
  )
  act(() => getByRole('button').click())
  expect(getByRole('button').textContent).toBe('?zone=UTC&said=refund')
  act(() => getByRole('button').click())
  expect(getByRole('button').textContent).toBe('?zone=UTC')
  expect([...new Set(seen)]).toEqual(['', 'refund'])
})

test('a parameter that is one of a few is the usual one whatever else the address says', () => {
  const choices = [{ value: 'rates' }, { value: 'impact' }] as const
  const shown = (address: string) => renderHook(() => useChoice('show', 'rates', choices)[0], { wrapper: at(address) }).result.current
  expect(shown('/topics?show=impact')).toBe('impact')
  for (const odd of ['', '?show=', '?show=odd', '?show=__proto__']) expect(shown(`/topics${odd}`)).toBe('rates')
})
