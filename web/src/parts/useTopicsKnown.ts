import { useAnswer } from '../api/hooks'
import type { Result } from '../api/types'
import { topicsKnown, type TopicsKnown } from '../names/topicsKnown'

/** Each answer is read once, however many names on a page want it. */
const read = new WeakMap<Result, TopicsKnown>()

/** Of the topics in the view. It only adds to what is shown, so nothing fails with it. */
export function useTopicsKnown(): { known: TopicsKnown | undefined; loading: boolean } {
  const { data, loading } = useAnswer({ measures: ['sessions'], dimensions: ['topic', 'topic_kind', 'bot'] })
  if (!data) return { known: undefined, loading }
  const known = read.get(data) ?? topicsKnown(data)
  read.set(data, known)
  return { known, loading }
}
