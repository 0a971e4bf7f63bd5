import { useAnswer, valueOf, type Answer, type Ask } from '../../api/hooks'
import type { Result } from '../../api/types'
import { coarser, isLegible, legible } from '../../charts/legible'
import { count } from '../../format'
import { Figure } from '../../parts/Figure'
import { usePeriod } from '../../view/period'
import { useView } from '../../view/view'
import { Comments } from './Comments'
import { CsatDrivers } from './CsatDrivers'
import { CsatOverTime } from './CsatOverTime'
import { answerStates, GeneratedAnswers } from './GeneratedAnswers'
import { NoSurvey } from './NoSurvey'
import { Reactions } from './Reactions'
import { ResponseRate } from './ResponseRate'
import css from './Satisfaction.module.css'
import { Scores, scores } from './Scores'

const figures = ['csat_score', 'csat_top_two_rate', 'csat_response_rate', 'like_rate', 'answer_rate']

const measures = [
  ...figures,
  'csat_asked',
  'csat_responses',
  ...scores.map(({ measure }) => measure),
  'likes',
  'dislikes',
  'generated_answers',
  ...answerStates.map(({ measure }) => measure),
]

const course: Ask = { measures, grain: 'auto', compare: true }

/** What users say of the bot: the scores they give, what moves them, and the thumbs they put to its answers. */
export default function Satisfaction() {
  const answer = useAnswer(course) // its totals are the figures
  const wider = useWider(answer)
  const asked = answer.data && valueOf(answer.data, undefined, 'csat_asked').value
  return (
    <>
      <h1>Satisfaction</h1>
      <section className={css.figures} aria-label="Key figures">
        {figures.map((measure) => (
          <Figure
            key={measure}
            measure={measure}
            answer={answer}
            trend={legible(answer, wider, measure)}
            note={measure === 'csat_score' ? responses(answer) : undefined}
          />
        ))}
      </section>
      {asked === 0 ? (
        <NoSurvey answer={answer} />
      ) : (
        <>
          <div className={css.pair}>
            <Scores answer={answer} />
            <ResponseRate answer={answer} />
          </div>
          <CsatOverTime fine={answer} coarse={wider} />
          <CsatDrivers />
        </>
      )}
      <div className={css.pair}>
        <Reactions answer={answer} />
        <GeneratedAnswers answer={answer} />
      </div>
      <Comments />
    </>
  )
}

/** The figures over longer stretches of time, where one of them needs it and the reader has not chosen how long they are. */
function useWider({ data }: Answer<Result>): Answer<Result> {
  const { grain } = usePeriod()
  const chosen = useView().grain !== undefined
  const next = !chosen && data && figures.some((measure) => !isLegible(data, measure)) ? coarser[grain] : undefined
  return useAnswer(next ? { measures: figures, grain: next, compare: true } : null)
}

/** A mean says little without how many it is of. */
function responses(total: Answer<Result>) {
  const n = total.data && valueOf(total.data, undefined, 'csat_responses').value
  return n ? `of ${count(n)} ${n === 1 ? 'answer' : 'answers'}` : undefined
}
