import { type Answer } from '../../api/hooks'
import type { Filter, Grain, Result } from '../../api/types'
import { endings } from '../../charts/endings'
import { OverTime, type Course } from '../../charts/OverTime'
import { looks } from '../../charts/palette'
import { Segmented } from '../../parts/Segmented'
import { useChoice } from '../../view/view'
import css from './TopicDetail.module.css'

const layers: Course[] = [...endings, { measure: 'unengaged_sessions', label: 'Unengaged', look: looks.unengaged }]

const rateLines: Course[] = [
  { measure: 'resolution_rate', look: looks.implied },
  { measure: 'escalation_rate', look: looks.escalated },
  { measure: 'abandon_rate', look: looks.abandoned },
]

export const overTimeMeasures = layers.map(({ measure }) => measure)

const finer: Record<Grain, string> = { hour: 'minutes', day: 'hours', week: 'days', month: 'weeks' }

const ways = [
  { value: 'sessions', label: 'Sessions' },
  { value: 'rates', label: 'Rates' },
] as const

interface Props {
  counts: Answer<Result>
  /** In buckets large enough for rates; their length where it is not that of the counts. */
  rates: Answer<Result>
  grain: Grain | undefined
  filters: Filter[]
}

/** How the topic's sessions ended over time, as numbers of sessions or as rates. A click opens the sessions. */
export function TopicOverTime({ counts, rates, grain, filters }: Props) {
  const [way, choose] = useChoice('by', 'sessions', ways)
  const asRates = way === 'rates'
  return (
    <OverTime
      title="How its sessions ended over time"
      help="By when each session started. Rates are of its engaged sessions that are over; the band is the 95 % interval. Click to see the sessions."
      answer={asRates ? rates : counts}
      courses={asRates ? rateLines : layers}
      kind={asRates ? 'lines' : 'stacked'}
      unit={asRates ? 'rate' : 'count'}
      csv="topic-over-time"
      filters={filters}
      actions={<Segmented label="What to draw" value={way} onChange={(next) => choose(next, { replace: true })} options={ways} />}
      words={
        asRates &&
        grain && (
          <p className={css.about}>
            By {grain}, since single {finer[grain]} have too few sessions.
          </p>
        )
      }
    />
  )
}
