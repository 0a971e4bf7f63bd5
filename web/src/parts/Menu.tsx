import { DropdownMenu } from 'radix-ui'
import type { ReactElement } from 'react'

import { Icon, type IconName } from './Icon'
import styles from './Menu.module.css'

export interface MenuItem {
  key: string
  label: string
  icon?: IconName
  /** A link instead of an action; with `download` it saves what it leads to. */
  href?: string
  download?: boolean
  onSelect?: () => void
  /** A choice that can be on or off: the menu stays open. */
  checked?: boolean
  disabled?: boolean
  danger?: boolean
}

interface Props {
  trigger: ReactElement
  label: string
  items: readonly MenuItem[]
  align?: 'start' | 'end'
}

function Content({ item }: { item: MenuItem }) {
  return (
    <>
      <span className={styles.mark}>
        {item.checked !== undefined ? item.checked && <Icon name="check" size={14} /> : item.icon && <Icon name={item.icon} size={14} />}
      </span>
      <bdi className={styles.words}>{item.label}</bdi>
    </>
  )
}

/** What can be done here, or the choices that can be on or off. */
export function Menu({ trigger, label, items, align = 'end' }: Props) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles.menu} aria-label={label} align={align} sideOffset={6} collisionPadding={12}>
          {items.map((item) => {
            const className = `${styles.item} ${item.danger ? styles.danger : ''}`
            if (item.checked !== undefined) {
              return (
                <DropdownMenu.CheckboxItem
                  key={item.key}
                  className={className}
                  checked={item.checked}
                  disabled={item.disabled}
                  onSelect={(e) => e.preventDefault()}
                  onCheckedChange={() => item.onSelect?.()}
                >
                  <Content item={item} />
                </DropdownMenu.CheckboxItem>
              )
            }
            if (item.href) {
              return (
                <DropdownMenu.Item key={item.key} className={className} disabled={item.disabled} asChild>
                  <a href={item.href} download={item.download || undefined}>
                    <Content item={item} />
                  </a>
                </DropdownMenu.Item>
              )
            }
            return (
              <DropdownMenu.Item key={item.key} className={className} disabled={item.disabled} onSelect={() => item.onSelect?.()}>
                <Content item={item} />
              </DropdownMenu.Item>
            )
          })}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
