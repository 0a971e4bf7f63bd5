import type { Comparison, Filter, Query, Range } from '../api/types'
import { narrowed, without } from './filters'
import { allFilters, type View } from './view'

/** The part of a question that the view gives: when, in which zone, of which sessions, under which definition. */
export interface ViewQuestion {
  range?: Range
  zone: string
  filters: Filter[]
  definition?: string
}

export interface Narrower {
  /** On top of the view's. */
  filters?: Filter[] | undefined
  /** Dimensions whose filters of the view are left aside. */
  without?: string[] | undefined
  /** In the place of the view's. */
  range?: Range | undefined
}

export function questionOf(view: View, range: Range, own: Narrower = {}): ViewQuestion {
  const kept = (own.without ?? []).reduce((filters, dimension) => without(filters, dimension), allFilters(view))
  return {
    range: own.range ?? range,
    zone: view.zone,
    filters: narrowed(kept, own.filters ?? []),
    ...(view.definition ? { definition: view.definition } : {}),
  }
}

/** Nothing comes before all time. */
export function isCompared({ compare, range }: View): boolean {
  return compare !== 'off' && range !== 'all'
}

export function comparisonOf(view: View): Pick<Query, 'comparison'> {
  if (view.compare === 'off' || !isCompared(view)) return {}
  const comparison: Comparison = { kind: view.compare, ...(view.matchWeekday ? { match_weekday: true } : {}) }
  return { comparison }
}
