import { Popover as Radix } from 'radix-ui'
import type { ReactElement, ReactNode } from 'react'

import styles from './Popover.module.css'

interface Props {
  trigger: ReactElement
  /** What it is about, for the screen reader. */
  label: string
  children: ReactNode
  open?: boolean
  onOpenChange?: (open: boolean) => void
  align?: 'start' | 'center' | 'end'
  /** As wide as what it holds. */
  wide?: boolean
}

/** Something to read or choose from beside what opened it; Esc and a click elsewhere close it and give the focus back. */
export function Popover({ trigger, label, children, open, onOpenChange, align = 'start', wide }: Props) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          className={`${styles.popover} ${wide ? styles.wide : ''}`}
          aria-label={label}
          align={align}
          sideOffset={6}
          collisionPadding={12}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
