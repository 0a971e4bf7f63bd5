import { useAnswer, valueOf } from '../../api/hooks'
import type { Filter, Result } from '../../api/types'
import { percent } from '../../format'
import { reasonWords } from '../../names/reasons'
import { BarList } from '../../parts/BarList'
import { Empty } from '../../parts/Empty'
import { Panel } from '../../parts/Panel'
import { CountLink } from '../../parts/SessionsLink'
import type { Table } from '../../parts/table'
import { useFilter } from '../../view/view'
import css from './Outcomes.module.css'

const kinds = {
  escalated: {
    title: 'Why sessions escalated',
    measure: 'escalated_sessions',
    color: '--escalated',
    pattern: 'solid',
    none: 'No session was handed to a person',
  },
  abandoned: {
    title: 'Why sessions were abandoned',
    measure: 'abandoned_sessions',
    color: '--abandoned',
    pattern: 'dots',
    none: 'No session was abandoned',
  },
} as const

type Line = { reason: string; sessions: number; share: number }

/** The reasons of an outcome, in words; a click keeps only the sessions with that reason. */
export function Reasons({ outcome }: { outcome: keyof typeof kinds }) {
  const { title, measure, color, pattern, none } = kinds[outcome]
  const answer = useAnswer({ measures: [measure], dimensions: ['reason'], sort: `-${measure}` })
  const filter = useFilter()
  const lines = answer.data ? linesOf(answer.data, measure) : []
  return (
    <Panel
      title={title}
      help={<Help lines={lines} />}
      answer={answer}
      minHeight={140}
      shape="bars"
      table={() => tableOf(lines, measure)}
      csv={`reasons-${outcome}`}
      empty={
        answer.data &&
        lines.length === 0 && (
          <Empty title={none} icon={outcome}>
            Nothing of the kind among the sessions shown here.
          </Empty>
        )
      }
    >
      {() => (
        <BarList
          label={title}
          onFilter={(reason, exclude) => filter.toggle('reason', reason, exclude)}
          rows={lines.map(({ reason, sessions, share }) => ({
            key: reason,
            label: reasonWords(reason).title,
            value: sessions,
            figure: <CountLink value={sessions} measure={measure} filters={[only(reason)]} />,
            aside: percent(share),
            active: filter.holds('reason', reason),
            color,
            pattern,
          }))}
        />
      )}
    </Panel>
  )
}

function linesOf(result: Result, measure: string): Line[] {
  const all = valueOf(result, undefined, measure).value ?? 0
  return result.rows.flatMap((row) => {
    const sessions = valueOf(result, row, measure).value ?? 0
    return sessions > 0 ? [{ reason: row.keys[0] ?? '', sessions, share: sessions / all }] : []
  })
}

function only(reason: string): Filter {
  return { dimension: 'reason', values: [reason] }
}

function Help({ lines }: { lines: Line[] }) {
  return (
    <>
      {lines.length > 0 && (
        <dl className={css.reasons}>
          {lines.map(({ reason }) => (
            <div key={reason}>
              <dt>{reasonWords(reason).title}</dt>
              <dd>{reasonWords(reason).meaning}</dd>
            </div>
          ))}
        </dl>
      )}
      <p>Click a reason to show only its sessions, with Ctrl or ⌘ to leave it out. Click a number to see its sessions.</p>
    </>
  )
}

function tableOf(lines: Line[], measure: string): Table<Line> {
  return {
    columns: [
      { key: 'words', title: 'Reason', kind: 'text', value: ({ reason }) => reasonWords(reason).title },
      { key: 'reason', title: 'In the record', kind: 'text', value: ({ reason }) => reason },
      {
        key: 'sessions',
        title: 'Sessions',
        kind: 'count',
        value: ({ sessions }) => sessions,
        cell: ({ reason, sessions }) => <CountLink value={sessions} measure={measure} filters={[only(reason)]} />,
      },
      { key: 'share', title: 'Share', kind: 'rate', value: ({ share }) => share },
    ],
    rows: lines,
    key: ({ reason }) => reason,
  }
}
