import { useEffect, useMemo, useRef } from 'react'
import { useBilledList, useExportHref, useMeasureList } from '../../api/hooks'
import type { Billed } from '../../api/types'
import { count } from '../../format'
import { channelName } from '../../names/channels'
import { DataTable } from '../../parts/DataTable'
import { Empty } from '../../parts/Empty'
import { Panel } from '../../parts/Panel'
import type { Table } from '../../parts/table'
import { useOpenLink } from '../../session/useOpenLink'
import { useParam, useView } from '../../view/view'
import css from './Billing.module.css'
import { openedBy } from './openedBy'

const formats = [
  ['csv', 'CSV'],
  ['jsonl', 'JSON Lines'],
  ['parquet', 'Parquet'],
] as const

/** The billed sessions themselves, the latest first. A number of billing, on any page, leads here. */
export function BilledList({ without }: { without: string[] }) {
  const { zone, open } = useView()
  const [wanted] = useParam('measure', '')
  const measures = useMeasureList()
  const measure = measures.data?.find(({ name, table }) => name === wanted && table === 'billed')?.name
  const narrower = { without, ...(measure && { measure }) }
  const asked = useBilledList(wanted !== '' && measures.loading ? null : { ...narrower, limit: 100 })
  const exportHref = useExportHref()
  const openLink = useOpenLink()
  const table = useMemo(() => tableOf(asked.rows, zone), [asked.rows, zone])
  const here = useRef<HTMLDivElement>(null)

  // Whoever followed a number came for its sessions.
  useEffect(() => {
    if (measure) here.current?.scrollIntoView()
  }, [measure])

  const { count: all, loadMore } = asked
  return (
    <div ref={here} className={css.list}>
      <Panel
        title={all === undefined ? 'Billed sessions' : `${count(all)} billed ${all === 1 ? 'session' : 'sessions'}`}
        help="The latest first. A click opens the conversation."
        answer={wanted === '' ? asked : [measures, asked]}
        minHeight={asked.data ? 0 : 420}
        shape="table"
        empty={
          all === 0 && (
            <Empty title="No billed sessions here">
              No custom topic was entered, and neither a flow nor a skill was called, in this period and with these filters.
            </Empty>
          )
        }
        actions={formats.map(([format, label]) => (
          <a key={format} className={css.export} href={exportHref('billed', format, narrower)} download>
            {label}
          </a>
        ))}
      >
        {() => (
          <DataTable
            table={table}
            caption="Billed sessions, the latest first"
            presorted
            virtual
            height={420}
            onEnd={loadMore}
            rowHref={(row) => openLink({ conversation_id: row.conversation_id, bot_id: row.bot_id })}
            {...(open && { current: currentOf(asked.rows, open.conversation) })}
          />
        )}
      </Panel>
    </div>
  )
}

function keyOf(row: Billed): string {
  return `${row.bot_id}\n${row.conversation_id}\n${row.billed_session}`
}

function currentOf(rows: Billed[], conversation: string): string | undefined {
  const row = rows.find((one) => one.conversation_id === conversation)
  return row && keyOf(row)
}

function tableOf(rows: Billed[], zone: string): Table<Billed> {
  return {
    rows,
    zone,
    key: keyOf,
    columns: [
      { key: 'started', title: 'Started', kind: 'time', value: (row) => row.started_at, sortable: false },
      { key: 'bot', title: 'Bot', kind: 'text', value: (row) => row.bot_name || row.bot_id, sortable: false },
      { key: 'channel', title: 'Channel', kind: 'text', value: (row) => channelName(row.channel), sortable: false },
      { key: 'topic', title: 'Topic', kind: 'text', value: (row) => row.topic?.name ?? null, sortable: false },
      { key: 'opened', title: 'Why it was opened', kind: 'text', value: (row) => openedBy(row.opened_by), sortable: false },
      { key: 'turns', title: 'Turns', kind: 'count', value: (row) => row.turns, sortable: false },
      {
        key: 'length',
        title: 'Length',
        kind: 'duration',
        value: (row) => (row.started_at && row.ended_at ? Date.parse(row.ended_at) - Date.parse(row.started_at) : null),
        sortable: false,
      },
    ],
  }
}
