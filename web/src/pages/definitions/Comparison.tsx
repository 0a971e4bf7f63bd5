import { useMemo } from 'react'
import { count, percent, points } from '../../format'
import { BarList } from '../../parts/BarList'
import { DataTable } from '../../parts/DataTable'
import type { Table } from '../../parts/table'
import { useParam } from '../../view/view'
import css from './Definitions.module.css'
import { Differences } from './Differences'
import { type Diff, type Line, linesOf } from './diff'
import { fieldLabel } from './ruleWords'

const every = ''

/** What a comparison found: the numbers of both sides, what moves, and the sessions that differ. */
export function Comparison({ diff }: { diff: Diff }) {
  const { comparison } = diff
  const [wanted, setField] = useParam('field', every)
  const field = Object.hasOwn(comparison.fields, wanted) ? wanted : every
  const lines = useMemo(() => lineTable(diff), [diff])
  if (comparison.differing_sessions === 0) {
    return <p role="status">No difference: both give the same sessions in all {count(comparison.conversations)} conversations.</p>
  }
  const moved = Object.entries(comparison.fields).sort(([, one], [, other]) => other - one)
  return (
    <div className={css.found}>
      <p role="status">
        {count(comparison.differing_sessions)} sessions differ, in {count(comparison.differing_conversations)} of {count(comparison.conversations)}{' '}
        conversations. Sessions of every kind are compared, test traffic too.
      </p>
      <div className={css.beside}>
        <DataTable table={lines} caption={`Numbers under ${comparison.a.definition} and ${comparison.b.definition}`} csv="definitions-compared" />
        <div>
          <h3>In how many sessions each differs</h3>
          <BarList
            label="In how many sessions each differs"
            rows={moved.map(([name, sessions]) => ({ key: name, label: fieldLabel(name), value: sessions, active: name === field }))}
            onFilter={(name) => setField(name === field ? every : name)}
          />
        </div>
      </div>
      <Differences diff={diff} field={field} onWhole={() => setField(every)} />
    </div>
  )
}

function lineTable(diff: Diff): Table<Line> {
  const { a, b } = diff.comparison
  const figure = (row: Line, value: number | null) => (row.kind === 'rate' ? percent(value) : count(value))
  return {
    rows: linesOf(diff),
    key: (row) => row.id,
    columns: [
      { key: 'label', title: 'Number', kind: 'text', value: (row) => row.label, sortable: false },
      { key: 'a', title: a.definition, kind: 'count', value: (row) => row.a, cell: (row) => figure(row, row.a), sortable: false },
      { key: 'b', title: b.definition, kind: 'count', value: (row) => row.b, cell: (row) => figure(row, row.b), sortable: false },
      { key: 'change', title: 'Difference', kind: 'count', value: (row) => row.change, cell: (row) => <Move line={row} />, sortable: false },
    ],
  }
}

/** How far a number moves. Neither way is good here: it is the rule that changes, not the bot. */
function Move({ line: { kind, change } }: { line: Line }) {
  const text = kind === 'rate' ? points(change) : `${change !== null && change > 0 ? '+' : ''}${count(change)}`
  return change === null || /[1-9]/.test(text) ? text : <span className={css.quiet}>no change</span>
}
