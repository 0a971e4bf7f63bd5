import { describe, expect, test, vi } from 'vitest'
import { batcher } from './batch'
import { ApiProblem } from './problem'

type Send = (queries: string[], signal: AbortSignal) => Promise<string[]>

const answered: Send = (queries) => Promise.resolve(queries.map((query) => query.toUpperCase()))

describe('questions of one tick', () => {
  test('are one request, answered in order', async () => {
    const send = vi.fn(answered)
    const ask = batcher(send)
    expect(await Promise.all([ask('a'), ask('b'), ask('c')])).toEqual(['A', 'B', 'C'])
    expect(send.mock.calls.map(([queries]) => queries)).toEqual([['a', 'b', 'c']])
  })

  test('of another tick are another request', async () => {
    const send = vi.fn(answered)
    const ask = batcher(send)
    await ask('a')
    await ask('b')
    expect(send.mock.calls.map(([queries]) => queries)).toEqual([['a'], ['b']])
  })

  test('are no more than the server takes at a time', async () => {
    const send = vi.fn(answered)
    const ask = batcher(send)
    const answers = await Promise.all(Array.from({ length: 45 }, (_, at) => ask(`q${at}`)))
    expect(send.mock.calls.map(([queries]) => queries.length)).toEqual([20, 20, 5])
    expect(answers[44]).toBe('Q44')
  })

  test('are asked alone when one of them cannot be answered', async () => {
    const send = vi.fn<Send>((queries) =>
      queries.includes('bad')
        ? Promise.reject(new ApiProblem({ status: 422, code: 'invalid', detail: 'there is no such measure' }))
        : answered(queries, new AbortController().signal),
    )
    const ask = batcher(send)
    const [a, bad, b] = await Promise.allSettled([ask('a'), ask('bad'), ask('b')])
    expect(a).toEqual({ status: 'fulfilled', value: 'A' })
    expect(b).toEqual({ status: 'fulfilled', value: 'B' })
    expect(bad).toMatchObject({ status: 'rejected', reason: { status: 422, detail: 'There is no such measure' } })
    expect(send).toHaveBeenCalledTimes(4)
  })

  test('fail together when the server cannot answer at all, and are not asked again', async () => {
    const send = vi.fn<Send>(() => Promise.reject(new ApiProblem({ status: 500, detail: 'a fault' })))
    const ask = batcher(send)
    const both = await Promise.allSettled([ask('a'), ask('b')])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(send).toHaveBeenCalledTimes(1)
  })
})

describe('a question that nobody waits for any more', () => {
  test('is not asked when it was given up in the same tick', async () => {
    const send = vi.fn(answered)
    const ask = batcher(send)
    const gone = new AbortController()
    const both = Promise.allSettled([ask('a', gone.signal), ask('b')])
    gone.abort()
    expect(await both).toMatchObject([
      { status: 'rejected', reason: { code: 'aborted' } },
      { status: 'fulfilled', value: 'B' },
    ])
    expect(send.mock.calls.map(([queries]) => queries)).toEqual([['b']])
  })

  test('ends the request only when nobody waits for the others either', async () => {
    let asked: AbortSignal | undefined
    const send = vi.fn<Send>((_, signal) => {
      asked = signal
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError'))))
    })
    const ask = batcher(send)
    const [one, two] = [new AbortController(), new AbortController()]
    const both = Promise.allSettled([ask('a', one.signal), ask('b', two.signal)])
    await vi.waitFor(() => expect(send).toHaveBeenCalled())
    one.abort()
    expect(asked?.aborted).toBe(false)
    two.abort()
    expect(asked?.aborted).toBe(true)
    expect((await both).every(({ status }) => status === 'rejected')).toBe(true)
  })
})
