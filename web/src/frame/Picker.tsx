import { useState, type ReactNode } from 'react'
import { Button } from '../parts/Button'
import { Icon, type IconName } from '../parts/Icon'
import { Popover } from '../parts/Popover'
import styles from './Picker.module.css'

interface Props {
  /** What it chooses, for the screen reader; the words say what is chosen. */
  label: string
  words: string
  icon?: IconName
  align?: 'start' | 'end'
  open?: boolean
  onOpenChange?(open: boolean): void
  children: (close: () => void) => ReactNode
}

/** A button of the head that says what is chosen, and opens the choice. */
export function Picker({ label, words, icon, align = 'end', open, onOpenChange, children }: Props) {
  const [here, setHere] = useState(false)
  const set = onOpenChange ?? setHere
  return (
    <Popover
      label={label}
      align={align}
      wide
      open={open ?? here}
      onOpenChange={set}
      trigger={
        <Button look="quiet" icon={icon} className={styles.button} aria-label={`${label}: ${words}`}>
          <bdi className={styles.words}>{words}</bdi>
          <Icon name="open" size={12} />
        </Button>
      }
    >
      {children(() => set(false))}
    </Popover>
  )
}
