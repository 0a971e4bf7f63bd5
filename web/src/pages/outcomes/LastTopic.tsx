import { useAnswer, valueOf } from '../../api/hooks'
import type { Result, Value } from '../../api/types'
import { topicName, topicPath } from '../../names/topics'
import { DataTable } from '../../parts/DataTable'
import { Empty } from '../../parts/Empty'
import { Panel } from '../../parts/Panel'
import { useSessionsHref, type SessionsOf } from '../../parts/SessionsLink'
import type { Table } from '../../parts/table'
import { TopicName } from '../../parts/TopicName'
import { useTopicsKnown } from '../../parts/useTopicsKnown'
import { useLink } from '../../view/view'

type Line = { id: string; name: string; sessions: number; share: number; rate: Value }

/** The topics that people were in when they left. */
export function LastTopic() {
  const answer = useAnswer({ measures: ['abandoned_sessions', 'abandon_rate'], dimensions: ['topic'], sort: '-abandoned_sessions' })
  useTopicsKnown() // asked with the rest, and not only once names are drawn
  const link = useLink()
  const href = useSessionsHref()
  const lines = answer.data ? linesOf(answer.data) : []
  return (
    <Panel
      title="Last topic before leaving"
      help="The topic that each abandoned session counts for: the last topic of your own in it, or the first system topic. The rate says how often its engaged sessions are abandoned; many sessions with a usual rate are only a busy topic."
      answer={answer}
      minHeight={300}
      shape="table"
      empty={
        answer.data &&
        lines.length === 0 && (
          <Empty title="No session was abandoned" icon="abandoned">
            Nobody left in the middle of a topic here.
          </Empty>
        )
      }
    >
      {() => (
        <DataTable
          table={tableOf(lines, href)}
          caption="Topics of abandoned sessions"
          rowHref={(line) => link(topicPath(line.id))}
          csv="last-topic"
          limit={10}
        />
      )}
    </Panel>
  )
}

function linesOf(result: Result): Line[] {
  const all = valueOf(result, undefined, 'abandoned_sessions').value ?? 0
  return result.rows.flatMap((row) => {
    const sessions = valueOf(result, row, 'abandoned_sessions').value ?? 0
    const id = row.keys[0] ?? ''
    return sessions > 0
      ? [{ id, name: topicName(id, row.labels[0] ?? ''), sessions, share: sessions / all, rate: valueOf(result, row, 'abandon_rate') }]
      : []
  })
}

function tableOf(lines: Line[], href: (of: SessionsOf) => string): Table<Line> {
  const only = ({ id }: Line) => [{ dimension: 'topic', values: [id] }]
  return {
    columns: [
      { key: 'topic', title: 'Topic', kind: 'text', value: (line) => line.name, cell: (line) => <TopicName id={line.id} name={line.name} /> },
      {
        key: 'sessions',
        title: 'Abandoned',
        kind: 'count',
        value: (line) => line.sessions,
        href: (line) => href({ measure: 'abandoned_sessions', filters: only(line) }),
      },
      { key: 'share', title: 'Share', kind: 'rate', help: 'Of all abandoned sessions', roomy: true, value: (line) => line.share },
      {
        key: 'rate',
        title: 'Rate',
        kind: 'rate',
        help: 'How many of the topic’s engaged sessions that are over were abandoned',
        value: (line) => line.rate.value,
        counted: (line) => line.rate,
      },
    ],
    rows: lines,
    key: (line) => line.id,
  }
}
