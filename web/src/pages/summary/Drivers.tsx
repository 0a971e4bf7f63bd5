import { useMemo, type ReactNode } from 'react'
import { Link } from 'react-router'
import { useDriverAnswer, type Answer } from '../../api/hooks'
import type { Driver, DriverResult, Filter } from '../../api/types'
import { count, dash, percent } from '../../format'
import { shortName } from '../../names/measures'
import { topicName, topicPath } from '../../names/topics'
import { tooFewHere } from '../../parts/columns'
import { DataTable } from '../../parts/DataTable'
import { finePoints, reach, toWin } from '../../parts/driver'
import { Empty } from '../../parts/Empty'
import { Panel } from '../../parts/Panel'
import { Segmented } from '../../parts/Segmented'
import { SessionsLink } from '../../parts/SessionsLink'
import type { Column, Table } from '../../parts/table'
import { TopicName } from '../../parts/TopicName'
import { useTopicsKnown } from '../../parts/useTopicsKnown'
import { Whisker } from '../../parts/Whisker'
import { useChoice, useLink } from '../../view/view'
import { driven, driversOf, type Driven } from './asks'
import css from './Summary.module.css'

const words: Record<Driven, { moved: string; win: string; headroom: string; among: string }> = {
  resolution_rate: { moved: 'resolution', win: 'To win', headroom: 'more would be resolved', among: 'were not resolved' },
  escalation_rate: { moved: 'escalation', win: 'To save', headroom: 'fewer would be escalated', among: 'were escalated' },
  abandon_rate: { moved: 'abandonment', win: 'To save', headroom: 'fewer would be abandoned', among: 'were abandoned' },
}

const ways = driven.map((measure) => ({ value: measure, label: shortName(measure) }))

const kinds = [
  { value: 'custom', label: 'Custom topics' },
  { value: 'all', label: 'All topics' },
] as const

/** Which topics move the three outcome rates: all three are asked for at once, one is shown. */
export function Drivers() {
  const answers: Record<Driven, Answer<DriverResult>> = {
    resolution_rate: useDriverAnswer(driversOf('resolution_rate')),
    escalation_rate: useDriverAnswer(driversOf('escalation_rate')),
    abandon_rate: useDriverAnswer(driversOf('abandon_rate')),
  }
  const [measure, setMeasure] = useChoice('moves', 'resolution_rate', ways)
  const answer = answers[measure]
  const { known, loading } = useTopicsKnown()
  const [which, setWhich] = useChoice('topics', 'custom', kinds)
  // A topic without an engaged session that is over has no rate, and moves none.
  const all = useMemo(() => answer.data?.drivers.filter(({ value }) => (value.denominator ?? 0) > 0) ?? [], [answer.data])
  // Topics of the platform often move most, and nobody can rewrite them: first come those that somebody can.
  const custom = useMemo(() => all.filter(({ key }) => known?.get(key)?.kind === 'custom'), [all, known])
  const choice = custom.length > 0 && custom.length < all.length
  const drivers = choice && which !== 'all' ? custom : all
  return (
    <Panel
      title={`What moves ${words[measure].moved}`}
      help={<Help measure={measure} />}
      answer={{ ...answer, loading: answer.loading || loading }}
      minHeight={answer.data ? 0 : 400}
      shape="table"
      actions={
        <Segmented label="What moves which rate" value={measure} onChange={(next) => setMeasure(next, { replace: true })} options={ways} />
      }
      empty={drivers.length === 0 && <Nothing />}
    >
      {() => (
        <>
          {choice && (
            <div className={css.which}>
              <Segmented label="Which topics" value={which} onChange={(next) => setWhich(next, { replace: true })} options={kinds} />
            </div>
          )}
          <Topics key={measure} measure={measure} drivers={drivers} more={answer.data?.more ?? 0} />
        </>
      )}
    </Panel>
  )
}

function Topics({ measure, drivers, more }: { measure: Driven; drivers: Driver[]; more: number }) {
  const link = useLink()
  const table = useMemo(() => tableOf(measure, drivers), [measure, drivers])
  return (
    <>
      <DataTable
        table={table}
        caption={`Topics by what each does to the rate, ${words[measure].moved}`}
        rowHref={(driver) => link(topicPath(driver.key))}
        csv={`${measure}-drivers`}
        limit={8}
      />
      {more > 0 && (
        <p className={css.more}>
          {count(more)} {more === 1 ? 'topic' : 'topics'} with less impact {more === 1 ? 'is' : 'are'} on <Link to={link('/topics')} className={css.link}>Topics</Link>.
        </p>
      )}
    </>
  )
}

