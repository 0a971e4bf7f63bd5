import { Link, useParams } from 'react-router'
import { useAnswer } from '../../api/hooks'
import type { Filter } from '../../api/types'
import { topicName, topicOf } from '../../names/topics'
import { topicsKnown } from '../../names/topicsKnown'
import { Empty } from '../../parts/Empty'
import { Figure } from '../../parts/Figure'
import { SaidGroups } from '../../session/SaidGroups'
import { useLink } from '../../view/view'
import { BesideOthers } from './BesideOthers'
import { ByChannel } from './ByChannel'
import { GeneratedAnswers, answerMeasures } from './GeneratedAnswers'
import { NoSuchTopic } from './NoSuchTopic'
import css from './TopicDetail.module.css'
import { TopicOverTime, overTimeMeasures } from './TopicOverTime'
import { held } from './topicRows'
import { useTrend } from './useTrend'

const figures = ['sessions', 'engagement_rate', ...held]

/** One topic: how its sessions go, beside those of the others. */
export default function TopicDetail() {
  const topic = topicOf(useParams().id)
  // A topic of its own from the start: nothing of the one before stays on the page.
  return <Topic key={topic} topic={topic} />
}

function Topic({ topic }: { topic: string }) {
  const link = useLink()
  const filters: Filter[] = [{ dimension: 'topic', values: [topic] }]
  const named = useAnswer({ measures: ['sessions'], dimensions: ['topic', 'topic_kind', 'bot'], filters })
  const { trend, rates, grain } = useTrend([...figures, ...overTimeMeasures, ...answerMeasures], filters) // the totals of the trend are the figures

  const row = named.data?.rows[0]
  const name = topicName(topic, row?.labels[0] ?? topic)
  const kind = named.data ? topicsKnown(named.data).get(topic)?.kind : undefined
  const head = (
    <header className={css.head}>
      <Link to={link('/topics')}>Topics</Link>
      <h1>
        <bdi>{name}</bdi>
      </h1>
      {kind && <span className={css.kind}>{kind === 'custom' ? 'custom topic' : 'system topic'}</span>}
      {topic !== '' && topic !== name && <bdi className={css.id}>{topic}</bdi>}
    </header>
  )
  if (named.data && !named.refreshing && named.data.rows.length === 0) {
    return (
      <>
        {head}
        <NoSuchTopic topic={topic} />
      </>
    )
  }
  return (
    <>
      {head}
      <div className={css.figures}>
        {figures.map((measure) => (
          <Figure key={measure} measure={measure} answer={trend} trend={measure === 'sessions' ? trend : rates} filters={filters} />
        ))}
      </div>
      <BesideOthers topic={topic} />
      <TopicOverTime counts={trend} rates={rates} grain={grain} filters={filters} />
      <div className={css.pair}>
        <SaidGroups
          title="What the bot did not understand"
          help="What users said in sessions of this topic that matched no topic, alike texts as one. They may be missing triggers."
          ask={{ recognition: ['unrecognised'], filters }}
          csv="topic-unrecognised"
          what="What was said"
          empty={
            <Empty title="Nothing went unrecognised">
              Every message in these sessions matched a topic, or the bot’s planner always found something to do.
            </Empty>
          }
        />
        <GeneratedAnswers answer={trend} filters={filters} />
      </div>
      <ByChannel filters={filters} />
    </>
  )
}
