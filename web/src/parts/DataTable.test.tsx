import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { MemoryRouter } from 'react-router'
import { describe, expect, it, vi } from 'vitest'

import type { Measure } from '../api/types'
import * as csv from './csv'
import { DataTable } from './DataTable'
import type { Column, Table } from './table'

const labels: Record<string, string> = { csat_responses: 'CSAT responses' }
vi.mock('../api/hooks', () => ({ useMeasures: () => (name: string) => ({ label: labels[name] }) as Measure }))

interface Topic {
  name: string
  sessions: number
  csat: number | null
}

const columns: Column<Topic>[] = [
  { key: 'name', title: 'Topic', kind: 'text', value: (row) => row.name },
  { key: 'sessions', title: 'Sessions', kind: 'count', value: (row) => row.sessions },
  { key: 'csat', title: 'CSAT', kind: 'mean', value: (row) => row.csat },
]
const topics: Topic[] = [
  { name: 'Refund', sessions: 20, csat: 4.25 },
  { name: 'Address', sessions: 1200, csat: null },
  { name: '<b>Order 10</b>', sessions: 7, csat: 3 },
  { name: 'Order 2', sessions: 7, csat: 5 },
]
const table: Table<Topic> = { columns, rows: topics, key: (row) => row.name }

function show(element: React.ReactElement) {
  render(<MemoryRouter>{element}</MemoryRouter>)
  return userEvent.setup()
}

const names = () => screen.getAllByRole('rowheader').map((cell) => cell.textContent)

describe('sorting', () => {
  it('puts the largest figure first, then the smallest, and says so', async () => {
    const user = show(<DataTable table={table} caption="Topics" />)
    expect(names()).toEqual(['Refund', 'Address', '<b>Order 10</b>', 'Order 2'])
    await user.click(screen.getByRole('button', { name: 'Sessions' }))
    expect(names()).toEqual(['Address', 'Refund', '<b>Order 10</b>', 'Order 2'])
    expect(screen.getByRole('columnheader', { name: 'Sessions' }).getAttribute('aria-sort')).toBe('descending')
    await user.click(screen.getByRole('button', { name: 'Sessions' }))
    expect(names()).toEqual(['<b>Order 10</b>', 'Order 2', 'Refund', 'Address'])
    expect(screen.getByRole('columnheader', { name: 'Sessions' }).getAttribute('aria-sort')).toBe('ascending')
  })

  it('keeps what has no value at the end, either way', async () => {
    const user = show(<DataTable table={table} caption="Topics" initialSort="-csat" />)
    expect(names().at(-1)).toBe('Address')
    await user.click(screen.getByRole('button', { name: 'CSAT' }))
    expect(names()).toEqual(['<b>Order 10</b>', 'Refund', 'Order 2', 'Address'])
  })

  it('is left to whoever keeps it', async () => {
    const onSort = vi.fn()
    const user = show(<DataTable table={table} caption="Topics" sort="-sessions" onSort={onSort} />)
    await user.click(screen.getByRole('button', { name: 'Topic' }))
    expect(onSort).toHaveBeenCalledWith('name')
    expect(names()[0]).toBe('Address')
  })

  it('is not done again where the rows come sorted', () => {
    show(<DataTable table={table} caption="Topics" sort="-sessions" presorted />)
    expect(names()[0]).toBe('Refund')
  })
})

const heads = () => screen.getAllByRole('columnheader').map((cell) => cell.textContent)

