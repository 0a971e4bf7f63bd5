import { valueOf, type Answer } from '../../api/hooks'
import type { Result, Value } from '../../api/types'
import { count, percent } from '../../format'
import { Figure } from '../../parts/Figure'
import { SessionsLink } from '../../parts/SessionsLink'
import { figures } from './asks'
import css from './Summary.module.css'

/** The six figures that people know from the platform, in its order. */
export function Figures({ answer, trend }: { answer: Answer<Result>; trend: Answer<Result> }) {
  return (
    <section className={css.figures} aria-label="Key figures">
      {figures.map((measure) => (
        <Figure
          key={measure}
          measure={measure}
          answer={answer}
          trend={trend}
          note={measure === 'csat_score' && answer.data ? <Answered rate={valueOf(answer.data, undefined, 'csat_response_rate')} /> : undefined}
        />
      ))}
    </section>
  )
}

/** A score says little without how many gave one. */
function Answered({ rate }: { rate: Value }) {
  const asked = rate.denominator ?? 0
  if (asked === 0) return 'No survey was shown'
  const answered = rate.numerator ?? 0
  const words = rate.value === null ? `${count(answered)} of ${count(asked)} answered` : `${percent(rate.value, 0)} answered`
  if (answered === 0) return words
  return (
    <SessionsLink measure="csat_response_rate" className={css.quiet} title={`${count(answered)} of ${count(asked)} who were asked gave a score`}>
      {words}
    </SessionsLink>
  )
}
