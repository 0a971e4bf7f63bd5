import { valueOf, type Answer } from '../../api/hooks'
import type { Result } from '../../api/types'
import { percent } from '../../format'
import { BarList } from '../../parts/BarList'
import { Empty } from '../../parts/Empty'
import { Panel } from '../../parts/Panel'
import { CountLink } from '../../parts/SessionsLink'
import type { Table } from '../../parts/table'
import { useFilter } from '../../view/view'

export const scores = [
  { measure: 'csat_5', score: '5', label: '5, very satisfied' },
  { measure: 'csat_4', score: '4', label: '4' },
  { measure: 'csat_3', score: '3', label: '3' },
  { measure: 'csat_2', score: '2', label: '2' },
  { measure: 'csat_1', score: '1', label: '1, very dissatisfied' },
] as const

type Line = (typeof scores)[number] & { sessions: number; share: number | null }

/** How many sessions gave each score. A click keeps only those. */
export function Scores({ answer }: { answer: Answer<Result> }) {
  const filter = useFilter()
  const lines = answer.data ? linesOf(answer.data) : []
  return (
    <Panel
      title="Scores"
      help="How many sessions gave each score, 5 being best; of several answers in a session the last one counts. Click a score to show only its sessions, with Ctrl or ⌘ to leave it out. Click a number to see its sessions."
      answer={answer}
      minHeight={216}
      shape="bars"
      table={() => tableOf(lines)}
      csv="csat-scores"
      empty={
        answer.data &&
        lines.every((line) => line.sessions === 0) && (
          <Empty title="Nobody answered" icon="silent">
            The survey was shown, and no session has a score.
          </Empty>
        )
      }
    >
      {() => (
        <BarList
          label="Sessions by score"
          onFilter={(score, exclude) => filter.toggle('csat', score, exclude)}
          rows={lines.map(({ measure, score, label, sessions, share }) => ({
            key: score,
            label,
            value: sessions,
            figure: <CountLink value={sessions} measure={measure} />,
            aside: percent(share),
            active: filter.holds('csat', score),
          }))}
        />
      )}
    </Panel>
  )
}

function linesOf(result: Result): Line[] {
  const all = valueOf(result, undefined, 'csat_responses').value ?? 0
  return scores.map((one) => {
    const sessions = valueOf(result, undefined, one.measure).value ?? 0
    return { ...one, sessions, share: all === 0 ? null : sessions / all }
  })
}

function tableOf(lines: Line[]): Table<Line> {
  return {
    columns: [
      { key: 'score', title: 'Score', kind: 'text', value: (line) => line.label },
      {
        key: 'sessions',
        title: 'Sessions',
        kind: 'count',
        value: (line) => line.sessions,
        cell: (line) => <CountLink value={line.sessions} measure={line.measure} />,
      },
      { key: 'share', title: 'Share', kind: 'rate', value: (line) => line.share },
    ],
    rows: lines,
    key: (line) => line.measure,
  }
}
