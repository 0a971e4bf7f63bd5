import { useDeferredValue, useMemo } from 'react'
import { useAnswer } from '../../api/hooks'
import { count, percent } from '../../format'
import { topicPath } from '../../names/topics'
import { topicsKnown } from '../../names/topicsKnown'
import { DataTable } from '../../parts/DataTable'
import { Empty } from '../../parts/Empty'
import { Panel } from '../../parts/Panel'
import { Segmented } from '../../parts/Segmented'
import { orderOf } from '../../parts/table'
import { useChoice, useLink, useParam } from '../../view/view'
import { EndingLegend } from './EndingBar'
import { impactColumns, rateColumns } from './topicColumns'
import { changesOf, narrowed, topicMeasures, topicRows, type TopicRow } from './topicRows'
import css from './Topics.module.css'
import { useHeldDrivers } from './useHeldDrivers'

const busiest = '-sessions'

const shows = [
  { value: 'rates', label: 'Rates' },
  { value: 'impact', label: 'Impact' },
] as const

const topicKinds = [
  { value: 'all', label: 'All' },
  { value: 'custom', label: 'Custom' },
  { value: 'system', label: 'System' },
] as const

export default function Topics() {
  const link = useLink()
  const [words, setWords] = useParam('q', '')
  const [kind, setKind] = useChoice('kind', 'all', topicKinds)
  const [show, setShow] = useChoice('show', 'rates', shows)
  const impact = show === 'impact'
  const [order, setOrder] = useParam('sort', busiest)

  const answer = useAnswer({ measures: topicMeasures, dimensions: ['topic'] })
  const volumes = useAnswer({ measures: ['sessions'], dimensions: ['topic'], compare: true })
  const kinds = useAnswer({ measures: ['sessions'], dimensions: ['topic', 'topic_kind', 'bot'] })
  const { drivers, answers } = useHeldDrivers(impact)

  const rows = useMemo(() => {
    if (!answer.data || !volumes.data || !kinds.data) return []
    return topicRows(answer.data, { known: topicsKnown(kinds.data), changes: changesOf(volumes.data), drivers })
  }, [answer.data, volumes.data, kinds.data, drivers])
  const wanted = useDeferredValue(words)
  const table = useMemo(() => {
    const key = (row: TopicRow) => row.id
    return { key, rows: narrowed(rows, wanted, kind), columns: impact ? impactColumns(rows) : rateColumns }
  }, [rows, wanted, kind, impact])

  return (
    <>
      <h1>Topics</h1>
      <Panel
        title="All topics"
        help={
          <>
            <p>A session counts for one topic: the last custom topic in it or, without one, the first system topic.</p>
            <p>
              Impact is the rate of all sessions minus what it would be without the topic’s. A topic can have a bad rate without being at fault: people may reach it when
              they are lost already.
            </p>
          </>
        }
        answer={[answer, volumes, kinds, ...answers]}
        minHeight={answer.data ? 0 : 620}
        shape="table"
        empty={
          rows.length === 0 && <Empty title="No topics in this period">No session matches. A longer range or fewer filters may show some.</Empty>
        }
      >
        {() => (
          <>
            <p className={css.about}>{aboutOf(rows)}</p>
            <div className={css.tools}>
              <input
                type="search"
                className={css.search}
                aria-label="Find a topic by name"
                placeholder="Find a topic"
                value={words}
                onChange={(event) => setWords(event.target.value, { replace: true })}
              />
              <Segmented label="Kind of topic" value={kind} onChange={setKind} options={topicKinds} />
              <Segmented label="What to show" value={show} onChange={setShow} options={shows} />
              {!impact && <EndingLegend />}
            </div>
            <DataTable
              table={table}
              caption={impact ? 'What each topic does to the rates of all sessions' : 'Topics and how their sessions ended'}
              sort={orderOf(table.columns.map(({ key }) => key), order, busiest)}
              onSort={setOrder}
              rowHref={(row) => link(topicPath(row.id))}
              csv="topics"
              empty={`No topic is called “${wanted}”.`}
            />
          </>
        )}
      </Panel>
    </>
  )
}

/** How the sessions spread over topics, in a sentence. */
function aboutOf(rows: TopicRow[]): string {
  const named = rows.filter((row) => row.id !== '' && row.sessions > 0)
  const sessions = rows.reduce((sum, row) => sum + row.sessions, 0)
  const without = rows.find((row) => row.id === '')?.sessions ?? 0
  const largest = named.map((row) => row.sessions).sort((a, b) => b - a)
  const ten = largest.slice(0, 10).reduce((sum, one) => sum + one, 0)
  const topics = `${count(named.length)} ${named.length === 1 ? 'topic' : 'topics'} in ${count(sessions)} ${sessions === 1 ? 'session' : 'sessions'}`
  const top = named.length > 10 && sessions > 0 ? `; the ten largest have ${percent(ten / sessions, 0)} of them` : ''
  const none = without > 0 ? ` ${count(without)} sessions reached no topic.` : ''
  return `${topics}${top}.${none}`
}
