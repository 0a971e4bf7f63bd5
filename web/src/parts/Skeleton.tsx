import styles from './Skeleton.module.css'

interface Props {
  height?: number
  /** The shape of what will stand here. */
  shape?: 'block' | 'text' | 'table' | 'bars'
}

const widths = [92, 74, 83, 61, 88, 70, 79, 66]

/** The shape of what is still loading, so that nothing moves when it comes. The region around it says aria-busy. */
export function Skeleton({ height = 120, shape = 'block' }: Props) {
  const lines = shape === 'block' ? 0 : Math.max(1, Math.floor(height / (shape === 'table' ? 34 : 28)))
  return (
    <div className={styles.skeleton} style={{ height }} data-skeleton={shape} aria-hidden="true">
      {lines === 0 && <div className={styles.block} />}
      {Array.from({ length: lines }, (_, i) => (
        <div key={i} className={styles.line} style={{ width: shape === 'table' ? '100%' : `${widths[i % widths.length] ?? 80}%` }} />
      ))}
    </div>
  )
}
