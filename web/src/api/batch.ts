import { api, read } from './client'
import { ApiProblem, problemFrom } from './problem'
import type { DriverQuery, DriverResult, Query, Result } from './types'

/** The server answers so many questions in one request, all from one snapshot. */
const atMost = 20

interface Waiting<Q, R> {
  query: Q
  signal: AbortSignal | undefined
  resolve(result: R): void
  reject(problem: ApiProblem): void
}

type Send<Q, R> = (queries: Q[], signal: AbortSignal) => Promise<R[]>

/**
 * Gathers what is asked in one tick into one request. Where the server refuses the whole of it because of one question, each is
 * asked alone, so that a bad panel blanks itself only. A request ends when nobody waits for any of its answers.
 */
export function batcher<Q, R>(send: Send<Q, R>): (query: Q, signal?: AbortSignal) => Promise<R> {
  let waiting: Waiting<Q, R>[] = []

  async function ask(batch: Waiting<Q, R>[]): Promise<void> {
    const wanted = batch.filter((one) => !one.signal?.aborted)
    if (wanted.length === 0) return
    const stop = new AbortController()
    const onAbort = () => {
      if (wanted.every((one) => one.signal?.aborted)) stop.abort()
    }
    for (const one of wanted) one.signal?.addEventListener('abort', onAbort)
    try {
      const results = await send(
        wanted.map((one) => one.query),
        stop.signal,
      )
      wanted.forEach((one, at) => {
        const result = results[at]
        if (result === undefined) one.reject(new ApiProblem({ status: 200, detail: 'The server left this question unanswered.' }))
        else one.resolve(result)
      })
    } catch (thrown) {
      const problem = problemFrom(thrown)
      if (problem.status === 422 && wanted.length > 1) await Promise.all(wanted.map((one) => ask([one])))
      else for (const one of wanted) one.reject(problem)
    } finally {
      for (const one of wanted) one.signal?.removeEventListener('abort', onAbort)
    }
  }

  function flush() {
    const all = waiting
    waiting = []
    for (let at = 0; at < all.length; at += atMost) void ask(all.slice(at, at + atMost))
  }

  return (query, signal) =>
    new Promise((resolve, reject) => {
      const aborted = () => reject(new ApiProblem({ status: 0, code: 'aborted', detail: 'Nobody waits for this answer any more.' }))
      if (signal?.aborted) return aborted()
      signal?.addEventListener('abort', aborted, { once: true })
      if (waiting.length === 0) queueMicrotask(flush)
      waiting.push({ query, signal, resolve, reject })
    })
}

export const askQuery = batcher<Query, Result>(async (queries, signal) => (await read(api.POST('/queries', { body: { queries }, signal }))).results)

export const askDrivers = batcher<DriverQuery, DriverResult>(
  async (queries, signal) => (await read(api.POST('/drivers', { body: { queries }, signal }))).results,
)
