import { measured, tooFew } from '../format'
import type { Measure, Value } from '../api/types'
import styles from './columns.module.css'
import type { Column, Kind } from './table'

interface Of<R> {
  key: string
  /** Undefined while the list of measures is on its way. */
  measure: Measure | undefined
  title?: string
  of: (row: R) => Value | undefined
  /** The sessions behind the number. */
  href?: (row: R) => string | undefined
  width?: number
}

/** A column of a measure: written as its unit asks, with its counts and interval behind it and in the CSV. */
export function measureColumn<R>({ key, measure, title, of, href, width }: Of<R>): Column<R> {
  const rated = measure?.kind === 'rate' || measure?.kind === 'mean'
  return {
    key,
    title: title ?? measure?.label ?? key,
    kind: kindOf(measure),
    value: (row) => of(row)?.value ?? null,
    cell: (row) => {
      const value = of(row)
      if (value?.too_few) return <span className={styles.few}>{tooFew(value.denominator ?? 0)}</span>
      return measured(measure?.unit ?? '', measure?.kind ?? '', value?.value)
    },
    ...(rated && { counted: of }),
    ...(measure?.caveats && { help: measure.caveats }),
    ...(href && { href }),
    ...(width && { width }),
  }
}

function kindOf(measure: Measure | undefined): Kind {
  if (measure?.unit === 'share') return 'rate'
  if (measure?.unit === 'ms') return 'duration'
  return measure?.kind === 'mean' || measure?.kind === 'ratio' ? 'mean' : 'count'
}
