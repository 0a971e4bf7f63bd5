import type { ReactNode } from 'react'

import styles from './Empty.module.css'
import { Icon, type IconName } from './Icon'

interface Props {
  title: string
  icon?: IconName
  /** Why, and what to do next. */
  children?: ReactNode
  action?: ReactNode
}

/** Nothing here: why, and what to do about it. */
export function Empty({ title, icon = 'search', children, action }: Props) {
  return (
    <div className={styles.empty}>
      <Icon name={icon} size={20} />
      <p className={styles.title}>{title}</p>
      {children && <div className={styles.words}>{children}</div>}
      {action && <div className={styles.action}>{action}</div>}
    </div>
  )
}
