import { valueOf, type Answer } from '../../api/hooks'
import type { Result } from '../../api/types'
import { endings } from '../../charts/endings'
import { OverTime, type Course } from '../../charts/OverTime'
import { looks } from '../../charts/palette'
import { count } from '../../format'
import { Empty } from '../../parts/Empty'
import css from './Summary.module.css'

const layers: Course[] = [
  { measure: 'engaged_sessions', label: 'Engaged', look: looks.engaged },
  { measure: 'unengaged_sessions', label: 'Unengaged', look: looks.unengaged },
]

export function EngagementOverTime({ answer }: { answer: Answer<Result> }) {
  return (
    <OverTime
      answer={answer}
      title="Engagement over time"
      help="Sessions by when they started. A hatched bar is only a part: its time is not over, or reaches beyond the range. Click a part of a bar to see its sessions."
      courses={layers}
      kind="stacked"
      unit="count"
      csv="engagement-over-time"
      empty={total(answer, 'sessions') === 0 && <Empty title="No session started at a known time" icon="chart" />}
    />
  )
}

export function OutcomesOverTime({ answer }: { answer: Answer<Result> }) {
  const without = withoutOutcome(answer)
  return (
    <OverTime
      answer={answer}
      title="How engaged sessions end"
      help="Engaged sessions by when they started, each with the one outcome that it ended with. Confirmed: the user said that it helped. Implied: the user left after the end of a topic."
      courses={endings}
      kind="stacked"
      unit="count"
      csv="outcomes-over-time"
      empty={endings.every(({ measure }) => total(answer, measure) === 0) && <Empty title="No engaged session has ended" icon="chart" />}
      note={without && <p className={css.more}>{without}</p>}
    />
  )
}

/** The bars are lower than those of engaged sessions where some have no outcome: how many, and why. */
function withoutOutcome(answer: Answer<Result>): string | undefined {
  const open = (total(answer, 'engaged_sessions') ?? 0) - (total(answer, 'engaged_finished_sessions') ?? 0)
  const without = total(answer, 'engaged_without_outcome') ?? 0
  const words = [
    open > 0 && `${count(open)} engaged ${open === 1 ? 'session is' : 'sessions are'} still open`,
    without > 0 && `${count(without)} ${without === 1 ? 'was' : 'were'} given no outcome by the platform`,
  ].filter((part) => part !== false)
  return words.length > 0 ? `${words.join('; ')}.` : undefined
}

function total(answer: Answer<Result>, measure: string): number | null | undefined {
  return answer.data && valueOf(answer.data, undefined, measure).value
}
