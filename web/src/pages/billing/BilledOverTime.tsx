import { type Answer } from '../../api/hooks'
import type { Result } from '../../api/types'
import { OverTime, type Course } from '../../charts/OverTime'
import { seriesLook } from '../../charts/palette'

const lines: Course[] = [
  { measure: 'billed_sessions', label: 'Billed', look: seriesLook(0) },
  { measure: 'sessions', label: 'Analytics', look: seriesLook(2) },
]

/** Both kinds of sessions on one axis. */
export function BilledOverTime({ answer, without }: { answer: Answer<Result>; without: string[] }) {
  return (
    <OverTime
      title="Billed and analytics sessions over time"
      help="Each by when it started. The two are cut from the same messages by rules of their own, and need not begin together."
      answer={answer}
      without={without}
      courses={lines}
      kind="lines"
      unit="count"
      csv="billed-over-time"
    />
  )
}
