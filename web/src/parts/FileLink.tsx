import styles from './FileLink.module.css'

interface Props {
  /** Undefined until it is known what the file shall hold. */
  href: string | undefined
  children: string
  /** What it is a file of, where that is not said beside it. */
  label?: string
}

/** A file that the server writes: all of what a panel shows a part of. */
export function FileLink({ href, children, label }: Props) {
  if (href === undefined) return null
  return (
    <a className={styles.file} href={href} download aria-label={label}>
      {children}
    </a>
  )
}
