import { useMemo, useRef, useState, type MouseEvent, type ReactNode } from 'react'
import { Link } from 'react-router'

import { count as written, percent } from '../format'
import { AboutColumns } from './AboutColumns'
import { Button } from './Button'
import { tooFewHere } from './columns'
import { download, toCSV } from './csv'
import styles from './DataTable.module.css'
import { useFit } from './fit'
import { Icon } from './Icon'
import { alignment, cellText, nextSort, parseSort, sorted, type Column, type Sorting, type Table } from './table'
import { useWindow } from './window'

interface Props<R> {
  table: Table<R>
  /** What the table is of: read aloud before it. */
  caption: string
  /** "-sessions": that column, largest first. */
  initialSort?: string
  /** The sorting when it stands elsewhere, such as in the address. */
  sort?: string
  onSort?: (sort: string) => void
  /** Whoever gives the rows has sorted them. */
  presorted?: boolean
  /** A click on a row shows only what it stands for; with Ctrl or ⌘ everything else. */
  onFilter?: (row: R, exclude: boolean) => void
  /** A click on a row leads there. */
  rowHref?: (row: R) => string | undefined
  /** The row that is open beside the table, by its key. */
  current?: string
  /** Offers the table as a file of this name. */
  csv?: string
  /** So many rows at first, the rest behind a button. */
  limit?: number
  /** Draw only the rows in sight: by itself from 200 rows. */
  virtual?: boolean
  /** Of a virtual table, in pixels. */
  height?: number
  /** The last rows came in sight: time for more of them. */
  onEnd?: () => void
  /** Somebody chose the columns: all of them are shown, and what does not fit is scrolled to. */
  chosen?: boolean
  empty?: ReactNode
}

const rowHeight = 37

export function DataTable<R>(props: Props<R>) {
  const { table, caption, limit, empty } = props
  const [own, setOwn] = useState(props.initialSort)
  const [all, setAll] = useState(false)
  const [wide, setWide] = useState(false)
  const box = useRef<HTMLDivElement>(null)

  const sort = props.sort ?? own
  const sorting = useMemo(() => parseSort(sort), [sort])
  const rows = useMemo(() => (props.presorted ? table.rows : sorted(table, sorting)), [props.presorted, table, sorting])
  const shown = limit !== undefined && !all && rows.length > limit ? rows.slice(0, limit) : rows
  const virtual = props.virtual ?? shown.length > 200
  const kept = [table.columns[0]?.key ?? '', sorting?.key ?? '']
  const view = useWindow({ box, count: shown.length, rowHeight, enabled: virtual, onEnd: props.onEnd })
  const { folded, over } = useFit({ ref: box, columns: table.columns, kept, enabled: !wide && !props.chosen })
  const columns = table.columns.filter(({ key }) => !folded.includes(key))
  const foldable = folded.length > 0 || (over && columns.some(({ key }) => !kept.includes(key)))

  const ask = (next: string) => {
    setOwn(next)
    props.onSort?.(next)
  }

  return (
    <div className={styles.outer}>
      {folded.length > 0 && (
        <p className={styles.paper}>
          {folded.length === 1 ? '1 column is' : `${folded.length} columns are`} left out here{props.csv && '; the CSV has all of them'}.
        </p>
      )}
      <div
        ref={box}
        className={`${styles.box} ${virtual ? styles.virtual : ''}`}
        data-over={over || undefined}
        style={virtual && props.height !== undefined ? { height: props.height } : undefined}
      >
        <table className={styles.table} aria-rowcount={virtual ? rows.length + 1 : undefined}>
          <caption className="visually-hidden">{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <Head key={column.key} column={column} sorting={sorting} onSort={ask} />
              ))}
            </tr>
          </thead>
          <tbody>
            {view.before > 0 && <Gap height={view.before} columns={columns.length} />}
            {shown.slice(view.first, view.end).map((row, i) => {
              const key = table.key(row)
              return (
                <tr
                  key={key}
                  className={styles.row}
                  data-current={props.current === key || undefined}
                  aria-current={props.current === key ? 'true' : undefined}
                  aria-rowindex={virtual ? view.first + i + 2 : undefined}
                >
                  {columns.map((column, at) => (
                    <Cell
                      key={column.key}
                      column={column}
                      row={row}
                      header={at === 0}
                      zone={table.zone}
                      rowHref={props.rowHref}
                      onFilter={props.onFilter}
                    />
                  ))}
                </tr>
              )
            })}
            {view.after > 0 && <Gap height={view.after} columns={columns.length} />}
          </tbody>
        </table>
        {rows.length === 0 && <div className={styles.empty}>{empty ?? 'No rows.'}</div>}
      </div>
      <div className={styles.foot} data-print="no">
        {shown.length < rows.length && (
          <Button small look="quiet" onClick={() => setAll(true)}>
            Show all {written(rows.length)}
          </Button>
        )}
        {foldable && !props.chosen && (
          <Button small look="quiet" icon="columns" onClick={() => setWide(!wide)}>
            {wide ? 'Fewer columns' : folded.length === 1 ? '1 more column' : `${folded.length} more columns`}
          </Button>
        )}
        <span className={styles.files}>
          <AboutColumns columns={table.columns} />
          {props.csv && (
            <Button small look="quiet" icon="download" onClick={() => download(props.csv ?? '', toCSV({ ...table, rows }))}>
              CSV
            </Button>
          )}
        </span>
      </div>
    </div>
  )
}

