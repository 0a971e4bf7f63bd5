import type { ReactNode } from 'react'
import { Link } from 'react-router'

import { beforeOf, changeOf, useMeasures, valueOf, type Answer } from '../api/hooks'
import type { Filter, Result } from '../api/types'
import { measured, tooFew } from '../format'
import { shortName } from '../names/measures'
import { Counted } from './Counted'
import { Delta } from './Delta'
import styles from './Figure.module.css'
import { Interval } from './Interval'
import { ProblemNote } from './ProblemNote'
import { SessionsLink } from './SessionsLink'
import { Skeleton } from './Skeleton'
import { Sparkline } from './Sparkline'

interface Props {
  measure: string
  /** Its total is the figure. */
  answer: Answer<Result>
  /** The same measure by time; without one there is no line. */
  trend?: Answer<Result>
  /** Where the figure leads: to its sessions without one. */
  href?: string
  /** A few words below it, such as how many answered. */
  note?: ReactNode
  /** The answer was asked with these on top of the view's: its sessions are listed by them too. */
  filters?: Filter[]
  /** The answer was asked without the view's filters of these dimensions. */
  without?: string[]
}

/** One number, big and quiet: how it changed, how sure it is, its course, how it is counted. The number opens its sessions. */
export function Figure(props: Props) {
  const { measure, answer, trend } = props
  const known = useMeasures()(measure)
  if (answer.error && !answer.data) {
    return (
      <div className={styles.figure}>
        <ProblemNote problem={answer.error} retry={answer.retry} />
      </div>
    )
  }
  if (!answer.data || !known) {
    return (
      <div className={styles.figure} aria-busy="true">
        <Skeleton height={trend ? 118 : 82} shape="text" />
      </div>
    )
  }
  const result = answer.data
  const value = valueOf(result, undefined, measure)
  const label = shortName(measure, known.label)
  const text = measured(known.unit, known.kind, value.value)
  return (
    <div className={styles.figure} data-refreshing={answer.refreshing || undefined}>
      <div className={styles.head}>
        <span className={styles.label} title={label}>
          {label}
        </span>
        <Counted measure={measure} value={value} of={result} filters={props.filters} without={props.without} />
      </div>
      <div className={styles.number}>
        {value.value === null ? (
          <span className={styles.none}>{value.too_few ? tooFew(value.denominator ?? 0) : text}</span>
        ) : props.href ? (
          <Link to={props.href} className={styles.value}>
            {text}
          </Link>
        ) : (
          <SessionsLink measure={measure} filters={props.filters} without={props.without} className={styles.value} title="Show these sessions">
            {text}
          </SessionsLink>
        )}
        <Interval value={value} unit={known.unit} />
      </div>
      <div className={styles.change}>
        <Delta
          change={changeOf(result, undefined, measure)}
          better={known.better}
          unit={known.unit}
          value={value}
          before={beforeOf(result, undefined, measure)}
        />
        {props.note && <span className={styles.note}>{props.note}</span>}
      </div>
      {trend && <Course measure={measure} label={label} trend={trend} zero={known.kind === 'count'} />}
    </div>
  )
}

function Course({ measure, label, trend, zero }: { measure: string; label: string; trend: Answer<Result>; zero: boolean }) {
  const rows = trend.data?.rows ?? []
  const values = trend.data ? rows.map((row) => valueOf(trend.data as Result, row, measure).value) : []
  return (
    <div className={styles.course}>
      <Sparkline values={values} label={`${label} over time`} unfinished={rows.at(-1)?.partial} zero={zero} />
    </div>
  )
}
