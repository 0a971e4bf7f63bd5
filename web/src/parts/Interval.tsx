import type { Value } from '../api/types'
import { duration, mean, percent } from '../format'
import styles from './Interval.module.css'

/**
 * How far off a figure may be: ± the way to the farther end of its 95 % interval, since that of a rate near 0 or 100 % lies to one side of
 * it. The ends when pointed at. Nothing where there is none.
 */
export function Interval({ value, unit = 'share' }: { value: Value | undefined; unit?: string }) {
  if (!value || value.value === null || value.low === undefined || value.high === undefined) return null
  const most = Math.max(value.high - value.value, value.value - value.low)
  const write = (v: number) => (unit === 'share' ? percent(v) : unit === 'ms' ? duration(v) : mean(v))
  const size = unit === 'share' ? `${mean(most * 100, 1)}\u00a0pt` : write(most)
  return (
    <span className={styles.interval} title={`95 % interval: ${write(value.low)} to ${write(value.high)}`}>
      ±&nbsp;{size}
    </span>
  )
}
