import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react'
import { askQuery } from '../api/batch'
import { useBots } from '../api/catalogue'
import { problemFrom, type ApiProblem } from '../api/problem'
import type { Grain, Period, Query, Range, Result } from '../api/types'
import { comparisonOf } from './question'
import { grainOf, rangeOf, rangeOfPeriod } from './ranges'
import { useView } from './view'

export interface ViewPeriod {
  /** What panels ask for; undefined while only the server could say, and has not yet. */
  range: Range | undefined
  period: Period | undefined
  compared: Period | undefined
  /** The view's, else the one that suits the range. */
  grain: Grain
  /** Why it is this period: given, default, or last_with_data. */
  chosen: string | undefined
  /** Empty: there is no conversation at all. */
  state: 'loading' | 'ready' | 'empty' | 'error'
  /** Sessions in the period before filters; undefined until it is known. */
  sessions: number | undefined
  /** The answer's own words on the period, and which data and definition it is of. */
  answer: Result | undefined
  error: ApiProblem | null
  retry(): void
}

const Context = createContext<ViewPeriod | null>(null)

export function usePeriod(): ViewPeriod {
  const period = useContext(Context)
  if (!period) throw new Error('usePeriod is used outside of PeriodProvider')
  return period
}

/**
 * Settles of which period the page speaks. Named ranges are worked out here, in the view's zone; what depends on which data there
 * is, the server is asked once, so that every panel means the same days.
 */
export function PeriodProvider({ children }: { children: ReactNode }) {
  const view = useView()
  const now = useHour()
  const known = rangeOf(view.range, view.zone, now)
  const asksForAll = view.range === 'all'
  const query: Query = {
    measures: ['sessions'],
    zone: view.zone,
    // Of all time the answer says its ends only where it has rows by time.
    ...(known ? { range: known } : asksForAll ? { range: {}, dimensions: ['time'], grain: 'month' } : {}),
    ...(view.definition ? { definition: view.definition } : {}),
    ...comparisonOf(view),
  }
  const asked = useQuery({
    queryKey: ['period', query],
    queryFn: ({ signal }) => askQuery(query, signal),
    placeholderData: keepPreviousData,
  })
  // An answer that is kept from the range before is not one of this range.
  const result = asked.isPlaceholderData ? undefined : asked.data
  const { error, refetch } = asked
  const noBots = useBots().data?.length === 0
  const knownKey = JSON.stringify(known)

  const value = useMemo<ViewPeriod>(() => {
    const period = result?.period?.from ? result.period : undefined
    const resolved = period ? rangeOfPeriod(period, view.zone) : {}
    const range = knownKey ? (JSON.parse(knownKey) as Range) : !result ? undefined : asksForAll ? {} : resolved
    const problem = error ? problemFrom(error) : null
    const sessions = result?.total.values[0]?.value ?? undefined
    return {
      range,
      period,
      compared: result?.compared ?? undefined,
      grain: view.grain ?? grainOf(knownKey && range ? range : resolved),
      chosen: period?.chosen,
      state: problem ? 'error' : noBots ? 'empty' : range ? 'ready' : 'loading',
      sessions,
      answer: result,
      error: problem,
      retry: () => void refetch(),
    }
  }, [result, error, refetch, noBots, knownKey, asksForAll, view.zone, view.grain])

  return <Context value={value}>{children}</Context>
}

/** The current hour: ranges that are named move with the days, and need not follow each minute. */
function useHour(): Date {
  const [hour, setHour] = useState(() => Math.floor(Date.now() / 3_600_000))
  useEffect(() => {
    const timer = setTimeout(() => setHour(Math.floor(Date.now() / 3_600_000)), (hour + 1) * 3_600_000 - Date.now() + 1000)
    return () => clearTimeout(timer)
  }, [hour])
  return useMemo(() => new Date(hour * 3_600_000), [hour])
}
