import { useMemo } from 'react'
import { useExportHref, useUtteranceList } from '../../api/hooks'
import type { Utterance } from '../../api/types'
import { Button } from '../../parts/Button'
import { DataTable } from '../../parts/DataTable'
import { Empty } from '../../parts/Empty'
import { FileLink } from '../../parts/FileLink'
import { Panel } from '../../parts/Panel'
import type { Table } from '../../parts/table'
import { useProvideNeighbours } from '../../session/neighbours'
import { useOpenLink } from '../../session/useOpenLink'
import css from './Satisfaction.module.css'

const ask = { source: ['csat_comment', 'reaction_comment'] }
const shown = { ...ask, limit: 10 }

/** What users wrote beside a score or a thumb, the latest first. */
export function Comments() {
  const answer = useUtteranceList(shown)
  const openLink = useOpenLink()
  // The file holds all of them, and not only what is loaded.
  const file = useExportHref()('utterances', 'csv', ask)
  const { rows } = answer
  useProvideNeighbours(
    useMemo(() => ({ sessions: rows.map(({ conversation_id: conversation, session, bot_id: bot }) => ({ conversation, session, bot })) }), [rows]),
  )
  return (
    <Panel
      title="Comments"
      help="What users wrote beside a score or a thumb, the latest first. Click one to see its session."
      answer={answer}
      minHeight={200}
      shape="table"
      actions={
        rows.length > 0 && (
          <FileLink href={file} label="All comments as CSV">
            CSV
          </FileLink>
        )
      }
      empty={
        answer.data &&
        rows.length === 0 && (
          <Empty title="No comments here" icon="chat">
            Nobody wrote anything beside a score or a thumb.
          </Empty>
        )
      }
    >
      {() => (
        <>
          <DataTable table={tableOf(rows, answer.data?.zone ?? 'UTC')} caption="Comments of users" presorted rowHref={openLink} />
          {answer.more && (
            <p className={css.more}>
              <Button small disabled={answer.loadingMore} onClick={answer.loadMore}>
                Show more
              </Button>
            </p>
          )}
        </>
      )}
    </Panel>
  )
}

function tableOf(rows: Utterance[], zone: string): Table<Utterance> {
  return {
    zone,
    columns: [
      {
        key: 'text',
        title: 'Comment',
        kind: 'text',
        sortable: false,
        value: (one) => one.text,
        cell: (one) => (
          <span className={css.text} dir="auto">
            {one.text}
          </span>
        ),
      },
      { key: 'source', title: 'Beside', kind: 'text', sortable: false, value: (one) => (one.source === 'csat_comment' ? 'a score' : 'a thumb') },
      { key: 'bot', title: 'Bot', kind: 'text', sortable: false, value: (one) => one.bot_name },
      { key: 'said_at', title: 'When', kind: 'time', sortable: false, value: (one) => one.said_at ?? one.session_started_at },
    ],
    rows,
    key: (one) => `${one.bot_id} ${one.conversation_id} ${one.place} ${one.source}`,
  }
}
