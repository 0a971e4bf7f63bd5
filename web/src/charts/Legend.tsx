import styles from './Legend.module.css'
import type { Pattern } from './palette'

/** The sample of a series: its colour and its pattern. */
export function Swatch({ color, pattern = 'solid' }: { color: string; pattern?: Pattern }) {
  return <span className={styles.swatch} data-pattern={pattern} style={{ ['--tone' as string]: `var(${color})` }} aria-hidden="true" />
}

interface Item {
  key: string
  label: string
  color: string
  pattern?: Pattern
}

/** The names of series, with their samples. */
export function Legend({ items }: { items: Item[] }) {
  return (
    <ul className={styles.legend}>
      {items.map((item) => (
        <li key={item.key} className={styles.item}>
          <Swatch color={item.color} pattern={item.pattern} />
          <bdi className={styles.name} title={item.label}>
            {item.label}
          </bdi>
        </li>
      ))}
    </ul>
  )
}
