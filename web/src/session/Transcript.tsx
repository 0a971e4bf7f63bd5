import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { Conversation } from '../api/types'
import { count } from '../format'
import { Button } from '../parts/Button'
import { Empty } from '../parts/Empty'
import { TranscriptLine } from './TranscriptLine'
import { lineOf, linesOf, stretches } from './transcript'
import styles from './Transcript.module.css'
import { useRecognition } from './useRecognition'

/** An activity to show: each time a new object, so that the same one can be asked for again. */
export interface Target {
  place: number
}

interface Props {
  conversation: Conversation
  session: number
  zone: string
  definition: string | undefined
  target: Target | null
  /** Places of system events whose group is open. */
  unfolded: ReadonlySet<number>
  onUnfold: (places: ReadonlySet<number>) => void
}

/** Up to here all lines are drawn, so that the browser's own search finds everything. */
const few = 300

/** What was said, in order: the open session in full ink, the others of the conversation dimmed around it. */
export function Transcript({ conversation, session, zone, definition, target, unfolded, onUnfold }: Props) {
  const { activities } = conversation
  const [all, setAll] = useState(false)
  const recognition = useRecognition(conversation, definition)
  const lines = useMemo(() => linesOf(activities, unfolded, all), [activities, unfolded, all])
  const rail = useMemo(() => stretches(lines, activities), [lines, activities])
  const events = useMemo(() => lines.reduce((n, l) => n + (l.kind === 'system' ? l.places.length : 0), 0), [lines])
  const first = lines.findIndex((l) => l.kind === 'session' && l.session === session)

  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 56,
    getItemKey: (i) => lines[i]?.key ?? i,
    overscan: lines.length <= few ? few : 12,
  })

  // A conversation opens where its session begins.
  useEffect(() => {
    if (first > 0) virtual.scrollToIndex(first, { align: 'start' })
  }, [first, virtual])

  const marked = target ? lineOf(lines, target.place) : -1
  useEffect(() => {
    if (target && marked >= 0) virtual.scrollToIndex(marked, { align: 'center' })
  }, [target, marked, virtual])

  if (activities.length === 0) {
    return (
      <Empty title="No transcript" icon="chat">
        <p>This session came from a list of sessions, which holds no messages.</p>
      </Empty>
    )
  }
  return (
    <section className={styles.transcript} aria-labelledby="transcript">
      <header className={styles.head}>
        <h3 id="transcript">Transcript</h3>
        {events > 0 && (
          <Button small look="quiet" aria-pressed={all} onClick={() => setAll(!all)}>
            {all ? 'Hide' : 'Show'} {count(events)} system {events === 1 ? 'event' : 'events'}
          </Button>
        )}
      </header>
      <div ref={scroller} className={styles.scroller}>
        <ol className={styles.lines} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const line = lines[item.index]
            const stretch = rail[item.index]
            if (!line || !stretch) return null
            return (
              <li
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                className={styles.line}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <TranscriptLine
                  line={line}
                  stretch={stretch}
                  conversation={conversation}
                  session={session}
                  zone={zone}
                  recognition={recognition}
                  marked={item.index === marked ? target : null}
                  onFold={(places, open) => onUnfold(new Set(open ? [...unfolded, ...places] : [...unfolded].filter((p) => !places.includes(p))))}
                />
              </li>
            )
          })}
        </ol>
      </div>
    </section>
  )
}
