import type { UseQueryResult } from '@tanstack/react-query'
import { problemFrom, type ApiProblem } from './problem'

/** What a panel shows: an answer, why there is none, or that it is on its way. */
export interface Answer<T> {
  data: T | undefined
  error: ApiProblem | null
  loading: boolean
  /** What is shown is of an earlier question or of older data; the new answer is on its way. */
  refreshing: boolean
  retry(): void
}

/** A query of the cache as panels take it. What it waits for may have failed in its place. */
export function answerOf<T>(asked: UseQueryResult<T>, unasked = false, instead?: { error: ApiProblem | null; retry(): void }): Answer<T> {
  if (unasked) return { data: undefined, error: null, loading: false, refreshing: false, retry: () => undefined }
  if (instead) return { data: undefined, error: instead.error, loading: false, refreshing: false, retry: instead.retry }
  return {
    data: asked.data,
    error: asked.error ? problemFrom(asked.error) : null,
    loading: asked.isPending,
    refreshing: asked.isPlaceholderData || (asked.isFetching && asked.data !== undefined),
    retry: () => void asked.refetch(),
  }
}