function tableOf(measure: Driven, drivers: Driver[]): Table<Driver> {
  const scale = reach(drivers)
  const better = measure === 'resolution_rate' ? 1 : -1
  const columns: Column<Driver>[] = [
    { key: 'topic', title: 'Topic', kind: 'text', value: (driver) => topicName(driver.key, driver.label), cell: (driver) => <TopicName id={driver.key} name={driver.label} /> },
    {
      key: 'rate',
      title: 'Rate',
      kind: 'rate',
      value: (driver) => driver.value.value,
      counted: (driver) => driver.value,
      cell: (driver) => <Rate driver={driver} measure={measure} />,
      help: 'Of the engaged sessions of the topic that are over',
    },
    {
      key: 'sessions',
      title: 'Sessions',
      kind: 'count',
      value: (driver) => driver.volume,
      cell: (driver) => <Opens driver={driver} measure="sessions" text={count(driver.volume)} />,
      help: 'All sessions of the topic, engaged or not',
      roomy: true,
    },
    {
      key: 'impact',
      title: 'Impact',
      kind: 'custom',
      align: 'right',
      value: (driver) => driver.impact,
      cell: (driver) =>
        driver.impact === null ? (
          dash
        ) : (
          <SessionsLink measure={measure} denominator filters={of(driver)} className={css.impact} title="Show the sessions of this topic">
            <Whisker value={driver.impact} low={driver.impact_low} high={driver.impact_high} scale={scale} better={better} write={finePoints} />
          </SessionsLink>
        ),
      help: 'The rate of all minus what it would be without the topic, and its 95 % interval',
    },
    {
      key: 'headroom',
      title: words[measure].win,
      kind: 'count',
      value: (driver) => (driver.headroom === null ? null : Math.round(driver.headroom)),
      cell: (driver) => (toWin(driver) > 0 ? <Opens driver={driver} {...behind(measure)} text={count(toWin(driver))} title={`Show the sessions that ${words[measure].among}`} /> : dash),
      help: `How many ${words[measure].headroom} if the topic were like the rest`,
    },
  ]
  return { columns, rows: drivers, key: (driver) => driver.key }
}

function Rate({ driver, measure }: { driver: Driver; measure: Driven }) {
  const { value, numerator, too_few: few } = driver.value
  const text = few ? tooFewHere : percent(value)
  return numerator ? <Opens driver={driver} measure={measure} text={text} /> : text
}

/** Among which sessions there is something to win: those that were not resolved, or those that were escalated or abandoned. */
function behind(measure: Driven): { measure: string; filters: Filter[] } {
  if (measure !== 'resolution_rate') return { measure, filters: [] }
  return { measure: 'engaged_finished_sessions', filters: [{ dimension: 'outcome', values: ['resolved'], exclude: true }] }
}

interface OpensProps {
  driver: Driver
  measure: string
  filters?: Filter[]
  text: ReactNode
  title?: string
}

/** A number of a row, which opens the sessions that it counted. */
function Opens({ driver, measure, filters = [], text, title = 'Show these sessions' }: OpensProps) {
  return (
    <SessionsLink measure={measure} filters={[...of(driver), ...filters]} title={title}>
      {text}
    </SessionsLink>
  )
}

function of(driver: Driver): Filter[] {
  return [{ dimension: 'topic', values: [driver.key] }]
}

function Help({ measure }: { measure: Driven }) {
  return (
    <>
      <p>
        <b>Impact</b> is the rate of all sessions minus what it would be without the topic’s. The line is its 95 % interval; where it crosses zero, it may be chance.
      </p>
      <p>
        <b>{words[measure].win}</b> is how many sessions {words[measure].headroom} if the topic were like the rest.
      </p>
      <p>
        <b>Custom topics</b> are those that the bot’s authors wrote. The platform’s own, such as Conversation Start, and sessions without any topic are
        under All topics.
      </p>
      <p>A session counts for one topic. A topic that people reach when they are already lost has a bad rate without any fault of its own.</p>
    </>
  )
}

function Nothing() {
  const link = useLink()
  return (
    <Empty title="No session was engaged and is over" icon="chart">
      Outcomes are of engaged sessions. Choose a longer range, or see on <Link to={link('/engagement')} className={css.link}>Engagement</Link>{' '}
      what people said in the others.
    </Empty>
  )
}
