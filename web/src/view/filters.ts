import type { Filter } from '../api/types'

/** One value of one filter, as it stands in the address: channel:webchat or !locale:en-US. */
export function parseFilters(written: string[]): Filter[] {
  const filters: Filter[] = []
  for (const text of written) {
    const exclude = text.startsWith('!')
    const colon = text.indexOf(':')
    const dimension = text.slice(exclude ? 1 : 0, Math.max(colon, 0))
    if (dimension === '') continue
    include(filters, dimension, [text.slice(colon + 1)], exclude)
  }
  return filters
}

export function writeFilters(filters: Filter[]): string[] {
  return filters.flatMap((filter) => filter.values.map((value) => `${filter.exclude ? '!' : ''}${filter.dimension}:${value}`))
}

/** Filters with one more: a value of a dimension that is already there widens it, as several of one dimension mean any of them. */
export function widened(filters: Filter[], more: Filter): Filter[] {
  const all = filters.map((filter) => ({ ...filter, values: [...filter.values] }))
  include(all, more.dimension, more.values, more.exclude === true)
  return all
}

export function without(filters: Filter[], dimension: string, value?: string, exclude?: boolean): Filter[] {
  return filters
    .map((filter) => {
      if (filter.dimension !== dimension || (exclude !== undefined && exclude !== (filter.exclude === true))) return filter
      return { ...filter, values: value === undefined ? [] : filter.values.filter((one) => one !== value) }
    })
    .filter((filter) => filter.values.length > 0)
}

export function holds(filters: Filter[], dimension: string, value: string, exclude = false): boolean {
  return filters.some((filter) => filter.dimension === dimension && (filter.exclude === true) === exclude && filter.values.includes(value))
}

/**
 * Filters that all hold at once. Two of one dimension become what they share; where they share nothing, a pair that nothing
 * passes, so that the address of a list says the same as the question whose number it lists.
 */
export function narrowed(filters: Filter[], more: Filter[]): Filter[] {
  let all = filters
  for (const filter of more) {
    const same = all.find((one) => one.dimension === filter.dimension && !one.exclude)
    if (filter.exclude || !same) {
      all = widened(all, filter)
      continue
    }
    const shared = same.values.filter((value) => filter.values.includes(value))
    if (shared.length > 0) all = all.map((one) => (one === same ? { ...one, values: shared } : one))
    else all = widened(all, { dimension: filter.dimension, values: same.values, exclude: true })
  }
  return all
}

function include(filters: Filter[], dimension: string, values: string[], exclude: boolean): void {
  const there = filters.find((filter) => filter.dimension === dimension && (filter.exclude === true) === exclude)
  if (there) there.values.push(...values.filter((value) => !there.values.includes(value)))
  else filters.push(exclude ? { dimension, values: [...new Set(values)], exclude: true } : { dimension, values: [...new Set(values)] })
}
