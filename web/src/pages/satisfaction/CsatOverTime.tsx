import { valueOf, type Answer } from '../../api/hooks'
import type { Result } from '../../api/types'
import { legible } from '../../charts/legible'
import { OverTime, type Course } from '../../charts/OverTime'
import { looks, seriesLook } from '../../charts/palette'
import { Empty } from '../../parts/Empty'
import { Segmented } from '../../parts/Segmented'
import { useChoice } from '../../view/view'

const shown = {
  score: {
    measure: 'csat_score',
    courses: [{ measure: 'csat_score', look: looks.engaged }] as Course[],
    unit: 'mean',
    help: 'The mean of the scores, 1 to 5, by when their sessions started. Stretches of time with fewer than ten scores have no point. The band is the 95 % interval.',
  },
  satisfied: {
    measure: 'csat_top_two_rate',
    courses: [{ measure: 'csat_top_two_rate', look: looks.engaged }] as Course[],
    unit: 'rate',
    help: 'The share of scores that are 4 or 5. Stretches of time with fewer than ten scores have no point. The band is the 95 % interval.',
  },
  responses: {
    measure: 'csat_response_rate',
    courses: [{ measure: 'csat_response_rate', look: seriesLook(1) }] as Course[],
    unit: 'rate',
    help: 'The share of sessions with a score, of those in which the survey was shown. The band is the 95 % interval.',
  },
} as const

type Shown = keyof typeof shown

const ways: { value: Shown; label: string }[] = [
  { value: 'score', label: 'Mean score' },
  { value: 'satisfied', label: 'Satisfied' },
  { value: 'responses', label: 'Response rate' },
]

/** The course of the scores: by longer stretches of time where there are few of them. */
export function CsatOverTime({ fine, coarse }: { fine: Answer<Result>; coarse: Answer<Result> }) {
  const [way, choose] = useChoice('show', 'score', ways)
  const { measure, courses, unit, help } = shown[way]
  const answer = legible(fine, coarse, measure)
  return (
    <OverTime
      title="Satisfaction over time"
      help={help}
      answer={answer}
      courses={courses}
      kind="lines"
      unit={unit}
      most={5}
      csv="satisfaction-over-time"
      actions={<Segmented label="What to draw" value={way} onChange={(next) => choose(next, { replace: true })} options={ways} />}
      empty={
        answer.data &&
        answer.data.rows.every((row) => answer.data && valueOf(answer.data, row, measure).value === null) && (
          <Empty title="Too few answers for a line" icon="chart">
            No stretch of time has ten of them. Choose a longer range, or take a filter away.
          </Empty>
        )
      }
    />
  )
}
