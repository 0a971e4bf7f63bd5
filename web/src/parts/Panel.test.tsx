import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { MemoryRouter } from 'react-router'
import { describe, expect, it, vi } from 'vitest'

import type { Answer } from '../api/hooks'
import { ApiProblem } from '../api/problem'
import { Panel } from './Panel'

function answer(some: Partial<Answer<string>>): Answer<string> {
  return { data: undefined, error: null, loading: false, refreshing: false, retry: () => undefined, ...some }
}

const ready = answer({ data: 'there' })

function show(panel: React.ReactElement) {
  return render(<MemoryRouter>{panel}</MemoryRouter>)
}

describe('a panel', () => {
  it('keeps the shape of its content while it loads', () => {
    const draw = vi.fn(() => 'drawn')
    const { container } = show(
      <Panel title="Outcomes" answer={[ready, answer({ loading: true })]} minHeight={240}>
        {draw}
      </Panel>,
    )
    expect(screen.getByRole('region', { name: 'Outcomes' }).getAttribute('aria-busy')).toBe('true')
    expect(container.querySelector<HTMLElement>('[data-skeleton]')?.style.height).toBe('240px')
    expect(draw).not.toHaveBeenCalled()
  })

  it('says in the server’s words why there is nothing, and asks again', async () => {
    const retry = vi.fn()
    const error = new ApiProblem({ status: 504, code: 'timeout', detail: 'The answer takes too long.', hint: 'Ask for less.' })
    show(
      <Panel title="Outcomes" answer={answer({ error, retry })}>
        {() => 'drawn'}
      </Panel>,
    )
    expect(screen.getByRole('alert').textContent).toContain('The answer takes too long.Ask for less.')
    expect(screen.queryByText('drawn')).toBeNull()
    await userEvent.setup().click(screen.getByRole('button', { name: 'Try again' }))
    expect(retry).toHaveBeenCalledOnce()
  })

  it('asks again for all that failed, not only for what it names', async () => {
    const retries = [vi.fn(), vi.fn(), vi.fn()] as const
    const error = new ApiProblem({ status: 0, code: 'unreachable', detail: 'Rapport cannot be reached.' })
    show(
      <Panel
        title="Outcomes"
        answer={[answer({ error, retry: retries[0] }), answer({ data: 'there', retry: retries[1] }), answer({ error, retry: retries[2] })]}
      >
        {() => 'drawn'}
      </Panel>,
    )
    await userEvent.setup().click(screen.getByRole('button', { name: 'Try again' }))
    expect(retries.map((retry) => retry.mock.calls.length)).toEqual([1, 0, 1])
  })

  it('keeps an older answer in sight when a newer one fails', () => {
    const error = new ApiProblem({ status: 500, detail: 'no' })
    show(
      <Panel title="Outcomes" answer={answer({ data: 'old', error })}>
        {() => 'drawn'}
      </Panel>,
    )
    expect(screen.getByText('drawn')).toBeTruthy()
  })

  it('dims what it shows while it refreshes', () => {
    show(
      <Panel title="Outcomes" answer={answer({ data: 'old', refreshing: true })}>
        {() => 'drawn'}
      </Panel>,
    )
    expect(screen.getByText('drawn').closest('[data-refreshing]')).not.toBeNull()
  })

  it('shows what to do when there is nothing', () => {
    show(
      <Panel title="Outcomes" answer={ready} empty={<p>No engaged session yet.</p>}>
        {() => 'drawn'}
      </Panel>,
    )
    expect(screen.getByText('No engaged session yet.')).toBeTruthy()
    expect(screen.queryByText('drawn')).toBeNull()
  })

  it('keeps a fault in drawing to itself', () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    show(
      <>
        <Panel title="Broken" answer={ready}>
          {() => {
            throw new Error('rows is undefined')
          }}
        </Panel>
        <Panel title="Whole" answer={ready}>
          {() => 'drawn'}
        </Panel>
      </>,
    )
    expect(screen.getByRole('alert').textContent).toContain('rows is undefined')
    expect(screen.getByText('drawn')).toBeTruthy()
  })

  it('shows the same data as a table, and the picture again', async () => {
    const table = () => ({
      columns: [{ key: 'day', title: 'Day', kind: 'text' as const, value: (row: string) => row }],
      rows: ['Monday'],
      key: (row: string) => row,
    })
    const user = userEvent.setup()
    show(
      <Panel title="Outcomes" answer={ready} table={table}>
        {() => 'drawn'}
      </Panel>,
    )
    await user.click(screen.getByRole('button', { name: 'Outcomes as a table' }))
    expect(screen.getByRole('rowheader', { name: 'Monday' })).toBeTruthy()
    expect(screen.queryByText('drawn')).toBeNull()
    await user.click(screen.getByRole('button', { name: 'Outcomes as a chart' }))
    expect(screen.getByText('drawn')).toBeTruthy()
  })
})
