import { useRef, useState, type KeyboardEvent } from 'react'

import styles from './Heat.module.css'

export interface HeatLine {
  key: string
  label: string
  /** For narrow screens. */
  short?: string
}

interface Props {
  /** Weekdays, mostly. */
  rows: HeatLine[]
  /** Hours, mostly. */
  columns: HeatLine[]
  /** Null where there is nothing; shading goes from zero to the largest. */
  value: (row: string, column: string) => number | null
  write: (value: number | null) => string
  label: string
  zone: string
  /** A variable of the theme. */
  color?: string
  onSelect?: (row: string, column: string) => void
}

/**
 * A table whose cells are shaded by what they hold. One stop of the Tab key; the arrows move within it, and each cell says its
 * row, column and figure.
 */
export function Heat({ rows, columns, value, write, label, zone, color = '--engaged', onSelect }: Props) {
  const table = useRef<HTMLTableElement>(null)
  const [[y, x], setAt] = useState<[number, number]>([0, 0])
  const most = Math.max(0, ...rows.flatMap((row) => columns.map((column) => value(row.key, column.key) ?? 0)))

  const move = (e: KeyboardEvent) => {
    const [down, right] = steps[e.key] ?? [0, 0]
    if (!down && !right) return
    e.preventDefault()
    // Not on to the page, where arrows change the range.
    e.stopPropagation()
    const next: [number, number] = [clamp(y + down, rows.length), clamp(x + right, columns.length)]
    setAt(next)
    table.current?.querySelector<HTMLElement>(`[data-at="${next.join(' ')}"]`)?.focus()
  }

  return (
    <div className={styles.box} style={{ ['--tone' as string]: `var(${color})` }}>
      <table ref={table} className={styles.heat}>
        <caption className="visually-hidden">
          {label}, times in {zone}
        </caption>
        <thead>
          <tr>
            <td />
            {columns.map((column, i) => (
              <th key={column.key} scope="col" data-minor={i % 3 !== 0 || undefined}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, down) => (
            <tr key={row.key}>
              <th scope="row">
                <span data-long={row.short !== undefined || undefined}>{row.label}</span>
                {row.short !== undefined && <span aria-hidden="true">{row.short}</span>}
              </th>
              {columns.map((column, right) => {
                const held = value(row.key, column.key)
                const words = `${row.label}, ${column.label}: ${write(held)}`
                return (
                  <td key={column.key}>
                    <button
                      type="button"
                      className={styles.cell}
                      data-at={`${down} ${right}`}
                      tabIndex={down === y && right === x ? 0 : -1}
                      aria-label={words}
                      title={words}
                      style={{ ['--part' as string]: most > 0 ? `${Math.round(((held ?? 0) / most) * 100)}%` : '0%' }}
                      onKeyDown={move}
                      onFocus={() => setAt([down, right])}
                      onClick={() => onSelect?.(row.key, column.key)}
                    />
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <p className={styles.foot}>
        <span className={styles.scale}>
          {write(0)} <span className={styles.ramp} /> {write(most)}
        </span>
        <span>{zone}</span>
      </p>
    </div>
  )
}

const steps: Record<string, [number, number]> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }

function clamp(i: number, size: number): number {
  return Math.min(Math.max(i, 0), size - 1)
}
