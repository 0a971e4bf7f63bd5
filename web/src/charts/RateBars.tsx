import type { ReactNode } from 'react'

import type { Value } from '../api/types'
import { count, percent, tooFew } from '../format'
import { BarList } from '../parts/BarList'
import type { Pattern } from './palette'

export interface RateRow {
  key: string
  label: string
  value: Value
  /** A link to the sessions of it, mostly. */
  figure?: ReactNode
  color?: string
  pattern?: Pattern
  active?: boolean
  href?: string
}

interface Props {
  rows: RateRow[]
  label: string
  /** Of all of them: a dotted line across. */
  average?: number | null
  limit?: number
  onFilter?: (key: string, exclude: boolean) => void
}

/** Rates side by side on one axis from 0 to 100 %, each with its interval, against the average. */
export function RateBars({ rows, label, average, limit, onFilter }: Props) {
  return (
    <BarList
      label={label}
      max={1}
      limit={limit}
      onFilter={onFilter}
      mark={typeof average === 'number' ? { value: average, label: `All together: ${percent(average)}` } : undefined}
      rows={rows.map(({ value, figure, ...row }) => ({
        ...row,
        value: value.value,
        figure: figure ?? (value.too_few ? tooFew(value.denominator ?? 0) : percent(value.value)),
        aside: value.denominator === undefined ? undefined : `of ${count(value.denominator)}`,
        ...(value.value !== null && { low: value.low, high: value.high }),
      }))}
    />
  )
}