function Gap({ height, columns }: { height: number; columns: number }) {
  return (
    <tr aria-hidden="true">
      <td colSpan={columns} className={styles.gap} style={{ height }} />
    </tr>
  )
}

function Head<R>({ column, sorting, onSort }: { column: Column<R>; sorting: Sorting | undefined; onSort: (sort: string) => void }) {
  const active = sorting?.key === column.key
  const direction = !active ? undefined : sorting.descending ? 'descending' : 'ascending'
  return (
    <th
      scope="col"
      data-align={alignment(column)}
      aria-sort={direction}
      title={column.help}
      style={column.width ? { width: column.width, minWidth: `min(${column.width}px, 20cqw)` } : undefined}
    >
      {column.sortable === false ? (
        column.title
      ) : (
        <button type="button" className={styles.sort} onClick={() => onSort(nextSort(column, sorting))}>
          {column.title}
          <span className={styles.arrow} data-active={active || undefined}>
            <Icon name={direction === 'ascending' ? 'up' : 'down'} size={12} />
          </span>
        </button>
      )}
    </th>
  )
}

interface CellProps<R> {
  column: Column<R>
  row: R
  header: boolean
  zone: string | undefined
  rowHref: ((row: R) => string | undefined) | undefined
  onFilter: ((row: R, exclude: boolean) => void) | undefined
}

function Cell<R>({ column, row, header, zone, rowHref, onFilter }: CellProps<R>) {
  const text = cellText(column, row, zone)
  const few = column.counted?.(row)?.too_few
  const content = column.cell ? column.cell(row) : few ? tooFewHere : column.kind === 'text' ? <bdi>{text}</bdi> : text
  const href = column.href?.(row)
  const align = alignment(column)
  if (!header) {
    return (
      <td data-align={align} title={behind(column, row)}>
        {href ? (
          <Link className={styles.inner} to={href}>
            {content}
          </Link>
        ) : (
          content
        )}
      </td>
    )
  }
  const whole = rowHref?.(row) ?? href
  const filter = (e: MouseEvent) => onFilter?.(row, e.ctrlKey || e.metaKey)
  return (
    <th scope="row" data-align={align} title={column.cell ? undefined : text}>
      <span className={styles.first}>
        {whole ? (
          <Link className={styles.whole} to={whole}>
            {content}
          </Link>
        ) : onFilter ? (
          <button type="button" className={styles.whole} onClick={filter}>
            {content}
          </button>
        ) : (
          <span className={styles.name}>{content}</span>
        )}
        {whole && onFilter && (
          <button
            type="button"
            className={styles.filter}
            onClick={filter}
            aria-label={`Show only ${text}`}
            title="Show only this. With Ctrl or ⌘: everything else"
          >
            <Icon name="filter" size={13} />
          </button>
        )}
      </span>
    </th>
  )
}

/** The counts and the interval of a rate or mean, when pointed at. The CSV has them in columns. */
function behind<R>(column: Column<R>, row: R): string | undefined {
  const value = column.counted?.(row)
  if (value?.denominator === undefined) return undefined
  const counts = `${written(value.numerator)} of ${written(value.denominator)}`
  if (column.kind !== 'rate') return `of ${written(value.denominator)}`
  return value.low === undefined ? counts : `${counts}; 95 % interval ${percent(value.low)} to ${percent(value.high)}`
}
