import type { ReactNode } from 'react'

import styles from './Chip.module.css'
import { Icon } from './Icon'

interface Props {
  children: ReactNode
  /** What the chip says, for the label of the button that removes it. */
  label: string
  onClick?: () => void
  onRemove?: () => void
  look?: 'plain' | 'warn'
}

/** A small label that stands for a choice: click to change it, × to take it away. */
export function Chip({ children, label, onClick, onRemove, look = 'plain' }: Props) {
  return (
    <span className={`${styles.chip} ${look === 'warn' ? styles.warn : ''}`}>
      {onClick ? (
        <button type="button" className={styles.text} onClick={onClick} title={label}>
          <bdi>{children}</bdi>
        </button>
      ) : (
        <span className={styles.text} title={label}>
          <bdi>{children}</bdi>
        </span>
      )}
      {onRemove && (
        <button type="button" className={styles.remove} onClick={onRemove} aria-label={`Remove: ${label}`}>
          <Icon name="close" size={12} />
        </button>
      )}
    </span>
  )
}
