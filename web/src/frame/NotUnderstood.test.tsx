import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { MemoryRouter, useLocation } from 'react-router'
import { expect, test, vi } from 'vitest'
import { ApiProblem } from '../api/problem'
import { FilterNotUnderstood, Refused } from './NotUnderstood'

function Address() {
  return <output>{decodeURIComponent(useLocation().search)}</output>
}

function show(address: string, note: React.ReactNode) {
  render(
    <MemoryRouter initialEntries={[address]}>
      {note}
      <Address />
    </MemoryRouter>,
  )
  return { user: userEvent.setup(), address: () => screen.getByRole('status').textContent }
}

function refusal(location: string) {
  return new ApiProblem({ status: 422, code: 'invalid', detail: 'it cannot be', errors: [{ location, message: 'it cannot be' }] })
}

test.each([
  ['definition', '/?range=7d&zone=UTC&definition=odd', 'The definition “odd” is not in force', '?range=7d&zone=UTC'],
  ['zone', '/?range=7d&zone=Asia/Tokyo', 'The server does not know the time zone “Asia/Tokyo”', '?range=7d&zone=UTC'],
  ['range.from', '/?from=abc&to=def&zone=UTC&definition=own', 'The range in the address cannot be shown', '?zone=UTC&definition=own'],
])('what the server refuses is left by one way, and the rest of the view stays: %s', async (place, before, title, after) => {
  const { user, address } = show(before, <Refused problem={refusal(`body.queries[0].${place}`)} retry={vi.fn()} />)
  expect(screen.getByRole('alert').textContent).toContain(title)
  await user.click(screen.getByRole('button'))
  expect(address()).toBe(after)
})

test('what the server refuses for reasons of its own can be asked again', async () => {
  const retry = vi.fn()
  const { user } = show('/?zone=UTC', <Refused problem={refusal('body')} retry={retry} />)
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  expect(retry).toHaveBeenCalledOnce()
})

test('filters that are not understood go together, and the others stay', async () => {
  const misread = [
    { written: 'odd:1', why: 'There is nothing called “odd” to filter by.' },
    { written: 'kind:2', why: 'Kind is never “2”.' },
    { written: 'nothing', why: 'It does not say what to filter by.' },
  ]
  const { user, address } = show('/?zone=UTC&bot=b1&f=odd:1&f=nothing&f=kind:2&f=kind:chat&f=!channel:sms&q=x', <FilterNotUnderstood misread={misread} />)
  for (const { why } of misread) screen.getByText(why)
  await user.click(screen.getByRole('button', { name: 'Remove these filters' }))
  expect(address()).toBe('?zone=UTC&bot=b1&f=kind:chat&f=!channel:sms&q=x')
})
