import { useMemo } from 'react'
import { useAnswer, useMeasures, valueOf } from '../../api/hooks'
import type { Filter, Measure, Result, Row } from '../../api/types'
import { endings, withoutOutcome } from '../../charts/endings'
import { channelName } from '../../names/channels'
import { topicName, topicPath } from '../../names/topics'
import { measureColumn } from '../../parts/columns'
import { DataTable } from '../../parts/DataTable'
import { Panel } from '../../parts/Panel'
import { Segmented } from '../../parts/Segmented'
import { useSessionsHref, type SessionsOf } from '../../parts/SessionsLink'
import { Share } from '../../parts/Share'
import type { Column, Table } from '../../parts/table'
import { TopicName } from '../../parts/TopicName'
import { useChoice, useFilter, useLink } from '../../view/view'
import { NoOutcomes } from './NoOutcomes'
import css from './Outcomes.module.css'

type By = 'channel' | 'topic' | 'turns' | 'duration'

const ways: { value: By; label: string; column: string; sort?: string }[] = [
  { value: 'channel', label: 'Channel', column: 'Channel', sort: '-sessions' },
  { value: 'topic', label: 'Topic', column: 'Topic', sort: '-sessions' },
  { value: 'turns', label: 'Turns', column: 'Turns (messages of both sides)' },
  { value: 'duration', label: 'Duration', column: 'From first to last activity' },
]

/** The same outcomes by where, about what and how long: which kinds of sessions end well. */
export function OutcomesBy() {
  const [by, choose] = useChoice('by', 'channel', ways)
  const way = ways.find(({ value }) => value === by)
  const answer = useAnswer({
    measures: ['engaged_finished_sessions', withoutOutcome.measure, ...endings.flatMap(({ measure, rate }) => [measure, rate])],
    dimensions: [by],
  })
  const filter = useFilter()
  const link = useLink()
  const sessions = useSessionsHref()
  const known = useMeasures()
  const table = useMemo(
    () => (answer.data && answer.data.dimensions[0] === by ? tableOf(answer.data, by, way?.column ?? '', known, sessions) : undefined),
    [answer.data, by, way, known, sessions],
  )
  return (
    <Panel
      title="Which sessions end how"
      help="Rates are of the engaged sessions that are over; point at one for its counts and its 95 % interval. Click a name to show only it, with Ctrl or ⌘ to leave it out; a topic leads to its own page."
      answer={answer}
      minHeight={table ? 0 : 280}
      shape="table"
      actions={<Segmented label="By what" value={by} onChange={(next) => choose(next, { replace: true })} options={ways} />}
      empty={table?.rows.length === 0 && <NoOutcomes />}
    >
      {() =>
        table && (
          <DataTable
            key={by}
            table={table}
            caption={`Outcomes by ${by}`}
            initialSort={way?.sort}
            limit={10}
            csv={`outcomes-by-${by}`}
            onFilter={(row, exclude) => filter.toggle(by, row.keys[0] ?? '', exclude)}
            {...(by === 'topic' && { rowHref: (row: Row) => link(topicPath(row.keys[0] ?? '')) })}
          />
        )
      }
    </Panel>
  )
}

function nameOf(by: By, row: Row): string {
  const [key = '', label = ''] = [row.keys[0], row.labels[0]]
  if (by === 'topic') return topicName(key, label)
  if (by === 'channel') return channelName(key)
  return label || 'Unknown'
}

function tableOf(
  result: Result,
  by: By,
  title: string,
  known: (name: string) => Measure | undefined,
  sessions: (of: SessionsOf) => string,
): Table<Row> {
  const only = (row: Row): Filter[] => [{ dimension: by, values: [row.keys[0] ?? ''] }]
  const number = (row: Row, measure: string) => valueOf(result, row, measure).value ?? 0
  const without = (result.total.values[result.measures.indexOf(withoutOutcome.measure)]?.value ?? 0) > 0
  const columns: Column<Row>[] = [
    {
      key: by,
      title,
      kind: 'text',
      value: (row) => nameOf(by, row),
      ...(by === 'topic' && { cell: (row: Row) => <TopicName id={row.keys[0] ?? ''} name={nameOf(by, row)} /> }),
      sortable: by !== 'turns' && by !== 'duration',
    },
    {
      key: 'sessions',
      title: 'Ended',
      kind: 'count',
      help: 'Engaged sessions that are over: what the rates are of',
      value: (row) => number(row, 'engaged_finished_sessions'),
      href: (row) => sessions({ measure: 'engaged_finished_sessions', filters: only(row) }),
    },
    {
      key: 'shares',
      title: 'How they ended',
      kind: 'custom',
      sortable: false,
      csv: false,
      value: () => null,
      cell: (row) => (
        <span className={css.bar}>
          <Share
            compact
            label={`${nameOf(by, row)}, how sessions ended`}
            parts={[...endings, ...(without ? [withoutOutcome] : [])].map(({ measure, label, look }) => ({
              key: measure,
              label,
              value: number(row, measure),
              ...look,
            }))}
          />
        </span>
      ),
      width: 160,
    },
    ...endings.map(({ rate }) =>
      measureColumn<Row>({
        key: rate,
        known,
        of: (row) => valueOf(result, row, rate),
        href: (row) => (number(row, rate) > 0 ? sessions({ measure: rate, filters: only(row) }) : undefined),
      }),
    ),
  ]
  const rows = result.rows.filter((row) => number(row, 'engaged_finished_sessions') > 0)
  return { columns, rows, key: (row) => row.keys[0] ?? '' }
}
