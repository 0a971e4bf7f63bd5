import { valueOf, type Answer } from '../../api/hooks'
import type { Result } from '../../api/types'
import { OverTime, type Course } from '../../charts/OverTime'
import { looks } from '../../charts/palette'
import { Empty } from '../../parts/Empty'
import { CountLink } from '../../parts/SessionsLink'
import { Share } from '../../parts/Share'
import { NoOutcomes } from './NoOutcomes'
import css from './Outcomes.module.css'
import { saidOrAssumed } from './saidOrAssumedWords'

const courses: Course[] = [
  { measure: 'confirmed_rate', label: 'Confirmed', look: looks.confirmed },
  { measure: 'implied_rate', label: 'Implied', look: looks.implied },
]

/** How much of the resolution rate somebody confirmed, and how much is silence read as success. */
export function SaidOrAssumed({ answer }: { answer: Answer<Result> }) {
  const number = (measure: string) => (answer.data ? (valueOf(answer.data, undefined, measure).value ?? 0) : 0)
  const [confirmed, implied] = [number('confirmed_sessions'), number('implied_sessions')]
  return (
    <OverTime
      title="Resolved: confirmed or implied"
      help="Confirmed: the user said that it helped. Implied: the session came to the end of a topic and the user left without a word about it. The lines are shares of the engaged sessions that are over; the band is the 95 % interval."
      answer={answer}
      courses={courses}
      kind="lines"
      unit="rate"
      csv="confirmed-and-implied-over-time"
      empty={answer.data && nothingResolved(number('engaged_finished_sessions'), confirmed + implied)}
      words={
        <div className={css.shares}>
          <p className={css.words}>{saidOrAssumed(confirmed, implied)}</p>
          <Share
            label="Resolved sessions, confirmed and implied"
            parts={[
              { key: 'confirmed_sessions', label: 'Confirmed: the user said so', value: confirmed, ...looks.confirmed },
              { key: 'implied_sessions', label: 'Implied: the user left without a word', value: implied, ...looks.implied },
            ]}
            number={(part) => <CountLink value={part.value} measure={part.key} />}
          />
        </div>
      }
    />
  )
}

function nothingResolved(ended: number, resolved: number) {
  if (ended === 0) return <NoOutcomes />
  if (resolved > 0) return undefined
  return (
    <Empty title="No session was resolved here" icon="chart">
      A session counts as resolved when a topic reaches its end by End of conversation, or when your bot says so with an outcome. Without either,
      users who got what they wanted count as abandoned.
    </Empty>
  )
}
