import { valueOf, type Answer } from '../../api/hooks'
import type { Result } from '../../api/types'
import { OverTime } from '../../charts/OverTime'
import { other, seriesLook } from '../../charts/palette'
import { count, percent, tooFew } from '../../format'
import { Empty } from '../../parts/Empty'
import { Interval } from '../../parts/Interval'
import { SessionsLink } from '../../parts/SessionsLink'
import { Share } from '../../parts/Share'
import css from './Satisfaction.module.css'

/** What becomes of an answer that the bot tries to generate. */
export const answerStates = [
  { measure: 'answered_answers', label: 'Answered', look: seriesLook(1) },
  { measure: 'not_answered_answers', label: 'Said that nothing is known', look: seriesLook(0) },
  { measure: 'no_result_answers', label: 'The search found nothing', look: seriesLook(3) },
  { measure: 'moderated_answers', label: 'Held back by a filter', look: seriesLook(2) },
  { measure: 'other_answers', label: 'Another state, such as an error', look: other },
]

/** Whether the bot found something to say when it generated answers from knowledge. */
export function GeneratedAnswers({ answer }: { answer: Answer<Result> }) {
  const number = (measure: string) => (answer.data ? (valueOf(answer.data, undefined, measure).value ?? 0) : 0)
  const rate = answer.data && valueOf(answer.data, undefined, 'answer_rate')
  const states = answerStates.filter(({ measure }) => number(measure) > 0)
  return (
    <OverTime
      title="Generated answers"
      help="Each time that the bot tried to generate an answer, and what became of it, by when the session started. An answer given is not yet a right answer: look at the reactions beside it. Click a bar to see its sessions."
      answer={answer}
      courses={states}
      kind="stacked"
      unit="count"
      csv="generated-answers-over-time"
      empty={
        answer.data &&
        states.length === 0 && (
          <Empty title="No generated answers here" icon="chart">
            Bots that answer from knowledge, such as documents or web sites, say what became of each answer; it is counted here.
          </Empty>
        )
      }
      words={
        <div className={css.shares}>
          <p className={css.words}>
            {rate?.value === null || rate === undefined ? (
              <>There are {tooFew(rate?.denominator ?? 0)} to give a rate.</>
            ) : (
              <>
                {percent(rate.value)} <Interval value={rate} /> of {count(number('generated_answers'))} attempts gave an answer.
              </>
            )}
          </p>
          <Share
            label="Generated answers by what became of them"
            parts={states.map(({ measure, label, look }) => ({ key: measure, label, value: number(measure), ...look }))}
            number={(part) => <SessionsLink measure={part.key}>{count(part.value)}</SessionsLink>}
          />
        </div>
      }
    />
  )
}
