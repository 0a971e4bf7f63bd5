import { useRef, useState, type KeyboardEvent } from 'react'

import { useMedia } from '../parts/media'
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
  /** As short as can be, for a figure within its field. */
  brief: (value: number | null) => string
  label: string
  zone: string
  /** A variable of the theme. */
  color?: string
  onSelect?: (row: string, column: string) => void
}

/** How deep the shade of the largest is (per cent): with figures in the fields no deeper than they can be read on. */
const deepest = { plain: 100, figured: 65 }

/**
 * A table whose cells are shaded by what they hold. One stop of the Tab key; the arrows move within it, and each cell says its
 * row, column and figure. On a phone it is turned, hours down and days across, so that a finger can hit a field and its figure fits.
 */
export function Heat({ rows, columns, value, write, brief, label, zone, color = '--engaged', onSelect }: Props) {
  const turned = useMedia('(max-width: 600px)')
  const [lines, across] = turned ? [columns, rows] : [rows, columns]
  const deep = turned ? deepest.figured : deepest.plain
  const table = useRef<HTMLTableElement>(null)
  // Not its place, which is another when the map is turned.
  const [at, setAt] = useState({ row: '', column: '' })
  const y = placeOf(lines, turned ? at.column : at.row)
  const x = placeOf(across, turned ? at.row : at.column)
  const most = Math.max(0, ...rows.flatMap((row) => columns.map((column) => value(row.key, column.key) ?? 0)))

  const move = (e: KeyboardEvent) => {
    const [down, right] = steps[e.key] ?? [0, 0]
    if (!down && !right) return
    e.preventDefault()
    // Not on to the page, where arrows change the range.
    e.stopPropagation()
    const next = `${clamp(y + down, lines.length)} ${clamp(x + right, across.length)}`
    table.current?.querySelector<HTMLElement>(`[data-at="${next}"]`)?.focus()
  }

  return (
    <div className={styles.box} data-turned={turned || undefined} style={{ ['--tone' as string]: `var(${color})`, ['--deep' as string]: `${deep}%` }}>
      <table ref={table} className={styles.heat}>
        <caption className="visually-hidden">
          {label}, times in {zone}
        </caption>
        <thead>
          <tr>
            <td />
            {across.map(({ key, label, short }, i) => (
              <th key={key} scope="col" aria-label={label} data-minor={(!turned && i % 3 !== 0) || undefined}>
                {(turned && short) || label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line, down) => (
            <tr key={line.key}>
              <th scope="row">{line.label}</th>
              {across.map((one, right) => {
                const [row, column] = turned ? [one, line] : [line, one]
                const held = value(row.key, column.key)
                const words = `${row.label}, ${column.label}: ${write(held)}`
                const shown = turned && held !== null ? brief(held) : ''
                return (
                  <td key={one.key}>
                    <button
                      type="button"
                      className={styles.cell}
                      data-at={`${down} ${right}`}
                      tabIndex={down === y && right === x ? 0 : -1}
                      // Who speaks to the page says what stands there.
                      aria-label={words.includes(shown) ? words : `${words}, in short ${shown}`}
                      title={words}
                      style={{ ['--part' as string]: most > 0 ? `${Math.round(((held ?? 0) / most) * deep)}%` : '0%' }}
                      onKeyDown={move}
                      onFocus={() => setAt({ row: row.key, column: column.key })}
                      onClick={() => onSelect?.(row.key, column.key)}
                    >
                      {shown}
                    </button>
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

/** The first where there is none of this key, or none any more. */
function placeOf(lines: HeatLine[], key: string): number {
  return Math.max(
    lines.findIndex((line) => line.key === key),
    0,
  )
}

function clamp(i: number, size: number): number {
  return Math.min(Math.max(i, 0), size - 1)
}
