import { valueOf, type Answer } from '../../api/hooks'
import type { Result } from '../../api/types'
import { endings, withoutOutcome } from '../../charts/endings'
import { OverTime, type Course } from '../../charts/OverTime'
import { Segmented } from '../../parts/Segmented'
import { CountLink } from '../../parts/SessionsLink'
import { Share } from '../../parts/Share'
import { useChoice } from '../../view/view'
import { NoOutcomes } from './NoOutcomes'
import css from './Outcomes.module.css'

const ways = [
  { value: 'sessions', label: 'Sessions' },
  { value: 'rates', label: 'Rates' },
] as const

const counts = endings.map(({ measure, label, look }) => ({ measure, label, look }))
const rates: Course[] = endings.map(({ rate, label, look }) => ({ measure: rate, label, look }))

export function OutcomesOverTime({ answer }: { answer: Answer<Result> }) {
  const [way, choose] = useChoice('show', 'sessions', ways)
  const asRates = way === 'rates'
  const total = (measure: string) => (answer.data ? valueOf(answer.data, undefined, measure).value : undefined)
  const without = total(withoutOutcome.measure) ?? 0
  const drawn = without > 0 ? [...counts, withoutOutcome] : counts
  return (
    <OverTime
      title="How engaged sessions ended"
      help={
        asRates
          ? 'Each outcome as a share of the engaged sessions that are over, by when they started. The band is the 95 % interval.'
          : 'Engaged sessions that are over, by when they started, each with the one outcome it ended with. Click a bar to see its sessions.'
      }
      answer={answer}
      courses={asRates ? rates : drawn}
      kind={asRates ? 'lines' : 'stacked'}
      unit={asRates ? 'rate' : 'count'}
      csv="outcomes-over-time"
      actions={<Segmented label="What to draw" value={way} onChange={(next) => choose(next, { replace: true })} options={ways} />}
      words={
        <div className={css.shares}>
          <Share
            label="Engaged sessions by how they ended"
            parts={drawn.map(({ measure, label, look }) => ({ key: measure, label, value: total(measure) ?? 0, ...look }))}
            number={(part) => <CountLink value={part.value} measure={part.key} />}
          />
        </div>
      }
      empty={total('engaged_finished_sessions') === 0 && <NoOutcomes />}
    />
  )
}
