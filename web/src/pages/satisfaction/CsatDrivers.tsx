import { useDriverAnswer } from '../../api/hooks'
import type { Driver } from '../../api/types'
import { mean, meanChange } from '../../format'
import { channelName } from '../../names/channels'
import { topicName, topicPath } from '../../names/topics'
import { tooFewHere } from '../../parts/columns'
import { DataTable } from '../../parts/DataTable'
import { reach } from '../../parts/driver'
import { Empty } from '../../parts/Empty'
import { Interval } from '../../parts/Interval'
import { Panel } from '../../parts/Panel'
import { Segmented } from '../../parts/Segmented'
import { useSessionsHref, type SessionsOf } from '../../parts/SessionsLink'
import type { Table } from '../../parts/table'
import { TopicName } from '../../parts/TopicName'
import { useTopicsKnown } from '../../parts/useTopicsKnown'
import { Whisker } from '../../parts/Whisker'
import { useChoice, useFilter, useLink } from '../../view/view'

const ways = [
  { value: 'topic', label: 'Topic' },
  { value: 'channel', label: 'Channel' },
] as const

/** Which topics or channels pull the mean score up or down. */
export function CsatDrivers() {
  const [by, choose] = useChoice('by', 'topic', ways)
  const answer = useDriverAnswer({ measure: 'csat_score', dimension: by })
  useTopicsKnown() // asked with the rest, and not only once names are drawn
  const filter = useFilter()
  const link = useLink()
  const href = useSessionsHref()
  const drivers = answered(answer.data?.drivers ?? [])
  return (
    <Panel
      title="What moves the score"
      help={
        <>
          <p>
            <b>Impact</b> is the mean score of all sessions minus the mean without these. The line is its 95 % interval; where it crosses zero it may
            be chance. Under ten scores there is none.
          </p>
          <p>An association is no cause: people may come to a topic when they are already lost.</p>
        </>
      }
      answer={answer}
      minHeight={300}
      shape="table"
      actions={<Segmented label="By what" value={by} onChange={(next) => choose(next, { replace: true })} options={ways} />}
      empty={answer.data && drivers.length === 0 && <Empty title="No scores to compare">Nobody gave a score in these sessions.</Empty>}
    >
      {() => (
        <DataTable
          key={by}
          table={tableOf(drivers, answer.data?.dimension ?? by, href)}
          caption={`CSAT by ${by}, and what each does to the mean of all`}
          csv={`csat-by-${by}`}
          limit={8}
          onFilter={(driver, exclude) => filter.toggle(by, driver.key, exclude)}
          {...(by === 'topic' && { rowHref: (driver: Driver) => link(topicPath(driver.key)) })}
        />
      )}
    </Panel>
  )
}

/** Those with a score: largest impact first, then those with too few answers for one, most answers first. */
function answered(drivers: Driver[]): Driver[] {
  const answers = (driver: Driver) => driver.value.denominator ?? 0
  const some = drivers.filter((driver) => answers(driver) > 0)
  const few = some.filter(({ impact }) => impact === null).sort((a, b) => answers(b) - answers(a))
  return [...some.filter(({ impact }) => impact !== null), ...few]
}

function tableOf(drivers: Driver[], by: string, href: (of: SessionsOf) => string): Table<Driver> {
  const scale = reach(drivers)
  const only = (driver: Driver) => [{ dimension: by, values: [driver.key] }]
  return {
    columns: [
      {
        key: by,
        title: by === 'topic' ? 'Topic' : 'Channel',
        kind: 'text',
        value: (driver) => (by === 'topic' ? topicName(driver.key, driver.label) : channelName(driver.key)),
        ...(by === 'topic' && { cell: (driver: Driver) => <TopicName id={driver.key} name={driver.label} /> }),
      },
      {
        key: 'score',
        title: 'CSAT',
        kind: 'mean',
        value: (driver) => driver.value.value,
        counted: (driver) => driver.value,
        cell: ({ value }) =>
          value.value === null ? (
            tooFewHere
          ) : (
            <>
              {mean(value.value)} <Interval value={value} unit="score" />
            </>
          ),
      },
      {
        key: 'answers',
        title: 'Answers',
        kind: 'count',
        help: 'Sessions that gave a score',
        value: (driver) => driver.value.denominator ?? null,
        href: (driver) => href({ measure: 'csat_responses', filters: only(driver) }),
      },
      {
        key: 'sessions',
        title: 'Sessions',
        kind: 'count',
        help: 'All sessions, with a score or not',
        value: (driver) => driver.volume,
        href: (driver) => href({ measure: 'sessions', filters: only(driver) }),
      },
      {
        key: 'impact',
        title: 'Impact',
        kind: 'custom',
        align: 'right',
        value: (driver) => driver.impact,
        cell: (driver) => <Whisker value={driver.impact} low={driver.impact_low} high={driver.impact_high} scale={scale} better={1} write={meanChange} />,
        help: 'The mean of all minus the mean without these, and its 95 % interval',
        width: 240,
      },
    ],
    rows: drivers,
    key: (driver) => driver.key,
  }
}
