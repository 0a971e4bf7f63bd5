import { Dialog as Radix } from 'radix-ui'
import type { ReactElement, ReactNode } from 'react'

import { Button } from './Button'
import styles from './Dialog.module.css'
import { useFocusReturn } from './focus'

interface Props {
  title: string
  /** One sentence below the title. */
  description?: string
  children?: ReactNode
  /** Buttons at the end; the last one is what the dialog is for. */
  footer?: ReactNode
  trigger?: ReactElement
  open?: boolean
  onOpenChange?: (open: boolean) => void
  wide?: boolean
}

/** A question or a form that comes first: the page waits behind a veil, Esc closes. */
export function Dialog({ title, description, children, footer, trigger, open, onOpenChange, wide }: Props) {
  const focus = useFocusReturn()
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      {trigger && <Radix.Trigger asChild>{trigger}</Radix.Trigger>}
      <Radix.Portal>
        <Radix.Overlay className={styles.veil} />
        <Radix.Content
          className={`${styles.dialog} ${wide ? styles.wide : ''}`}
          {...(!description && { 'aria-describedby': undefined })}
          {...(!trigger && focus)}
        >
          <header className={styles.head}>
            <div>
              <Radix.Title className={styles.title}>{title}</Radix.Title>
              {description && <Radix.Description className={styles.description}>{description}</Radix.Description>}
            </div>
            <Radix.Close asChild>
              <Button look="quiet" icon="close" aria-label="Close" />
            </Radix.Close>
          </header>
          <div className={styles.body}>{children}</div>
          {footer && <footer className={styles.foot}>{footer}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
