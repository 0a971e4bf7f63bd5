import { points } from '../format'
import styles from './Whisker.module.css'

interface Props {
  /** Impact, and the ends of its interval, in shares. */
  value: number | null
  low: number | null
  high: number | null
  /** The largest impact or end of an interval in the list: all of its whiskers share one scale. */
  scale: number
  /** Whether a move up is good: 1, -1, or 0 for neither. */
  better: number
  /** How to write it, where it is no share. */
  write?: (v: number) => string
}

/** What something adds to a figure or takes from it: a bar from the zero line, with its interval. Pale where zero is within. */
export function Whisker({ value, low, high, scale, better, write = points }: Props) {
  if (value === null) return null
  const at = (v: number) => 50 + (scale > 0 ? Math.max(-1, Math.min(1, v / scale)) * 48 : 0)
  const bounded = low !== null && high !== null
  const clear = !bounded || low > 0 || high < 0
  const good = Math.sign(value) * better
  const tone = !clear || good === 0 ? 'neither' : good > 0 ? 'good' : 'bad'
  const words = bounded ? `95 % interval ${write(low)} to ${write(high)}${clear ? '' : ': may be chance'}` : undefined
  return (
    <span className={styles.whisker} data-tone={tone} title={words}>
      <span className={styles.figure}>{write(value)}</span>
      <svg className={styles.picture} viewBox="0 0 100 16" preserveAspectRatio="none" aria-hidden="true">
        <rect x={Math.min(at(0), at(value))} y={4} width={Math.abs(at(value) - at(0))} height={8} className={styles.bar} />
        {bounded && (
          <path d={`M${at(low)} 8H${at(high)}M${at(low)} 4.5v7M${at(high)} 4.5v7`} className={styles.ends} vectorEffect="non-scaling-stroke" />
        )}
        <path d="M50 0v16" className={styles.zero} vectorEffect="non-scaling-stroke" />
      </svg>
      {words && <span className="visually-hidden">{words}</span>}
    </span>
  )
}
