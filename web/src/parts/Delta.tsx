import type { Change, Value } from '../api/types'
import { changeWords, moved } from './change'
import styles from './Delta.module.css'
import { Icon } from './Icon'

interface Props {
  change: Change | undefined
  /** Of the measure: 1 when higher is better, -1 when lower is, 0 for neither. */
  better: number
  /** Of the measure: share, score, sessions and so on. */
  unit?: string
  /** Both figures: with their intervals they tell a change from chance. */
  value?: Value
  before?: Value
  /** In a table: the arrow and the size; the words are left to the screen reader. */
  compact?: boolean
}

/** How a figure changed: an arrow, the size and a word, coloured by whether that is good. Nothing without a comparison. */
export function Delta({ change, better, unit, value, before, compact }: Props) {
  const now = moved(change, better, unit, value, before)
  if (!now) return null
  const words = changeWords(now)
  const plain = now.way === 'new' || now.way === 'same'
  return (
    <span className={styles.delta} data-tone={now.tone} data-compact={compact || undefined} title={now.chance ? chance : undefined}>
      <Icon name={now.way === 'new' ? 'plus' : now.way} size={12} />
      {now.size && (
        <span>
          <span className="visually-hidden">{now.way === 'up' ? 'up ' : 'down '}</span>
          {now.size}
          {now.chance && !compact && ','}
        </span>
      )}
      <span className={compact && !plain ? 'visually-hidden' : undefined}>{words}</span>
    </span>
  )
}

const chance = 'So small a change may be chance: the 95 % interval of the difference includes no change.'
