import { useMemo, useState } from 'react'
import { count } from '../../format'
import { DataTable } from '../../parts/DataTable'
import { Select } from '../../parts/Select'
import type { Column, Table } from '../../parts/table'
import { useProvideNeighbours } from '../../session/neighbours'
import { useOpenLink } from '../../session/useOpenLink'
import { fieldInWords, sideInWords, type AuditDifference } from './audit'
import styles from './Data.module.css'

const columns: Column<AuditDifference>[] = [
  { key: 'at', title: 'Session', kind: 'time', value: (d) => d.at },
  { key: 'field', title: 'Differs in', kind: 'text', value: (d) => fieldInWords(d.field) },
  { key: 'platform', title: 'The platform says', kind: 'text', value: (d) => sideInWords(d.field, d.platform) },
  { key: 'derived', title: 'The rules say', kind: 'text', value: (d) => sideInWords(d.field, d.derived) },
  { key: 'conversation_id', title: 'Conversation', kind: 'text', value: (d) => d.conversation_id },
]

const keyOf = (d: AuditDifference) => `${d.bot_id} ${d.conversation_id} ${d.session} ${d.field}`

/** Where the two do not agree; a row opens the session. */
export function Differences({ differences, more, zone }: { differences: AuditDifference[]; more: number; zone: string }) {
  const [field, setField] = useState('')
  const link = useOpenLink()
  const rows = useMemo(() => differences.filter((d) => field === '' || d.field === field), [differences, field])
  const table = useMemo<Table<AuditDifference>>(() => ({ columns, rows, key: keyOf, zone }), [rows, zone])
  const fields = useMemo(
    () => [
      { value: '', label: 'All fields' },
      ...[...new Set(differences.map((d) => d.field))].map((value) => ({ value, label: fieldInWords(value) })),
    ],
    [differences],
  )
  useProvideNeighbours(
    useMemo(() => ({ sessions: rows.map((d) => ({ conversation: d.conversation_id, session: d.session, bot: d.bot_id })) }), [rows]),
  )
  return (
    <div className={styles.stack}>
      <div className={styles.ask}>
        <h3>
          {more > 0
            ? `The first ${count(differences.length)} of ${count(differences.length + more)} differences`
            : `${count(differences.length)} differences`}
        </h3>
        <Select label="Show" value={field} options={fields} onChange={setField} />
      </div>
      <DataTable table={table} caption="Differences" rowHref={link} limit={20} csv="differences" />
    </div>
  )
}
