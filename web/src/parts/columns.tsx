import { measured } from '../format'
import type { Measure, Value } from '../api/types'
import { shortName } from '../names/measures'
import styles from './columns.module.css'
import type { Column, Kind } from './table'
import { inWords } from './words'

interface Of<R> {
  /** Of the measure. */
  key: string
  /** Measures by name; none while their list is on its way. */
  known: (name: string) => Measure | undefined
  title?: string
  of: (row: R) => Value | undefined
  /** The sessions behind the number. */
  href?: (row: R) => string | undefined
  width?: number
}

/** How many there are is said when pointed at, and stands in a column of its own, mostly. */
export const tooFewHere = <span className={styles.few}>too few</span>

/** A column of a measure: written as its unit asks, with its counts and interval behind it and in the CSV. */
export function measureColumn<R>({ key, known, title, of, href, width }: Of<R>): Column<R> {
  const measure = known(key)
  const rated = measure?.kind === 'rate' || measure?.kind === 'mean'
  return {
    key,
    title: title ?? shortName(key, measure?.label ?? key),
    kind: kindOf(measure),
    value: (row) => of(row)?.value ?? null,
    cell: (row) => {
      const value = of(row)
      if (value?.too_few) return tooFewHere
      return measured(measure?.unit ?? '', measure?.kind ?? '', value?.value)
    },
    ...(rated && { counted: of }),
    ...(measure && { help: inWords(meaning(measure), known) }),
    ...(href && { href }),
    ...(width && { width }),
  }
}

/** What is divided by what, and what misleads about it. */
function meaning({ formula, denominator, caveats }: Measure): string {
  const divided = denominator ? `${formula.charAt(0).toUpperCase()}${formula.slice(1)}. ` : ''
  return divided + caveats
}

function kindOf(measure: Measure | undefined): Kind {
  if (measure?.unit === 'share') return 'rate'
  if (measure?.unit === 'ms') return 'duration'
  return measure?.kind === 'mean' || measure?.kind === 'ratio' ? 'mean' : 'count'
}
