import type { ReactNode } from 'react'

import { count, percent } from '../format'
import styles from './Funnel.module.css'
import type { Pattern } from './palette'

export interface FunnelStep {
  key: string
  label: string
  value: number
  /** The number as a link to its sessions. */
  figure?: ReactNode
  color?: string
  pattern?: Pattern
  /** In words, what became of those who are not in it. */
  lost?: ReactNode
}

/** Steps from all to few: each a bar of its share of the first, and in words how many did not get there. */
export function Funnel({ steps, label }: { steps: FunnelStep[]; label: string }) {
  const all = steps[0]?.value ?? 0
  return (
    <ol className={styles.funnel} aria-label={label}>
      {steps.map((step, i) => {
        const before = steps[i - 1]
        return (
          <li key={step.key} className={styles.step}>
            {before && (
              <p className={styles.lost}>
                {step.lost ?? `${count(before.value - step.value)} (${share(before.value - step.value, before.value)}) did not get there`}
              </p>
            )}
            <div className={styles.words}>
              <span className={styles.label}>{step.label}</span>
              <span className={styles.figure}>{step.figure ?? count(step.value)}</span>
              <span className={styles.share}>{share(step.value, all)}</span>
            </div>
            <div className={styles.track} aria-hidden="true">
              <span
                className={styles.bar}
                data-pattern={step.pattern ?? 'solid'}
                style={{ width: all > 0 ? `${(step.value / all) * 100}%` : 0, ['--tone' as string]: `var(${step.color ?? '--engaged'})` }}
              />
            </div>
          </li>
        )
      })}
    </ol>
  )
}

function share(part: number, whole: number): string {
  return percent(whole > 0 ? part / whole : null)
}
