import type { ComponentProps } from 'react'

import styles from './Button.module.css'
import { Icon, type IconName } from './Icon'

interface Props extends ComponentProps<'button'> {
  /** plain: a hairline; primary: the one thing to do here; quiet: no line until pointed at; danger: takes something away */
  look?: 'plain' | 'primary' | 'quiet' | 'danger'
  icon?: IconName
  small?: boolean
}

/** A button. With an icon and no children it needs an aria-label. */
export function Button({ look = 'plain', icon, small, className, children, ...rest }: Props) {
  const classes = [styles.button, styles[look], small && styles.small, !children && styles.square, className]
  return (
    <button type="button" className={classes.filter(Boolean).join(' ')} {...rest}>
      {icon && <Icon name={icon} size={small ? 14 : 16} />}
      {children}
    </button>
  )
}
