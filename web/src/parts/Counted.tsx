import { useMeasures } from '../api/hooks'
import type { Filter, Measure, Period, Value } from '../api/types'
import { count, dateTime, mean, measured, percent } from '../format'
import { Button } from './Button'
import styles from './Counted.module.css'
import { Popover } from './Popover'
import { SessionsLink } from './SessionsLink'
import { countsSessions, inWords } from './words'

interface Props {
  measure: string
  value: Value
  /** What the answer says of itself. */
  of: { definition: string; zone: string; period?: Period | null | undefined }
  filters?: Filter[]
  without?: string[]
}

/** "How is this counted": what a figure is made of, and the sessions behind it. */
export function Counted({ measure, value, of, filters, without }: Props) {
  const measures = useMeasures()
  const known = measures(measure)
  if (!known) return null
  return (
    <Popover
      label={`How ${known.label} is counted`}
      trigger={<Button small look="quiet" icon="info" aria-label={`How is ${known.label} counted?`} title="How is this counted?" />}
    >
      <h3 className={styles.title}>{known.label}</h3>
      <p className={styles.formula}>{known.formula}</p>
      <dl className={styles.parts}>
        <Part words={known.kind === 'mean' ? 'Adds up' : 'Counts'} text={known.numerator} figure={numerator(known, value)} />
        {known.denominator && <Part words="Of" text={known.denominator} figure={count(value.denominator)} />}
        {value.low !== undefined && value.high !== undefined && (
          <Part words="95 % interval" text={`${ends(known, value.low)} to ${ends(known, value.high)}`} />
        )}
        <Part words="Definition" text={of.definition} />
        {of.period && <Part words="From" text={`${dateTime(of.period.from, of.zone)} to ${dateTime(of.period.to, of.zone)}, ${of.zone}`} />}
      </dl>
      {value.too_few && <p className={styles.mind}>Too few to say: a rate or mean of so small a number would mislead.</p>}
      {known.caveats && <p className={styles.mind}>{inWords(known.caveats, measures)}</p>}
      <p className={styles.links}>
        {known.kind !== 'mean' && known.kind !== 'rank' && (value.numerator ?? 0) > 0 && (
          <SessionsLink measure={measure} filters={filters} without={without}>
            {countsSessions(known.numerator)
              ? `Show the ${count(value.numerator)} ${known.table === 'billed' ? 'billed sessions' : 'sessions'}`
              : `Show the sessions of the ${count(value.numerator)}`}
          </SessionsLink>
        )}
        {known.denominator && (value.denominator ?? 0) > 0 && (
          <SessionsLink measure={measure} denominator filters={filters} without={without}>
            {`Show ${countsSessions(known.denominator) ? '' : 'the sessions of '}all ${count(value.denominator)}`}
          </SessionsLink>
        )}
      </p>
    </Popover>
  )
}

function Part({ words, text, figure }: { words: string; text: string; figure?: string }) {
  return (
    <>
      <dt>{words}</dt>
      <dd>
        {text}
        {figure && <b className={styles.figure}>{figure}</b>}
      </dd>
    </>
  )
}

function numerator(measure: Measure, value: Value): string {
  return measure.denominator ? count(value.numerator) : measured(measure.unit, measure.kind, value.value)
}

function ends(measure: Measure, v: number): string {
  return measure.unit === 'share' ? percent(v) : mean(v)
}
