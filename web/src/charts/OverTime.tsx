import { useMemo, type ReactNode } from 'react'
import { useNavigate } from 'react-router'
import { beforeOf, useMeasures, valueOf, type Answer } from '../api/hooks'
import type { Filter, Measure, Result, Row, Value } from '../api/types'
import { shortName } from '../names/measures'
import { Panel } from '../parts/Panel'
import { useSessionsHref } from '../parts/SessionsLink'
import type { Column, Table } from '../parts/table'
import { timeBuckets, timeSeries } from './fromResult'
import type { Look } from './palette'
import type { Bucket, Series, Unit } from './time'
import { TimeChart } from './TimeChart'

/** A measure as a line or a layer; without a label it has the measure's own. */
export interface Course {
  measure: string
  label?: string
  look: Look
}

interface Props {
  title: string
  help: ReactNode
  /** Asked by time alone. */
  answer: Answer<Result>
  courses: readonly Course[]
  kind: 'stacked' | 'lines'
  unit: Unit
  /** The highest that a mean can be. */
  most?: number
  csv: string
  actions?: ReactNode
  empty?: ReactNode
  /** Those of the answer on top of the view's, for the sessions that a click opens. */
  filters?: Filter[]
  /** Dimensions whose filters of the view the answer left aside. */
  without?: string[]
  /** What stands above the chart, with the names of its series. */
  words?: ReactNode
  /** What stands below it. */
  note?: ReactNode
}

/** Measures over time. A click opens the sessions of that stretch of time; the table has the counts behind each rate. */
export function OverTime({ title, help, answer, courses, kind, unit, most, csv, actions, empty, filters, without, words, note }: Props) {
  const known = useMeasures()
  const href = useSessionsHref()
  const go = useNavigate()
  const result = answer.data
  const buckets = useMemo(() => (result ? timeBuckets(result) : []), [result])
  const series = useMemo(
    () => (result ? courses.map((course) => seriesOf(result, course, known, kind === 'stacked' || courses.length === 1)) : []),
    [result, courses, known, kind],
  )

  const behind = ({ from, to }: Partial<Bucket> = {}, measure: string) =>
    from && to ? href({ measure, filters, without, range: { from, to } }) : undefined
  const open = (at: number, measure: string) => {
    const sessions = behind(buckets[at], measure)
    if (sessions) void go(sessions)
  }
  return (
    <Panel
      title={title}
      help={help}
      answer={answer}
      minHeight={kind === 'lines' ? 262 : 290}
      actions={actions}
      empty={empty}
      csv={csv}
      table={() => tableOf(result, buckets, courses, known, behind)}
    >
      {() =>
        result && (
          <>
            {words}
            <TimeChart
              kind={kind}
              unit={unit}
              most={most}
              zone={result.zone}
              label={title}
              buckets={buckets}
              series={series}
              named={kind === 'stacked' && Boolean(words)}
              onSelect={open}
            />
            {note}
          </>
        )
      }
    </Panel>
  )
}

type Known = (name: string) => Measure | undefined

/** Several lines are told apart only without those of the period before; the table has them. */
function seriesOf(result: Result, { measure, label, look }: Course, known: Known, compared: boolean): Series {
  const series = timeSeries(result, measure, look, label ?? shortName(measure, known(measure)?.label ?? measure))
  return compared ? series : { ...series, before: undefined }
}

type Behind = (bucket: Bucket | undefined, measure: string) => string | undefined

function tableOf(result: Result | undefined, buckets: Bucket[], courses: readonly Course[], known: Known, behind: Behind): Table<Row> {
  const bucketOf = new Map(buckets.map((bucket) => [bucket.key, bucket]))
  const at = (row: Row) => bucketOf.get(row.keys[0] ?? '')
  const time: Column<Row> = {
    key: 'time',
    // The file has moments alone: its head says of which clock.
    title: result ? `Start (${result.zone})` : 'Start',
    kind: 'time',
    value: (row) => row.keys[0] ?? null,
    cell: (row) => {
      const { title, label, partial } = at(row) ?? {}
      return `${title ?? label}${partial ? ' (only a part)' : ''}`
    },
  }
  const compared = result?.compared !== undefined
  const measures = courses.flatMap(({ measure, label }): Column<Row>[] => {
    const about = known(measure)
    const title = label ?? shortName(measure, about?.label ?? measure)
    const kind = about?.kind === 'rate' ? 'rate' : about?.kind === 'mean' ? 'mean' : 'count'
    const now = (row: Row) => (result ? valueOf(result, row, measure) : undefined)
    const before = (row: Row) => (result ? beforeOf(result, row, measure) : undefined)
    const of = (key: string, name: string, value: (row: Row) => Value | undefined): Column<Row> => ({
      key,
      title: name,
      kind,
      value: (row) => value(row)?.value ?? null,
      ...(about?.denominator && { counted: value }),
    })
    const shown: Column<Row> = { ...of(measure, title, now), href: (row) => (occurred(now(row)) ? behind(at(row), measure) : undefined) }
    return compared ? [shown, of(`${measure}_before`, `${title}, before`, before)] : [shown]
  })
  return { columns: [time, ...measures], rows: result?.rows ?? [], key: (row) => row.keys[0] ?? '', ...(result && { zone: result.zone }) }
}

/** A rate of nothing, or no session at all, has nothing behind it to open. */
function occurred(value: Value | undefined): boolean {
  return (value?.numerator ?? value?.value ?? 0) > 0
}
