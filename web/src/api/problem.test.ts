import { describe, expect, test } from 'vitest'
import { problemFrom, problemOf } from './problem'

function response(status: number, headers: Record<string, string> = {}): Response {
  return new Response(null, { status, headers })
}

describe('a problem', () => {
  test('is said in the server’s words', () => {
    const body = { title: 'x', status: 504, code: 'timeout', detail: 'the answer takes too long', hint: 'ask for less' }
    expect(problemOf(response(504), body)).toMatchObject({ status: 504, code: 'timeout', detail: 'The answer takes too long', hint: 'ask for less' })
  })

  test('of one fault leaves its place in the request to programs', () => {
    const errors = [{ location: 'body.queries[0].grain', message: '"fortnight" is no grain of time', allowed: ['day'] }]
    const problem = problemOf(response(422), { code: 'invalid', detail: 'queries[0].grain: "fortnight" is no grain of time', errors })
    expect(problem.detail).toBe('"fortnight" is no grain of time')
    expect(problem.errors).toEqual(errors)
  })

  test('says when it is worth asking again', () => {
    expect(problemOf(response(429, { 'Retry-After': '3' }), { code: 'busy', detail: 'too much at once' }).retryAfter).toBe(3)
    expect(problemOf(response(429), { code: 'busy', detail: 'too much at once' }).retryAfter).toBeUndefined()
  })

  test('of something between here and the server has no words of its own', () => {
    expect(problemOf(response(502), '<html>')).toMatchObject({ status: 502, hint: 'Is Rapport running?' })
  })

  test('of the network is told from one that somebody gave up', () => {
    expect(problemFrom(new TypeError('Failed to fetch')).code).toBe('unreachable')
    expect(problemFrom(new SyntaxError('Unexpected token <')).code).toBe('unreadable')
    expect(problemFrom(new DOMException('', 'AbortError')).aborted).toBe(true)
  })
})
