import { valueOf, type Answer } from '../../api/hooks'
import type { Filter, Result } from '../../api/types'
import { looks } from '../../charts/palette'
import { percent, tooFew } from '../../format'
import { Interval } from '../../parts/Interval'
import { Panel } from '../../parts/Panel'
import { CountLink } from '../../parts/SessionsLink'
import { Share, type SharePart } from '../../parts/Share'
import css from './Satisfaction.module.css'

const unanswered: Filter = { dimension: 'csat', values: [''] }

/** How many of those who were asked gave a score: the fewer, the less the scores stand for all. */
export function ResponseRate({ answer }: { answer: Answer<Result> }) {
  const result = answer.data
  const rate = result && valueOf(result, undefined, 'csat_response_rate')
  const answered = rate?.numerator ?? 0
  const parts: SharePart[] = [
    { key: 'answered', label: 'Gave a score', value: answered, color: '--series-2', pattern: 'solid' },
    { key: 'not', label: 'Were asked, and gave none', value: (rate?.denominator ?? 0) - answered, ...looks.unengaged },
  ]
  return (
    <Panel
      title="Who answers the survey"
      help="Of the sessions in which the survey was shown. A sessions CSV has scores but does not say who was asked: for those it is always 100 %."
      answer={answer}
      minHeight={160}
      shape="bars"
      table={() => ({
        columns: [
          { key: 'what', title: 'Survey', kind: 'text', value: (part: SharePart) => part.label },
          { key: 'sessions', title: 'Sessions', kind: 'count', value: (part: SharePart) => part.value },
        ],
        rows: parts,
        key: (part) => part.key,
      })}
      csv="survey-responses"
    >
      {() =>
        rate && (
          <>
            <p className={css.words}>
              {rate.value === null ? (
                <>The survey was shown in few sessions: {tooFew(rate.denominator ?? 0)} to give a rate.</>
              ) : (
                <>
                  {percent(rate.value)} <Interval value={rate} /> of those who were asked gave a score. Who answers is not who was served: people with
                  something to complain about, or to praise, answer more often.
                </>
              )}
            </p>
            <Share
              label="Sessions in which the survey was shown"
              parts={parts}
              number={(part) =>
                part.key === 'answered' ? (
                  <CountLink value={part.value} measure="csat_responses" />
                ) : (
                  <CountLink value={part.value} measure="csat_asked" filters={[unanswered]} />
                )
              }
            />
          </>
        )
      }
    </Panel>
  )
}