describe('columns', () => {
  /** The page has no layout here: every column is 100 pixels wide, and the box of the table as wide as is said. */
  function roomFor(pixels: number) {
    vi.spyOn(HTMLElement.prototype, 'offsetWidth', 'get').mockReturnValue(100)
    vi.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(pixels)
    vi.spyOn(Element.prototype, 'scrollWidth', 'get').mockImplementation(function (this: Element) {
      return this.querySelectorAll('thead th').length * 100
    })
  }

  it('are left out where there is no room, until somebody asks for them', async () => {
    roomFor(250)
    const user = show(<DataTable table={table} caption="Topics" />)
    expect(heads()).toEqual(['Topic', 'Sessions'])
    await user.click(screen.getByRole('button', { name: '1 more column' }))
    expect(heads()).toEqual(['Topic', 'Sessions', 'CSAT'])
    await user.click(screen.getByRole('button', { name: 'Fewer columns' }))
    expect(heads()).toEqual(['Topic', 'Sessions'])
  })

  it('are all there where there is room', () => {
    roomFor(300)
    show(<DataTable table={table} caption="Topics" />)
    expect(heads()).toHaveLength(3)
    expect(screen.queryByRole('button', { name: /column/ })).toBeNull()
  })

  it('are all there when somebody chose them', () => {
    roomFor(250)
    show(<DataTable table={table} caption="Topics" chosen />)
    expect(heads()).toHaveLength(3)
  })

  it('are kept when the table is sorted by them', () => {
    roomFor(250)
    show(<DataTable table={table} caption="Topics" sort="-csat" />)
    expect(heads()).toEqual(['Topic', 'CSAT'])
  })

  it('are all in the file', async () => {
    roomFor(250)
    const download = vi.spyOn(csv, 'download').mockImplementation(() => undefined)
    const user = show(<DataTable table={table} caption="Topics" csv="topics" />)
    await user.click(screen.getByRole('button', { name: 'CSV' }))
    expect(download.mock.calls[0]?.[1]).toMatch(/^Topic,Sessions,CSAT\r\n/)
  })

  it('are explained to those who ask, with measures called by their labels', async () => {
    const explained = columns.map((column) => (column.key === 'csat' ? { ...column, help: 'The mean of csat_responses' } : column))
    const user = show(<DataTable table={{ ...table, columns: explained }} caption="Topics" />)
    await user.click(screen.getByRole('button', { name: 'How to read this table' }))
    const said = screen.getByRole('dialog', { name: 'How to read this table' })
    expect(said.textContent).toBe('CSATThe mean of CSAT responses')
  })

  it('that explain themselves have no explanation', () => {
    show(<DataTable table={table} caption="Topics" />)
    expect(screen.queryByRole('button', { name: 'How to read this table' })).toBeNull()
  })
})

describe('cells', () => {
  it('are written by their kind, and names are text', () => {
    show(<DataTable table={table} caption="Topics" />)
    expect(screen.getByRole('cell', { name: '1,200' })).toBeTruthy()
    expect(screen.getByRole('cell', { name: '4.25' })).toBeTruthy()
    expect(screen.getByRole('cell', { name: '–' })).toBeTruthy()
    expect(screen.getByText('<b>Order 10</b>')).toBeTruthy()
  })

  it('lead on with their row', () => {
    show(<DataTable table={table} caption="Topics" rowHref={(row) => `/topics/${row.name}`} />)
    expect(screen.getByRole('link', { name: 'Refund' }).getAttribute('href')).toBe('/topics/Refund')
  })

  it('filter with a click and leave out with Ctrl or ⌘', async () => {
    const onFilter = vi.fn()
    const user = show(<DataTable table={table} caption="Topics" onFilter={onFilter} />)
    await user.click(screen.getByRole('button', { name: 'Refund' }))
    await user.keyboard('{Control>}')
    await user.click(screen.getByRole('button', { name: 'Order 2' }))
    expect(onFilter.mock.calls).toEqual([
      [topics[0], false],
      [topics[3], true],
    ])
  })
})

describe('length', () => {
  const many = { ...table, rows: Array.from({ length: 5000 }, (_, i) => ({ name: `Topic ${i}`, sessions: i, csat: null })) }

  it('of a short table is all of its rows', () => {
    show(<DataTable table={table} caption="Topics" />)
    expect(names()).toHaveLength(4)
  })

  it('is cut at the limit until somebody asks for all', async () => {
    const user = show(<DataTable table={table} caption="Topics" limit={2} />)
    expect(names()).toHaveLength(2)
    await user.click(screen.getByRole('button', { name: 'Show all 4' }))
    expect(names()).toHaveLength(4)
  })

  it('of 5,000 rows is drawn only where it is seen, and told whole', () => {
    // The page has no layout here: a box of 600 pixels.
    vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(600)
    vi.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(800)
    show(<DataTable table={many} caption="Topics" initialSort="-sessions" />)
    expect(names()[0]).toBe('Topic 4999')
    expect(names().length).toBeGreaterThan(600 / 37)
    expect(names().length).toBeLessThan(60)
    expect(screen.getByRole('table').getAttribute('aria-rowcount')).toBe('5001')
  })

  it('of none says so', () => {
    show(<DataTable table={{ ...table, rows: [] }} caption="Topics" empty="No topic in this range." />)
    expect(screen.getByText('No topic in this range.')).toBeTruthy()
  })
})

it('saves all rows as they are sorted, not only those shown', async () => {
  const download = vi.spyOn(csv, 'download').mockImplementation(() => undefined)
  const user = show(<DataTable table={table} caption="Topics" initialSort="-sessions" limit={1} csv="topics" />)
  await user.click(screen.getByRole('button', { name: 'CSV' }))
  expect(download).toHaveBeenCalledWith('topics', 'Topic,Sessions,CSAT\r\nAddress,1200,\r\nRefund,20,4.25\r\n<b>Order 10</b>,7,3\r\nOrder 2,7,5\r\n')
})
