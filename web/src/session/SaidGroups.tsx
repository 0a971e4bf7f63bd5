import { useMemo, type ReactNode } from 'react'
import { useUtteranceGroups, type UtteranceAsk } from '../api/hooks'
import type { UtteranceGroup, UtteranceGroups } from '../api/types'
import { count } from '../format'
import { DataTable } from '../parts/DataTable'
import { Panel } from '../parts/Panel'
import type { Table } from '../parts/table'
import { useProvideNeighbours } from './neighbours'
import css from './SaidGroups.module.css'
import { useOpenLink } from './useOpenLink'

interface Props {
  title: string
  help: ReactNode
  ask: Omit<UtteranceAsk, 'sort'>
  csv: string
  /** How the text is called, at the head of its column. */
  what: string
  empty: ReactNode
}

/** What was said in some sessions, alike texts as one row, the most frequent first. Each opens a session in which it was said. */
export function SaidGroups({ title, help, ask, csv, what, empty }: Props) {
  const answer = useUtteranceGroups({ limit: 50, ...ask })
  const openLink = useOpenLink()
  const said = answer.data
  useProvideNeighbours(useMemo(() => ({ sessions: said?.groups.map(({ example }) => neighbourOf(example)) ?? [] }), [said]))
  return (
    <Panel title={title} help={help} answer={answer} minHeight={300} shape="table" empty={said?.groups.length === 0 && empty}>
      {() =>
        said && (
          <>
            <DataTable table={tableOf(said, what)} caption={title} rowHref={(group) => openLink({ ...group.example })} csv={csv} limit={10} />
            <p className={css.reach}>{reachOf(said)}</p>
          </>
        )
      }
    </Panel>
  )
}

function neighbourOf({ conversation_id: conversation, session, bot_id: bot }: UtteranceGroup['example']) {
  return { conversation, session, bot }
}

function tableOf(said: UtteranceGroups, what: string): Table<UtteranceGroup> {
  return {
    columns: [
      {
        key: 'text',
        title: what,
        kind: 'text',
        value: (group) => group.text,
        cell: (group) => (
          <span className={css.text} dir="auto" title={group.text}>
            {group.text}
          </span>
        ),
      },
      { key: 'times', title: 'Times', kind: 'count', value: (group) => group.utterances, help: 'How often it was said, upper and lower case alike' },
      { key: 'sessions', title: 'Sessions', kind: 'count', value: (group) => group.sessions, help: 'In how many sessions it was said' },
    ],
    rows: said.groups,
    key: (group) => group.text,
  }
}

/** Of how many messages this is, and what is not shown. */
export function reachOf({ utterances, considered, more }: Pick<UtteranceGroups, 'utterances' | 'considered' | 'more'>): string {
  const of =
    considered < utterances
      ? `Of the latest ${count(considered)} of ${count(utterances)} messages`
      : `Of ${count(utterances)} ${utterances === 1 ? 'message' : 'messages'}`
  return more > 0 ? `${of}; ${count(more)} texts that were said less often are not shown.` : `${of}. A click opens a session in which it was said.`
}
