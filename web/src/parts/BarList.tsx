import { useState, type MouseEvent, type ReactNode } from 'react'
import { Link } from 'react-router'

import type { Pattern } from '../charts/palette'
import { count } from '../format'
import styles from './BarList.module.css'
import { Button } from './Button'
import { Empty } from './Empty'

export interface BarRow {
  key: string
  label: string
  value: number | null
  /** What stands for the value; its count without. A link to its sessions, mostly. */
  figure?: ReactNode
  /** Beside the figure, quieter: a share, a change. */
  aside?: ReactNode
  /** Variables of the theme. */
  color?: string
  pattern?: Pattern
  /** The interval of a value, in the value's scale. */
  low?: number
  high?: number
  /** The filter holds it. */
  active?: boolean
  href?: string
}

interface Props {
  rows: BarRow[]
  /** What the bars are of. */
  label: string
  /** The value that fills the whole width: the largest one without, 1 for rates. */
  max?: number
  /** A line across all bars, such as the average. */
  mark?: { value: number; label: string }
  limit?: number
  /** A click shows only this, with Ctrl or ⌘ everything else. */
  onFilter?: (key: string, exclude: boolean) => void
}

/** Names with bars: the shape at a glance, the figure beside it. */
export function BarList({ rows, label, max, mark, limit = 10, onFilter }: Props) {
  const [all, setAll] = useState(false)
  if (rows.length === 0) return <Empty title="Nothing to show" />
  const full = max ?? Math.max(1e-9, ...rows.map((row) => row.value ?? 0))
  const shown = all ? rows : rows.slice(0, limit)
  return (
    <div>
      <ul className={styles.list} aria-label={label}>
        {shown.map((row) => (
          <Bar key={row.key} row={row} full={full} mark={mark?.value} onFilter={onFilter} />
        ))}
      </ul>
      <div className={styles.foot}>
        {mark && <span className={styles.mark}>{mark.label}</span>}
        {shown.length < rows.length && (
          <Button small look="quiet" onClick={() => setAll(true)}>
            Show all {count(rows.length)}
          </Button>
        )}
      </div>
    </div>
  )
}

interface BarProps {
  row: BarRow
  full: number
  mark: number | undefined
  onFilter: Props['onFilter']
}

function Bar({ row, full, mark, onFilter }: BarProps) {
  const name = <bdi title={row.label}>{row.label}</bdi>
  const at = (v: number) => `${Math.min(100, Math.max(0, (v / full) * 100))}%`
  const { value, low, high } = row
  return (
    <li className={styles.row} data-active={row.active || undefined}>
      <div className={styles.words}>
        {row.href ? (
          <Link className={styles.name} to={row.href}>
            {name}
          </Link>
        ) : onFilter ? (
          <button
            type="button"
            className={styles.name}
            aria-pressed={row.active ?? false}
            onClick={(e: MouseEvent) => onFilter(row.key, e.ctrlKey || e.metaKey)}
          >
            {name}
          </button>
        ) : (
          <span className={styles.name}>{name}</span>
        )}
        {row.aside !== undefined && <span className={styles.aside}>{row.aside}</span>}
        <span className={styles.figure}>{row.figure ?? count(value)}</span>
      </div>
      <div className={styles.track} aria-hidden="true">
        {value !== null && value > 0 && (
          <span
            className={styles.bar}
            data-pattern={row.pattern ?? 'solid'}
            style={{ width: at(value), ['--tone' as string]: `var(${row.color ?? '--series-1'})` }}
          />
        )}
        {low !== undefined && high !== undefined && (
          <span className={styles.whisker} style={{ left: at(low), width: `calc(${at(high)} - ${at(low)})` }} />
        )}
        {mark !== undefined && <span className={styles.line} style={{ left: at(mark) }} />}
      </div>
    </li>
  )
}
