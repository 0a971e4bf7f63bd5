import { useMemo } from 'react'
import type { Driver, Value } from '../../api/types'
import { count, dash, mean, meanChange, percent } from '../../format'
import { shortName } from '../../names/measures'
import { tooFewHere } from '../../parts/columns'
import { DataTable } from '../../parts/DataTable'
import { finePoints, reach, toWin } from '../../parts/driver'
import { Panel } from '../../parts/Panel'
import { SessionsLink } from '../../parts/SessionsLink'
import type { Column, Table } from '../../parts/table'
import { Whisker } from '../../parts/Whisker'
import { better } from './topicColumns'
import css from './TopicDetail.module.css'
import { type Drivers, type Held, held } from './topicRows'
import { useHeldDrivers } from './useHeldDrivers'

type Line = { measure: Held; driver: Driver | undefined; overall: Value; rest: number | null }

/** The topic's rates beside those of all sessions, and what it does to them. */
export function BesideOthers({ topic }: { topic: string }) {
  const { drivers, answers } = useHeldDrivers(true)
  const lines = useMemo(() => linesOf(topic, drivers), [topic, drivers])
  const table = useMemo(() => tableOf(topic, lines), [topic, lines])
  return (
    <Panel
      title="Beside the others"
      help={
        <>
          <p>
            <b>Impact</b> is the value of all sessions minus the value without this topic, with its 95 % interval. Where the line crosses zero, it may be
            chance.
          </p>
          <p>
            <b>To win</b> is how many sessions would end better if the topic were like the others.
          </p>
          <p>
            <b>Part in the change</b> is how much of the change since the period before came from this topic: from its own rate, and from its share of
            the sessions.
          </p>
        </>
      }
      answer={answers}
      minHeight={220}
      shape="table"
    >
      {() => <DataTable table={table} caption="The topic’s rates beside those of all sessions" csv="topic-impact" />}
    </Panel>
  )
}

function linesOf(topic: string, drivers: Drivers): Line[] {
  return held.flatMap((measure) => {
    const result = drivers[measure]
    if (!result) return []
    const driver = result.drivers.find((one) => one.key === topic)
    return [{ measure, driver, overall: result.overall, rest: without(driver, result.overall) }]
  })
}

/** The value without the topic: impact is the value with it minus that. */
function without(driver: Driver | undefined, overall: Value): number | null {
  if (!driver || driver.impact === null || overall.value === null) return null
  return overall.value - driver.impact
}

function tableOf(topic: string, lines: Line[]): Table<Line> {
  const write = (line: Line, value: number | null | undefined) => (line.measure === 'csat_score' ? mean(value) : percent(value))
  const figure = (key: string, title: string, value: (line: Line) => number | null, more: Partial<Column<Line>> = {}): Column<Line> => ({
    key,
    title,
    kind: 'mean',
    sortable: false,
    value,
    cell: (line) => write(line, value(line)),
    ...more,
  })
  // The rates share one scale, so that their whiskers can be compared. A score has its own.
  const scale = reach(lines.flatMap(({ measure, driver }) => (driver && measure !== 'csat_score' ? [driver] : [])))
  return {
    rows: lines,
    key: (line) => line.measure,
    columns: [
      { key: 'measure', title: 'Rate', kind: 'text', value: (line) => shortName(line.measure), sortable: false },
      figure('here', 'This topic', (line) => line.driver?.value.value ?? null, {
        cell: (line) => <Here topic={topic} line={line} />,
        counted: (line) => line.driver?.value,
      }),
      figure('rest', 'The others', (line) => line.rest, { help: 'All other sessions' }),
      figure('overall', 'All', (line) => line.overall.value, { help: 'All sessions, this topic’s too', counted: (line) => line.overall, roomy: true }),
      {
        key: 'impact',
        title: 'Impact',
        kind: 'custom',
        align: 'right',
        sortable: false,
        value: (line) => line.driver?.impact ?? null,
        cell: (line) => <Impact line={line} scale={scale} />,
      },
      {
        key: 'headroom',
        title: 'To win',
        kind: 'count',
        sortable: false,
        value: (line) => line.driver?.headroom ?? null,
        cell: (line) => (line.driver && line.driver.headroom !== null ? count(toWin(line.driver)) : dash),
      },
      figure('change', 'Part in the change', ({ driver }) => (driver?.rate_effect === undefined ? null : driver.rate_effect + (driver.mix_effect ?? 0)), {
        cell: (line) => <PartInChange line={line} />,
        roomy: true,
      }),
    ],
  }
}

function Here({ topic, line: { measure, driver } }: { topic: string; line: Line }) {
  if (!driver) return dash
  const text = driver.value.too_few ? tooFewHere : measure === 'csat_score' ? mean(driver.value.value) : percent(driver.value.value)
  return (
    <SessionsLink measure={measure} denominator={measure === 'csat_score'} filters={[{ dimension: 'topic', values: [topic] }]}>
      {text}
    </SessionsLink>
  )
}

function Impact({ line: { measure, driver }, scale }: { line: Line; scale: number }) {
  if (!driver || driver.impact === null) return <span className={css.quiet}>too few to say</span>
  const rate = measure !== 'csat_score'
  return (
    <Whisker
      value={driver.impact}
      low={driver.impact_low}
      high={driver.impact_high}
      scale={rate ? scale : reach([driver])}
      better={better[measure]}
      write={rate ? finePoints : meanChange}
    />
  )
}

function PartInChange({ line: { measure, driver } }: { line: Line }) {
  if (driver?.rate_effect === undefined) return dash
  const write = measure === 'csat_score' ? meanChange : finePoints
  const mix = driver.mix_effect ?? 0
  return <span title={`${write(driver.rate_effect)} by its own rate, ${write(mix)} by its share of the sessions`}>{write(driver.rate_effect + mix)}</span>
}
