import { Link } from 'react-router'
import { useAnswer, valueOf } from '../../api/hooks'
import { useDimensions } from '../../api/hooks'
import { count } from '../../format'
import { topicPath } from '../../names/topics'
import { Empty } from '../../parts/Empty'
import { ProblemNote } from '../../parts/ProblemNote'
import { Skeleton } from '../../parts/Skeleton'
import { useFilter, useLink } from '../../view/view'

/** Why there is nothing to show of a topic: not in this period, not with these filters, or not at all. */
export function NoSuchTopic({ topic }: { topic: string }) {
  const link = useLink()
  const { filters } = useFilter()
  const dimensions = useDimensions()
  const without = dimensions.data?.map((dimension) => dimension.name)
  const ever = useAnswer(
    without ? { measures: ['sessions'], dimensions: ['topic'], filters: [{ dimension: 'topic', values: [topic] }], without, range: {} } : null,
  )
  if (ever.error) return <ProblemNote problem={ever.error} retry={ever.retry} />
  if (!ever.data) return <Skeleton height={160} />
  const sessions = valueOf(ever.data, undefined, 'sessions').value ?? 0
  if (sessions === 0) {
    return (
      <Empty title="There is no such topic" action={<Link to={link('/topics')}>All topics</Link>}>
        No session has the topic <bdi>{topic}</bdi>. Its name may be misspelt, or another definition may attribute its sessions to other topics.
      </Empty>
    )
  }
  return (
    <Empty
      title={filters.length > 0 ? 'Nothing of this topic in this view' : 'Nothing of this topic in this period'}
      action={<Link to={link(topicPath(topic), { range: 'all', filters: [], bots: [] })}>Show all of its sessions</Link>}
    >
      In all there {sessions === 1 ? 'is 1 session' : `are ${count(sessions)} sessions`} of it{filters.length > 0 && ', filters left aside'}.
    </Empty>
  )
}
