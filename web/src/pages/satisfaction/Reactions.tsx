import { valueOf, type Answer } from '../../api/hooks'
import type { Result } from '../../api/types'
import { OverTime, type Course } from '../../charts/OverTime'
import { count, percent, tooFew } from '../../format'
import { Empty } from '../../parts/Empty'
import { Interval } from '../../parts/Interval'
import { SessionsLink } from '../../parts/SessionsLink'
import { Share } from '../../parts/Share'
import css from './Satisfaction.module.css'

const courses: Course[] = [
  { measure: 'likes', label: 'Thumbs up', look: { color: '--good', pattern: 'solid' } },
  { measure: 'dislikes', label: 'Thumbs down', look: { color: '--bad', pattern: 'dots' } },
]

/** The thumbs that users put to answers. */
export function Reactions({ answer }: { answer: Answer<Result> }) {
  const number = (measure: string) => (answer.data ? (valueOf(answer.data, undefined, measure).value ?? 0) : 0)
  const rate = answer.data && valueOf(answer.data, undefined, 'like_rate')
  return (
    <OverTime
      title="Reactions to answers"
      help="Thumbs up and down that users put to single answers, by when their sessions started. Few users react, and those who do are not like the rest. Click a bar to see its sessions."
      answer={answer}
      courses={courses}
      kind="stacked"
      unit="count"
      csv="reactions-over-time"
      empty={
        answer.data &&
        number('likes') + number('dislikes') === 0 && (
          <Empty title="No reactions here" icon="chart">
            Where a channel shows thumbs below answers, such as web chat and Teams with user feedback switched on, they are counted here.
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
                {percent(rate.value)} <Interval value={rate} /> of reactions are thumbs up.
              </>
            )}
          </p>
          <Share
            label="Reactions to answers"
            parts={courses.map(({ measure, label = measure, look }) => ({ key: measure, label, value: number(measure), ...look }))}
            number={(part) => <SessionsLink measure={part.key}>{count(part.value)}</SessionsLink>}
          />
        </div>
      }
    />
  )
}
