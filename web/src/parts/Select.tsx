import styles from './Select.module.css'
import { Icon } from './Icon'

interface Props<V extends string> {
  label: string
  value: V
  options: readonly { value: V; label: string }[]
  onChange: (value: V) => void
  /** Shown before the choice; hidden for the eye otherwise. */
  showLabel?: boolean
}

/** One of many: the browser's own list, which every device shows at its best. */
export function Select<V extends string>({ label, value, options, onChange, showLabel }: Props<V>) {
  return (
    <label className={styles.label}>
      <span className={showLabel ? styles.words : 'visually-hidden'}>{label}</span>
      <span className={styles.box}>
        <select
          className={styles.select}
          value={value}
          onChange={(e) => {
            const chosen = options.find((o) => o.value === e.target.value)
            if (chosen) onChange(chosen.value)
          }}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <Icon name="open" size={14} />
      </span>
    </label>
  )
}
