import { useMemo } from 'react'
import { useLocation } from 'react-router'
import { useDimensions } from '../api/catalogue'
import type { Dimension } from '../api/types'
import { parseFilters, writeFilters } from './filters'
import { isPreset, isZone } from './ranges'
import { useSetView } from './view'

// What stands in the address, changes the numbers and means nothing here. Such an address was cut off, written by hand, or made by
// another version; it is said once, with one way out. What only changes how a page looks falls back silently.

/** A filter as it is written, and what is wrong with it in words. */
export interface MisreadFilter {
  written: string
  why: string
}

/** Filters that no session could be asked about. Any value will do for a dimension whose values only the data knows. */
export function misreadFilters(written: string[], dimensions: Dimension[]): MisreadFilter[] {
  return [...new Set(written)].flatMap((one) => {
    const why = faultOf(one, dimensions)
    return why ? { written: one, why } : []
  })
}

function faultOf(written: string, dimensions: Dimension[]): string | undefined {
  const [filter] = parseFilters([written])
  if (!filter) return 'It does not say what to filter by.'
  const [value = ''] = filter.values
  const dimension = dimensions.find(({ name }) => name === filter.dimension)
  if (!dimension) return `There is nothing called “${clipped(filter.dimension)}” to filter by.`
  if (dimension.name === 'time') return 'Times are chosen as a range.'
  const strange = dimension.values.length > 0 && !dimension.values.some(({ key }) => key === value)
  return strange ? `${dimension.label} is never “${clipped(value)}”.` : undefined
}

/** Undefined while it is not known what there is to filter by. Where that cannot be learnt, the server has the word. */
export function useMisreadFilters(): MisreadFilter[] | undefined {
  const { search } = useLocation()
  const { data, loading } = useDimensions()
  return useMemo(() => {
    const written = new URLSearchParams(search).getAll('f')
    if (written.length === 0) return []
    return data ? misreadFilters(written, data) : loading ? undefined : []
  }, [search, data, loading])
}

/** Takes such filters out of the view and keeps the others. */
export function useDropFilters(): (misread: MisreadFilter[]) => void {
  const setView = useSetView()
  return (misread) =>
    setView(({ filters }) => ({
      filters: parseFilters(writeFilters(filters).filter((one) => !misread.some(({ written }) => written === one))),
    }))
}

/** What the address says of range and zone that is not understood, in sentences. The view has others in their place, which the frame shows. */
export function misreadTimes(search: URLSearchParams, zone: string): string[] {
  const [range, from, to, wanted] = ['range', 'from', 'to', 'zone'].map((name) => search.get(name) ?? '')
  const said: string[] = []
  if (!from !== !to) said.push(`A range that has only its ${from ? 'first' : 'last'} day was left aside.`)
  if (range && !isPreset(range) && !(from && to)) said.push(`The range “${clipped(range)}” is not understood and was left aside.`)
  if (wanted && !isZone(wanted)) said.push(`There is no time zone “${clipped(wanted)}”: you see the days of ${zone}.`)
  return said
}

/** Enough to know it again; an address may hold a book. */
export function clipped(text: string): string {
  const shown = Array.from(text).slice(0, 40).join('')
  return shown.length < text.length ? `${shown} …` : shown
}
