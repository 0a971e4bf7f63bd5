import { useMemo } from 'react'
import { changeOf, useAnswer, valueOf } from '../../api/hooks'
import type { Result, Row } from '../../api/types'
import { channelName } from '../../names/channels'
import { topicName, topicPath } from '../../names/topics'
import { DataTable } from '../../parts/DataTable'
import { Delta } from '../../parts/Delta'
import { Empty } from '../../parts/Empty'
import { Panel } from '../../parts/Panel'
import { CountLink } from '../../parts/SessionsLink'
import type { Column, Table } from '../../parts/table'
import { TopicName } from '../../parts/TopicName'
import { useFilter, useLink } from '../../view/view'

type Props = { dimension: 'topic' | 'channel'; title: string; without: string[] }

/** Billed sessions by topic or channel, beside the analytics sessions of the same. */
export function BilledBy({ dimension, title, without }: Props) {
  const link = useLink()
  const { toggle } = useFilter()
  const answer = useAnswer({
    measures: ['billed_sessions', 'billed_turns', 'sessions', 'billed_per_resolved'],
    dimensions: [dimension],
    without,
    compare: true,
    sort: '-billed_sessions',
  })
  const table = useMemo(() => answer.data && tableOf(answer.data, dimension, without), [answer.data, dimension, without])
  const topics = dimension === 'topic'
  return (
    <Panel
      title={title}
      help={
        topics
          ? 'Billed sessions stand at the topic that opened them, analytics sessions at the topic that they are attributed to. They need not be the same sessions.'
          : undefined
      }
      answer={answer}
      minHeight={table ? 0 : topics ? 440 : 240}
      shape="table"
      empty={table?.rows.length === 0 && <Empty title="No billed sessions in this period" />}
    >
      {() =>
        table && (
          <DataTable
            table={table}
            caption={`Billed sessions ${topics ? 'by topic' : 'by channel'}`}
            initialSort="-billed_sessions"
            onFilter={(row, exclude) => toggle(dimension, keyOf(row), exclude)}
            {...(topics && { rowHref: (row: Row) => link(topicPath(keyOf(row))) })}
            csv={`billed-by-${dimension}`}
            limit={10}
          />
        )
      }
    </Panel>
  )
}

function keyOf(row: Row): string {
  return row.keys[0] ?? ''
}

function tableOf(result: Result, dimension: Props['dimension'], without: string[]): Table<Row> {
  const all = valueOf(result, undefined, 'billed_sessions').value ?? 0
  const number = (row: Row, measure: string) => valueOf(result, row, measure).value
  const sessions = (measure: string, title: string): Column<Row> => ({
    key: measure,
    title,
    kind: 'count',
    value: (row) => number(row, measure),
    cell: (row) => <CountLink value={number(row, measure)} measure={measure} filters={[{ dimension, values: [keyOf(row)] }]} without={without} />,
  })
  return {
    // Topics that opened nothing in either period say nothing about billing.
    rows: result.rows.filter(
      (row) => dimension === 'channel' || number(row, 'billed_sessions') !== 0 || changeOf(result, row, 'billed_sessions')?.relative === -1,
    ),
    key: keyOf,
    columns: [
      {
        key: dimension,
        title: dimension === 'topic' ? 'Topic' : 'Channel',
        kind: 'text',
        width: 220,
        ...(dimension === 'topic' && { cell: (row: Row) => <TopicName id={keyOf(row)} name={topicName(keyOf(row), row.labels[0] ?? '')} /> }),
        value: (row) => (dimension === 'topic' ? topicName(keyOf(row), row.labels[0] ?? '') : channelName(keyOf(row))),
      },
      sessions('billed_sessions', 'Billed sessions'),
      {
        key: 'share',
        title: 'Share',
        kind: 'rate',
        value: (row) => (all === 0 ? null : (number(row, 'billed_sessions') ?? 0) / all),
        help: 'Of all billed sessions',
      },
      {
        key: 'change',
        title: 'Change',
        kind: 'change',
        value: (row) => changeOf(result, row, 'billed_sessions')?.relative ?? null,
        cell: (row) => <Delta change={changeOf(result, row, 'billed_sessions')} better={0} unit="sessions" compact />,
      },
      {
        key: 'turns',
        title: 'Billed turns',
        kind: 'count',
        value: (row) => number(row, 'billed_turns'),
        help: 'Exchanges: messages of the user while a billed session is open',
      },
      sessions('sessions', 'Analytics sessions'),
      {
        key: 'per_resolved',
        title: 'Billed per resolved',
        kind: 'mean',
        value: (row) => number(row, 'billed_per_resolved'),
        help: 'Billed sessions for each analytics session that was resolved',
      },
    ],
  }
}
