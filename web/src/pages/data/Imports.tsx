import { useMemo } from 'react'
import { useLocation } from 'react-router'
import type { Answer } from '../../api/hooks'
import type { Import } from '../../api/types'
import { DataTable } from '../../parts/DataTable'
import { Empty } from '../../parts/Empty'
import { Panel } from '../../parts/Panel'
import { Share } from '../../parts/Share'
import type { Column, Table } from '../../parts/table'
import { useParam } from '../../view/view'
import { nameOf, partsOf } from './account'
import { ImportDialog } from './ImportDialog'
import styles from './Data.module.css'

const columns: Column<Import>[] = [
  {
    key: 'name',
    title: 'Import',
    kind: 'text',
    value: nameOf,
    cell: (one) => (
      <>
        <bdi>{nameOf(one)}</bdi> {one.removed_at && <span className={styles.removed}>taken back</span>}
      </>
    ),
  },
  { key: 'started_at', title: 'When', kind: 'time', value: (one) => one.started_at },
  { key: 'read', title: 'Read', kind: 'count', value: (one) => one.read },
  { key: 'accepted', title: 'Accepted', kind: 'count', value: (one) => one.accepted },
  { key: 'duplicate', title: 'Duplicate', kind: 'count', value: (one) => one.duplicate },
  { key: 'superseded', title: 'Superseded', kind: 'count', value: (one) => one.superseded },
  { key: 'quarantined', title: 'Quarantined', kind: 'count', value: (one) => one.quarantined },
  {
    key: 'parts',
    title: 'Parts',
    kind: 'custom',
    value: () => null,
    cell: (one) => <Share compact label="Where its records went" parts={partsOf(one)} />,
    width: 120,
    sortable: false,
    csv: false,
  },
]

/** Every import, the latest first; its account, its rejects and its undoing behind it. */
export function Imports({ imports, zone }: { imports: Answer<Import[]>; zone: string }) {
  const [shown, show] = useParam('import', '')
  const { search } = useLocation()
  const table = useMemo<Table<Import>>(() => ({ columns, rows: imports.data ?? [], key: (one) => String(one.id), zone }), [imports.data, zone])
  const open = imports.data?.find((one) => String(one.id) === shown)
  const href = (one: Import) => {
    const there = new URLSearchParams(search)
    there.set('import', String(one.id))
    return `?${there}`
  }
  return (
    <Panel
      title="Imports"
      answer={imports}
      minHeight={110}
      shape="table"
      empty={
        imports.data?.length === 0 && (
          <Empty title="Nothing has been imported yet" icon="upload">
            <p>Add files above, or run rapport import FILE on the server.</p>
          </Empty>
        )
      }
    >
      {() => (
        <>
          <DataTable table={table} caption="Imports" initialSort="-started_at" rowHref={href} csv="imports" limit={10} />
          {open && <ImportDialog one={open} zone={zone} onClose={() => show('', { replace: true })} />}
        </>
      )}
    </Panel>
  )
}
