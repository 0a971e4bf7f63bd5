import type { ReactNode } from 'react'

import { Swatch } from '../charts/Legend'
import type { Pattern } from '../charts/palette'
import { count, percent } from '../format'
import styles from './Share.module.css'

export interface SharePart {
  key: string
  label: string
  value: number
  /** A variable of the theme. */
  color: string
  pattern?: Pattern
}

interface Props {
  parts: SharePart[]
  /** What is shared out. */
  label: string
  /** The bar alone, for a cell of a table. */
  compact?: boolean
  /** The number of a part: a link to its sessions. */
  number?: (part: SharePart) => ReactNode
  onSelect?: (key: string, exclude: boolean) => void
}

/** How a whole is shared out: one bar of parts with patterns, and below it each part's name, number and share. */
export function Share({ parts, label, compact, number, onSelect }: Props) {
  const total = parts.reduce((sum, part) => sum + part.value, 0)
  const share = (part: SharePart) => (total === 0 ? null : part.value / total)
  const said = parts.map((part) => `${part.label} ${count(part.value)}, ${percent(share(part))}`).join('; ')
  const bar = (
    <div
      className={`${styles.bar} ${compact ? styles.low : ''}`}
      role="img"
      aria-label={`${label}: ${total === 0 ? 'nothing' : said}`}
      title={compact ? said : undefined}
    >
      {parts.map((part) =>
        part.value > 0 ? (
          <span
            key={part.key}
            className={styles.part}
            data-pattern={part.pattern ?? 'solid'}
            style={{ flexGrow: part.value, ['--tone' as string]: `var(${part.color})` }}
          />
        ) : null,
      )}
    </div>
  )
  if (compact) return bar
  return (
    <div>
      {bar}
      <ul className={styles.parts}>
        {parts.map((part) => (
          <li key={part.key} className={styles.row}>
            <Swatch color={part.color} pattern={part.pattern} />
            {onSelect ? (
              <button type="button" className={styles.name} onClick={(e) => onSelect(part.key, e.ctrlKey || e.metaKey)}>
                <bdi>{part.label}</bdi>
              </button>
            ) : (
              <bdi className={styles.name}>{part.label}</bdi>
            )}
            <span className={styles.number}>{number ? number(part) : count(part.value)}</span>
            <span className={styles.share}>{percent(share(part))}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
