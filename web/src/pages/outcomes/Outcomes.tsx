import { useAnswer } from '../../api/hooks'
import { endings, withoutOutcome } from '../../charts/endings'
import { Figure } from '../../parts/Figure'
import { LastBotMessage } from './LastBotMessage'
import { LastTopic } from './LastTopic'
import css from './Outcomes.module.css'
import { OutcomesBy } from './OutcomesBy'
import { OutcomesOverTime } from './OutcomesOverTime'
import { Reasons } from './Reasons'
import { SaidOrAssumed } from './SaidOrAssumed'

const measures = [
  'engaged_finished_sessions',
  'resolved_sessions',
  withoutOutcome.measure,
  ...endings.flatMap(({ measure, rate }) => [measure, rate]),
]

/** How engaged sessions end: in what shares, for what reasons, and where people were when they left. */
export default function Outcomes() {
  const answer = useAnswer({ measures, grain: 'auto', compare: true }) // its totals are the figures
  return (
    <>
      <h1>Outcomes</h1>
      <section className={css.figures} aria-label="Key figures">
        {endings.map(({ rate }) => (
          <Figure key={rate} measure={rate} answer={answer} trend={answer} />
        ))}
      </section>
      <div className={css.pair}>
        <OutcomesOverTime answer={answer} />
        <SaidOrAssumed answer={answer} />
      </div>
      <div className={css.pair}>
        <Reasons outcome="escalated" />
        <Reasons outcome="abandoned" />
      </div>
      <OutcomesBy />
      <div className={`${css.pair} ${css.lists}`}>
        <LastTopic />
        <LastBotMessage />
      </div>
    </>
  )
}
