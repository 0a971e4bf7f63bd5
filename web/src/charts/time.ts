import type { Value } from '../api/types'
import { count, mean, percent } from '../format'
import type { Pattern } from './palette'

export interface Bucket {
  key: string
  /** On the axis. */
  label: string
  /** In full, where there is room: "week of Jun 8, 2026". */
  title?: string
  from?: string
  to?: string
  /** Not over yet, or only a part of it lies in the range. */
  partial?: boolean
}

export interface Series {
  key: string
  label: string
  /** A variable of the theme. */
  color: string
  pattern?: Pattern
  values: (number | null)[]
  low?: (number | null)[]
  high?: (number | null)[]
  /** Of the period that it is compared with. */
  before?: (number | null)[]
  /** The counts behind each value, for the tooltip. */
  counts?: (Pick<Value, 'numerator' | 'denominator'> | undefined)[]
}

export type Unit = 'count' | 'rate' | 'mean'

export function written(unit: Unit, v: number | null | undefined): string {
  return unit === 'rate' ? percent(v) : unit === 'mean' ? mean(v) : count(v)
}

/** A chart in a sentence or two, for those who do not see it. The table behind it has all of it. */
export function summary(label: string, buckets: Bucket[], series: Series[], unit: Unit, zone: string): string {
  const parts = series.map((one) => {
    const known = one.values.flatMap((value, i) => (value === null ? [] : [{ value, at: buckets[i]?.title ?? buckets[i]?.label ?? '' }]))
    const [first, last] = [known[0], known.at(-1)]
    if (!first || !last) return `${one.label}: nothing.`
    const most = known.reduce((a, b) => (b.value > a.value ? b : a))
    return `${one.label}: from ${written(unit, first.value)} (${first.at}) to ${written(unit, last.value)} (${last.at}), highest ${written(unit, most.value)} (${most.at}).`
  })
  return `${label}, times in ${zone}. ${parts.join(' ')}`
}

/** Which series a click at this height of a bucket means: the part of the stack, or the nearest line. */
export function seriesAt(series: Series[], bucket: number, height: number, kind: 'stacked' | 'lines'): Series | undefined {
  if (kind === 'lines') {
    const far = (one: Series) => Math.abs((one.values[bucket] ?? Infinity) - height)
    const near = series.filter((one) => typeof one.values[bucket] === 'number')
    return near.reduce<Series | undefined>((best, one) => (best && far(best) <= far(one) ? best : one), undefined)
  }
  let top = 0
  for (const one of series) {
    top += one.values[bucket] ?? 0
    if (height <= top) return one
  }
  // Above the stack: its topmost part, so that small days can be hit at all.
  return series.findLast((one) => (one.values[bucket] ?? 0) > 0)
}
