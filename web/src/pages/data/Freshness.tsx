import { useMemo } from 'react'
import { useBots, useStatus } from '../../api/hooks'
import type { Bot } from '../../api/types'
import { day, relative } from '../../format'
import { DataTable } from '../../parts/DataTable'
import { Panel } from '../../parts/Panel'
import type { Column, Table } from '../../parts/table'
import styles from './Data.module.css'

const columns: Column<Bot>[] = [
  { key: 'name', title: 'Bot', kind: 'text', value: (bot) => bot.name },
  { key: 'last_at', title: 'Last session', kind: 'time', value: (bot) => bot.last_at },
  { key: 'age', title: 'That is', kind: 'text', value: (bot) => (bot.last_at ? relative(bot.last_at) : null), sortable: false },
  { key: 'conversations', title: 'Conversations', kind: 'count', value: (bot) => bot.conversations },
  { key: 'sessions', title: 'Sessions', kind: 'count', value: (bot) => bot.sessions },
]

/** How recent the data is, in all and bot by bot: one that fell silent stands out. */
export function Freshness({ zone }: { zone: string }) {
  const status = useStatus()
  const bots = useBots()
  const table = useMemo<Table<Bot>>(() => ({ columns, rows: bots.data ?? [], key: (bot) => bot.id, zone }), [bots.data, zone])
  return (
    <Panel title="How fresh the data is" answer={[status, bots]} minHeight={240} shape="table">
      {() => {
        const { first_at: first, last_at: last, last_import_at: imported } = status.data ?? {}
        return (
          <div className={styles.stack}>
            <p>
              {last ? `Sessions from ${day(first, zone)} to ${day(last, zone)}; the latest started ${relative(last)}.` : 'There are no sessions yet.'}{' '}
              {imported && `The last import was ${relative(imported)}.`}
            </p>
            {table.rows.length > 0 && (
              <>
                <DataTable table={table} caption="Last session of each bot" initialSort="last_at" limit={10} csv="bots" />
                <p className={styles.quiet}>These counts hold sessions of every kind, test traffic too, so they can be larger than those of Summary.</p>
              </>
            )}
          </div>
        )
      }}
    </Panel>
  )
}
