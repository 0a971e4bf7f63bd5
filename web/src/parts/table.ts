import type { ReactNode } from 'react'

import type { Value } from '../api/types'
import { count, dash, dateTime, duration, mean, percent, relativeChange } from '../format'

export type Kind = 'text' | 'count' | 'rate' | 'mean' | 'duration' | 'change' | 'time' | 'custom'

export interface Column<R> {
  key: string
  title: string
  kind: Kind
  /** For sorting and for the CSV: a rate as a share, a time as it came, nothing as null. */
  value: (row: R) => string | number | null
  /** What is shown, where the kind does not say it. */
  cell?: (row: R) => ReactNode
  /** The two counts and the interval behind a rate or mean: shown when pointed at, and columns of their own in the CSV. */
  counted?: (row: R) => Value | undefined
  help?: string
  href?: (row: R) => string | undefined
  align?: 'left' | 'right'
  /** In pixels. */
  width?: number
  sortable?: boolean
  /** Of what matters less: the first to be left out where there is no room for all. */
  roomy?: boolean
  /** False for what only decorates. */
  csv?: false
}

export interface Table<R> {
  columns: Column<R>[]
  rows: R[]
  key: (row: R) => string
  /** Of the columns of times; UTC without. */
  zone?: string
}

/** What a cell says where its column has no own way to say it. */
export function cellText<R>(column: Column<R>, row: R, zone = 'UTC'): string {
  const counted = column.counted?.(row)
  if (counted?.too_few) return 'too few'
  const value = column.value(row)
  if (value === null || value === '') return dash
  if (typeof value === 'string') return column.kind === 'time' ? dateTime(value, zone) : value
  switch (column.kind) {
    case 'rate':
      return percent(value)
    case 'mean':
      return mean(value)
    case 'duration':
      return duration(value)
    case 'change':
      return relativeChange(value)
    default:
      return count(value)
  }
}

export function alignment<R>(column: Column<R>): 'left' | 'right' {
  return column.align ?? (column.kind === 'text' || column.kind === 'custom' || column.kind === 'time' ? 'left' : 'right')
}

/** "-sessions" is the column sessions, largest first. */
export interface Sorting {
  key: string
  descending: boolean
}

export function parseSort(sort: string | undefined): Sorting | undefined {
  if (!sort) return undefined
  return sort.startsWith('-') ? { key: sort.slice(1), descending: true } : { key: sort, descending: false }
}

/** An order from the address where there is a column for it, by its key; else the usual one. */
export function orderOf(keys: string[], asked: string, usual: string): string {
  return keys.includes(parseSort(asked)?.key ?? '') ? asked : usual
}

/** What a click on a column's head asks for: first the way that people mostly want, then the other. */
export function nextSort<R>(column: Column<R>, now: Sorting | undefined): string {
  const first = alignment(column) === 'right' || column.kind === 'time'
  const descending = now?.key === column.key ? !now.descending : first
  return descending ? `-${column.key}` : column.key
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** Rows in the order of a column. What has no value comes last either way, and equals stay as they came. */
export function sorted<R>(table: Table<R>, sorting: Sorting | undefined): R[] {
  const column = sorting && table.columns.find((c) => c.key === sorting.key)
  if (!column) return table.rows
  const way = sorting.descending ? -1 : 1
  return table.rows
    .map((row) => ({ row, value: column.value(row) }))
    .sort((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null)
      if (typeof a.value === 'number' && typeof b.value === 'number') return way * (a.value - b.value)
      return way * collator.compare(String(a.value), String(b.value))
    })
    .map(({ row }) => row)
}
