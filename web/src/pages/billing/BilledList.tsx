import { useEffect, useMemo, useRef } from 'react'
import { useBilledList, useExportHref, useMeasureList } from '../../api/hooks'
import type { Billed } from '../../api/types'
import { count } from '../../format'
import { channelName } from '../../names/channels'
import { DataTable } from '../../parts/DataTable'
import { Empty } from '../../parts/Empty'
import { FileLink } from '../../parts/FileLink'
import { NoSuchNumber } from '../../parts/NoSuchNumber'
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
  const [wanted, setWanted] = useParam('measure', '')
  const measures = useMeasureList()
  const measure = measures.data?.find(({ name, table }) => name === wanted && table === 'billed')?.name
  const followed = wanted !== '' && measures.data !== undefined
  const strange = followed && !measure
  // None until it is known what the address asks for, nor where that means nothing.
  const narrower = wanted === '' || measure ? { without, ...(measure && { measure }) } : undefined
  const asked = useBilledList(narrower ? { ...narrower, limit: 100 } : null)
  const exportHref = useExportHref()
  const openLink = useOpenLink()
  const table = useMemo(() => tableOf(asked.rows, zone), [asked.rows, zone])
  const here = useRef<HTMLDivElement>(null)

  // Whoever followed a number came for its sessions.
  useEffect(() => {
    if (followed) here.current?.scrollIntoView()
  }, [followed, wanted])

  const { count: all, loadMore } = asked
  return (
    <div ref={here} className={css.list}>
      <Panel
        title={all === undefined || !narrower ? 'Billed sessions' : `${count(all)} billed ${all === 1 ? 'session' : 'sessions'}`}
        help="The latest first. A click opens the conversation."
        answer={narrower ? asked : measures}
        minHeight={asked.data ? 0 : 420}
        shape="table"
        empty={strange ? <NoSuchNumber measure={wanted} onRemove={() => setWanted('')} /> : all === 0 && <None />}
        actions={
          narrower &&
          formats.map(([format, label]) => (
            <FileLink key={format} href={exportHref('billed', format, narrower)}>
              {label}
            </FileLink>
          ))
        }
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

function None() {
  return (
    <Empty title="No billed sessions here">
      No custom topic was entered, and neither a flow nor a skill was called, in this period and with these filters.
    </Empty>
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
