import { type Answer, valueOf } from '../../api/hooks'
import type { Filter, Result } from '../../api/types'
import { count, percent } from '../../format'
import { BarList } from '../../parts/BarList'
import { Empty } from '../../parts/Empty'
import { Panel } from '../../parts/Panel'
import { CountLink } from '../../parts/SessionsLink'
import type { Table } from '../../parts/table'
import css from './TopicDetail.module.css'

const states = [
  ['answered_answers', 'Answered'],
  ['not_answered_answers', 'Said that nothing is known'],
  ['no_result_answers', 'The search found nothing'],
  ['moderated_answers', 'Held back by a filter'],
  ['other_answers', 'Another state, such as an error'],
] as const

export const answerMeasures = ['generated_answers', 'answer_rate', ...states.map(([measure]) => measure)]

type State = { measure: string; label: string; answers: number }

/** What became of the answers that the bot generated in the topic's sessions. */
export function GeneratedAnswers({ answer, filters }: { answer: Answer<Result>; filters: Filter[] }) {
  const number = (measure: string) => (answer.data ? (valueOf(answer.data, undefined, measure).value ?? 0) : 0)
  const all = number('generated_answers')
  const rows: State[] = states.map(([measure, label]) => ({ measure, label, answers: number(measure) }))
  return (
    <Panel
      title="Generated answers"
      help="Each time that the bot tried to generate an answer, and what became of it. An answer given is not yet a right answer."
      answer={answer}
      minHeight={220}
      shape="bars"
      table={() => tableOf(rows)}
      csv="topic-generated-answers"
      empty={answer.data && all === 0 && <Empty title="None in these sessions">The bot generated no answers in the sessions of this topic.</Empty>}
    >
      {() => (
        <>
          <p className={css.about}>
            {count(all)} in all, {percent(rows[0] && all > 0 ? rows[0].answers / all : null)} answered.
          </p>
          <BarList
            label="Generated answers by what became of them"
            rows={rows.map((row) => ({
              key: row.measure,
              label: row.label,
              value: row.answers,
              figure: <CountLink measure={row.measure} value={row.answers} filters={filters} />,
            }))}
          />
        </>
      )}
    </Panel>
  )
}

function tableOf(rows: State[]): Table<State> {
  return {
    rows,
    key: (row) => row.measure,
    columns: [
      { key: 'state', title: 'What became of it', kind: 'text', value: (row) => row.label },
      { key: 'answers', title: 'Answers', kind: 'count', value: (row) => row.answers },
    ],
  }
}
