import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { usePeriod } from '../view/period'
import { comparisonOf, questionOf, type Narrower } from '../view/question'
import { useView } from '../view/view'
import { answerOf, type Answer } from './answer'
import { askDrivers, askQuery } from './batch'
import type { Change, DriverQuery, DriverResult, Grain, Query, Result, Row, Value } from './types'

export interface Ask extends Narrower {
  measures: string[]
  dimensions?: string[]
  /** With a grain the answer has a row for each bucket of time, before the other dimensions. */
  grain?: Grain | 'auto'
  compare?: boolean
  sort?: string
  limit?: number
  minimumCount?: number
}

export interface DriverAsk extends Narrower {
  measure: string
  dimension?: string
  limit?: number
  compare?: boolean
}

/** The answer to a question within the view: its range, zone, bots, filters and definition. Without a question there is none. */
export function useAnswer(ask: Ask | null): Answer<Result> {
  const view = useView()
  const period = usePeriod()
  const query = ask && period.range ? queryOf(ask) : null
  const asked = useQuery({
    queryKey: ['answer', query],
    queryFn: ({ signal }) => askQuery(query as Query, signal),
    enabled: query !== null,
    placeholderData: keepPreviousData,
  })
  return answerOf(asked, ask === null, period.state === 'error' ? period : undefined)

  function queryOf({ measures, dimensions = [], grain, compare, sort, limit, minimumCount, ...own }: Ask): Query {
    return {
      ...questionOf(view, period.range ?? {}, own),
      measures,
      ...(grain ? { grain: grain === 'auto' ? period.grain : grain } : {}),
      dimensions: grain && !dimensions.includes('time') ? ['time', ...dimensions] : dimensions,
      ...(compare && period.range?.from ? comparisonOf(view) : {}),
      ...(sort === undefined ? {} : { sort }),
      ...(limit === undefined ? {} : { limit }),
      ...(minimumCount === undefined ? {} : { minimum_count: minimumCount }),
    }
  }
}

/** What moves a measure: the groups of a dimension (topics, unless another is asked for), largest impact first. */
export function useDriverAnswer(ask: DriverAsk | null): Answer<DriverResult> {
  const view = useView()
  const period = usePeriod()
  const query = ask && period.range ? queryOf(ask) : null
  const asked = useQuery({
    queryKey: ['drivers', query],
    queryFn: ({ signal }) => askDrivers(query as DriverQuery, signal),
    enabled: query !== null,
    placeholderData: keepPreviousData,
  })
  return answerOf(asked, ask === null, period.state === 'error' ? period : undefined)

  function queryOf({ measure, dimension, limit, compare, ...own }: DriverAsk): DriverQuery {
    return {
      ...questionOf(view, period.range ?? {}, own),
      measure,
      ...(dimension ? { dimension } : {}),
      ...(limit === undefined ? {} : { limit }),
      ...(compare && period.range?.from ? comparisonOf(view) : {}),
    }
  }
}

const nothing: Value = { value: null }

/** A measure of a row, or of the total when no row is given. */
export function valueOf(result: Result, row: Row | undefined, measure: string): Value {
  return (row ?? result.total).values[result.measures.indexOf(measure)] ?? nothing
}

/** The same of the period that it is compared with. */
export function beforeOf(result: Result, row: Row | undefined, measure: string): Value | undefined {
  return (row ?? result.total).before?.[result.measures.indexOf(measure)]
}

export function changeOf(result: Result, row: Row | undefined, measure: string): Change | undefined {
  return (row ?? result.total).changes?.[result.measures.indexOf(measure)] ?? undefined
}
