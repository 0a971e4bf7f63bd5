import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'

import { Button } from './Button'
import styles from './Drawer.module.css'
import { useFocusReturn } from './focus'

interface Props {
  title: ReactNode
  /** Left of the close button. */
  actions?: ReactNode
  children: ReactNode
  open: boolean
  onClose: () => void
}

/** Details from the right over the page, the whole screen on a phone. The focus stays inside until it closes, then goes back. */
export function Drawer({ title, actions, children, open, onClose }: Props) {
  const focus = useFocusReturn()
  return (
    <Radix.Root open={open} onOpenChange={(now) => !now && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={styles.veil} />
        <Radix.Content
          className={styles.drawer}
          aria-describedby={undefined}
          onCloseAutoFocus={focus.onCloseAutoFocus}
          onOpenAutoFocus={(e) => {
            focus.onOpenAutoFocus()
            // The drawer itself: whoever reads on need not tab past its buttons.
            e.preventDefault()
            if (e.currentTarget instanceof HTMLElement) e.currentTarget.focus()
          }}
        >
          <header className={styles.head}>
            <Radix.Title className={styles.title}>{title}</Radix.Title>
            <div className={styles.actions}>
              {actions}
              <Radix.Close asChild>
                <Button look="quiet" icon="close" aria-label="Close" />
              </Radix.Close>
            </div>
          </header>
          <div className={styles.body}>{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
