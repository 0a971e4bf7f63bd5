import { useAnswer } from '../../api/hooks'
import { looks } from '../../charts/palette'
import { percent } from '../../format'
import { Panel } from '../../parts/Panel'
import { CountLink } from '../../parts/SessionsLink'
import { Share } from '../../parts/Share'
import type { Table } from '../../parts/table'
import { engagementAsk } from './asks'
import css from './Engagement.module.css'
import { engagedOnly, firstWordText, sidesOf, unengagedOnly, type Side } from './firstWord'
import { NoSessions } from './NoSessions'

/** Sessions that users started beside those that the bot started, and why the difference matters. */
export function FirstWord() {
  const answer = useAnswer(engagementAsk)
  const result = answer.data
  const sides = result ? sidesOf(result) : []
  const none = sides.every((side) => side.sessions === 0)
  return (
    <Panel
      title="Who spoke first"
      help="By who sent the first message. An event that starts a conversation is no message; a session without any message counts as started by the bot."
      answer={answer}
      minHeight={330}
      shape="bars"
      table={() => tableOf(sides)}
      csv="who-spoke-first"
      empty={result && none && <NoSessions />}
    >
      {() =>
        result && (
          <>
            <div className={css.sides}>
              {sides.map((side) => (
                <OneSide key={side.key} side={side} />
              ))}
            </div>
            <p className={css.words}>{firstWordText(result)}</p>
          </>
        )
      }
    </Panel>
  )
}

function OneSide({ side }: { side: Side }) {
  const filterOf = (key: string) => [key === 'engaged' ? engagedOnly : unengagedOnly]
  return (
    <div className={css.side}>
      <h3>{side.title}</h3>
      <p className={css.figure}>
        <span className={css.number}>
          <CountLink value={side.sessions} measure={side.measure} />
        </span>{' '}
        <span className={css.quiet}>{percent(side.share)} of sessions</span>
      </p>
      <Share
        label={`${side.title}: engaged and unengaged sessions`}
        parts={[
          { key: 'engaged', label: 'Engaged', value: side.engaged, ...looks.engaged },
          { key: 'unengaged', label: 'Unengaged', value: side.unengaged, ...looks.unengaged },
        ]}
        number={(part) => <CountLink value={part.value} measure={side.measure} filters={filterOf(part.key)} />}
      />
    </div>
  )
}

function tableOf(sides: Side[]): Table<Side> {
  return {
    columns: [
      { key: 'first', title: 'First message', kind: 'text', value: (side) => side.title },
      { key: 'sessions', title: 'Sessions', kind: 'count', value: (side) => side.sessions },
      { key: 'share', title: 'Of all sessions', kind: 'rate', value: (side) => side.share },
      { key: 'engaged', title: 'Engaged', kind: 'count', value: (side) => side.engaged },
      { key: 'unengaged', title: 'Unengaged', kind: 'count', value: (side) => side.unengaged },
    ],
    rows: sides,
    key: (side) => side.key,
  }
}
