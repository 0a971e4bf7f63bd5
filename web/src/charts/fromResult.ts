import type { Grain, Result, Value } from '../api/types'
import { bucketName, bucketTitle } from '../format'
import type { Look } from './palette'
import type { Bucket, Series } from './time'

/** How long the buckets of an answer by time are, as its rows show it. */
export function grainOf(result: Result): Grain {
  const label = result.rows[0]?.labels[0] ?? ''
  if (label.length === 7) return 'month'
  if (label.length > 10) return 'hour'
  const starts = result.rows.map((row) => Date.parse(row.keys[0] ?? ''))
  const steps = starts.slice(1).map((start, i) => start - (starts[i] ?? 0))
  return steps.length > 0 && Math.min(...steps) > 6 * 86_400_000 ? 'week' : 'day'
}

/**
 * The buckets of an answer by time alone, in order. Each ends where the next begins; the first begins and the last ends with the period,
 * so that a bucket's ends open what it counted.
 */
export function timeBuckets(result: Result): Bucket[] {
  const grain = grainOf(result)
  const start = result.period?.from
  return result.rows.map((row, i) => {
    const key = row.keys[0] ?? ''
    return {
      key,
      label: bucketName(key, result.zone, grain),
      title: bucketTitle(key, result.zone, grain),
      from: start && Date.parse(start) > Date.parse(key) ? start : key,
      to: result.rows[i + 1]?.keys[0] ?? result.period?.to,
      partial: row.partial === true,
    }
  })
}

/** One measure of an answer by time alone, with its interval, its counts and what was before. */
export function timeSeries(result: Result, measure: string, look: Look, label: string): Series {
  const at = result.measures.indexOf(measure)
  const values = result.rows.map((row) => row.values[at] ?? { value: null })
  const before = result.rows.map((row) => row.before?.[at]?.value ?? null)
  return {
    key: measure,
    label,
    ...look,
    ...figures(values),
    ...(result.rows.some((row) => row.before) && { before }),
  }
}

function figures(values: (Value | undefined)[]): Pick<Series, 'values' | 'low' | 'high' | 'counts'> {
  const bounded = values.some((value) => value?.low !== undefined)
  return {
    values: values.map((value) => value?.value ?? null),
    counts: values,
    ...(bounded && { low: values.map((value) => value?.low ?? null), high: values.map((value) => value?.high ?? null) }),
  }
}
