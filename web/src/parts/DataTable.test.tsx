import { act, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { MemoryRouter } from 'react-router'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

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
  /** The page has no layout here: every column is 100 pixels wide, or as is said, and so is the box of the table. */
  function roomFor(pixels: number, column = 100) {
    vi.spyOn(HTMLElement.prototype, 'offsetWidth', 'get').mockReturnValue(column)
    vi.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(pixels)
    vi.spyOn(Element.prototype, 'scrollWidth', 'get').mockImplementation(function (this: Element) {
      return this.querySelectorAll('thead th').length * column
    })
  }

  const told = new Set<() => void>()
  const watched: Element[] = []
  class Watch {
    constructor(private changed: () => void) {}
    observe(element: Element) {
      told.add(this.changed)
      watched.push(element)
    }
    unobserve() {
      this.disconnect()
    }
    disconnect() {
      told.delete(this.changed)
    }
  }

  /** The box, or what stands in the table, changes its size after it was drawn. */
  function resized(pixels: number, column?: number) {
    roomFor(pixels, column)
    act(() => told.forEach((changed) => changed()))
  }

  beforeEach(() => vi.stubGlobal('ResizeObserver', Watch))
  afterEach(() => {
    vi.unstubAllGlobals()
    told.clear()
    watched.length = 0
  })

  it('are left out where there is no room, until somebody asks for them', async () => {
    roomFor(250)
    const user = show(<DataTable table={table} caption="Topics" />)
    expect(heads()).toEqual(['Topic', 'Sessions'])
    await user.click(screen.getByRole('button', { name: '1 more column' }))
    expect(heads()).toEqual(['Topic', 'Sessions', 'CSAT'])
    await user.click(screen.getByRole('button', { name: 'Fewer columns' }))
    expect(heads()).toEqual(['Topic', 'Sessions'])
  })

  it('fold and come back with the width of the box', () => {
    roomFor(300)
    show(<DataTable table={table} caption="Topics" />)
    expect(watched).toContain(screen.getByRole('table'))
    expect(watched).toContain(screen.getByRole('table').parentElement)
    resized(250)
    expect(heads()).toEqual(['Topic', 'Sessions'])
    resized(150)
    expect(heads()).toEqual(['Topic'])
    resized(200)
    expect(heads()).toEqual(['Topic', 'Sessions'])
    resized(300)
    expect(heads()).toHaveLength(3)
  })

  it('fold for the width that the box has when they are drawn, not for one that it had for a moment', () => {
    roomFor(300)
    show(<DataTable table={table} caption="Topics" />)
    act(() => {
      roomFor(16)
      told.forEach((changed) => changed())
      roomFor(300)
    })
    expect(heads()).toHaveLength(3)
  })

  it('fold when what stands in them grows', () => {
    roomFor(300)
    show(<DataTable table={table} caption="Topics" />)
    resized(300, 150)
    expect(heads()).toEqual(['Topic', 'Sessions'])
  })

  it('stay as they are when only their leaving made room', () => {
    // Whole, the table is so tall that a scrollbar takes 15 pixels.
    roomFor(300, 101)
    let drawnWhole = 0
    vi.spyOn(Element.prototype, 'clientWidth', 'get').mockImplementation(function (this: Element) {
      if (this.querySelectorAll('thead th').length < 3) return 300
      drawnWhole++
      return 285
    })
    show(<DataTable table={table} caption="Topics" />)
    expect(heads()).toEqual(['Topic', 'Sessions'])
    drawnWhole = 0
    act(() => told.forEach((changed) => changed()))
    expect(drawnWhole).toBe(0)
    expect(heads()).toEqual(['Topic', 'Sessions'])
  })

  it('are offered to be fewer only where that leaves some out, and the focus stays on the offer', async () => {
    roomFor(250)
    const user = show(<DataTable table={table} caption="Topics" />)
    const offer = screen.getByRole('button', { name: '1 more column' })
    await user.click(offer)
    expect(document.activeElement).toBe(offer)
    expect(offer.textContent).toBe('Fewer columns')
    resized(300)
    expect(screen.queryByRole('button', { name: /column/ })).toBeNull()
    resized(250)
    await user.click(screen.getByRole('button', { name: 'Fewer columns' }))
    expect(document.activeElement).toBe(screen.getByRole('button', { name: '1 more column' }))
  })

  it('are not offered to be fewer where the names and what it is sorted by are all of them', async () => {
    roomFor(150)
    const two = { ...table, columns: columns.slice(0, 2) }
    const user = show(<DataTable table={two} caption="Topics" />)
    await user.click(screen.getByRole('button', { name: '1 more column' }))
    await user.click(screen.getByRole('button', { name: 'Sessions' }))
    expect(screen.queryByRole('button', { name: 'Fewer columns' })).toBeNull()
    expect(heads()).toEqual(['Topic', 'Sessions'])
  })

  it('that are left out are told of on paper', () => {
    roomFor(150)
    show(<DataTable table={table} caption="Topics" csv="topics" />)
    expect(screen.getByText('2 columns are left out here; the CSV has all of them.')).toBeTruthy()
    resized(250)
    expect(screen.getByText('1 column is left out here; the CSV has all of them.')).toBeTruthy()
    resized(300)
    expect(screen.queryByText(/left out/)).toBeNull()
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
