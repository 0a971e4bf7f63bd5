import type { Answer } from '../../api/hooks'
import type { Result } from '../../api/types'
import { Empty } from '../../parts/Empty'
import { Panel } from '../../parts/Panel'
import css from './Satisfaction.module.css'

/** In the place of everything about scores where nobody was asked for one: how to ask. */
export function NoSurvey({ answer }: { answer: Answer<Result> }) {
  return (
    <Panel
      title="Satisfaction scores"
      answer={answer}
      empty={
        <Empty title="Nobody was asked for a score here" icon="chart">
          <ul className={css.ways}>
            <li>Was there a survey at another time, or in another bot? Choose a longer range, or take a filter away.</li>
            <li>
              In Copilot Studio, let topics end with <b>End of conversation</b>: it asks whether the answer helped, and then for a score of 1 to 5.
            </li>
            <li>
              In a bot of your own, ask in your own words and record the answer as the event <code>rapport.csat</code> with the value{' '}
              <code>{'{"score": 4, "comment": "…"}'}</code>.
            </li>
          </ul>
        </Empty>
      }
    >
      {() => null}
    </Panel>
  )
}
