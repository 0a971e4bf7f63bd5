import { lazy, Suspense, useState } from 'react'
import { Button } from '../parts/Button'
import { Skeleton } from '../parts/Skeleton'
import { usePeriod } from '../view/period'
import { isDay, presets, step, wholeDays, type Day } from '../view/ranges'
import { useSetView, useView } from '../view/view'
import { Picker } from './Picker'
import styles from './RangePicker.module.css'
import { periodWords, rangeWords } from './words'

const Calendar = lazy(() => import('./Calendar'))

export function RangePicker({ open, onOpenChange }: { open: boolean; onOpenChange(open: boolean): void }) {
  const view = useView()
  const period = usePeriod()
  return (
    <div className={styles.row}>
      <Step by={-1} />
      <Picker label="Range" words={rangeWords(view, period)} icon="calendar" open={open} onOpenChange={onOpenChange}>
        {(close) => <RangeChoice onDone={close} />}
      </Picker>
      <Step by={1} />
    </div>
  )
}

function Step({ by }: { by: -1 | 1 }) {
  const { zone, range } = useView()
  const setView = useSetView()
  const { period } = usePeriod()
  const label = by < 0 ? 'The period before' : 'The period after'
  return (
    <Button
      look="quiet"
      small
      icon={by < 0 ? 'left' : 'right'}
      aria-label={label}
      title={label}
      disabled={!period || range === 'all'}
      onClick={() => period && setView({ range: step(period, zone, by) })}
    />
  )
}

/** A named range, or any days: by the calendar, or typed. */
export function RangeChoice({ onDone }: { onDone?(): void }) {
  const view = useView()
  const setView = useSetView()
  const { period, range } = usePeriod()
  const days = period && wholeDays(period, view.zone)
  const [first, setFirst] = useState(days?.first ?? dayOrNone(range?.from))
  const [last, setLast] = useState(days?.last ?? dayOrNone(range?.to))
  const valid = isDay(first) && isDay(last) && first <= last

  return (
    <div className={styles.choice}>
      <ul className={styles.presets}>
        {presets.map(({ name, label, key }) => (
          <li key={name}>
            <button
              type="button"
              className={styles.preset}
              aria-current={view.range === name ? 'true' : undefined}
              onClick={() => {
                setView({ range: name })
                onDone?.()
              }}
            >
              {label}
              <kbd aria-hidden="true">{key.toUpperCase()}</kbd>
            </button>
          </li>
        ))}
      </ul>
      <form
        className={styles.custom}
        onSubmit={(event) => {
          event.preventDefault()
          if (!valid) return
          setView({ range: { from: first, to: last } })
          onDone?.()
        }}
      >
        <Suspense fallback={<Skeleton height={300} />}>
          <Calendar
            first={first}
            last={last}
            onChange={(from, to) => {
              setFirst(from)
              setLast(to)
            }}
          />
        </Suspense>
        <div className={styles.days}>
          <label>
            First day
            <input type="date" value={first} max={last || undefined} onChange={(event) => setFirst(event.target.value)} />
          </label>
          <label>
            Last day
            <input type="date" value={last} min={first || undefined} onChange={(event) => setLast(event.target.value)} />
          </label>
          <Button type="submit" look="primary" disabled={!valid}>
            Apply
          </Button>
        </div>
        <p className={styles.note}>{period ? `Now: ${periodWords(period, view.zone)}` : ''}</p>
      </form>
    </div>
  )
}

function dayOrNone(text: string | undefined): Day {
  return text && isDay(text) ? text : ''
}
