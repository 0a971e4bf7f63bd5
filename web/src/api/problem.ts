import type { Fault } from './types'

/** Why there is no answer: what the server said of it, or that the server could not be reached. */
export class ApiProblem extends Error {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly hint: string
  readonly errors: Fault[]
  /** Seconds after which it is worth asking again, when the server says so. */
  readonly retryAfter: number | undefined

  constructor(said: { status: number; code?: string; detail?: string; hint?: string; errors?: Fault[] | null; retryAfter?: number }) {
    super(plain(said.errors?.length === 1 ? said.errors[0]?.message : said.detail) || 'The server gave no reason.')
    this.name = 'ApiProblem'
    this.status = said.status
    this.code = said.code ?? 'internal'
    this.detail = this.message
    this.hint = said.hint ?? ''
    this.errors = said.errors ?? []
    this.retryAfter = said.retryAfter
  }

  /** Nobody waits for this answer any more. */
  get aborted(): boolean {
    return this.code === 'aborted'
  }
}

/** A sentence as people read it. Where a single fault stands behind it, its place in the request is for programs (errors). */
function plain(text: string | undefined): string {
  return text ? `${text.charAt(0).toUpperCase()}${text.slice(1)}` : ''
}

/** The problem that a response tells of; body is what it held, read as JSON where it was that. */
export function problemOf(response: Response, body: unknown): ApiProblem {
  const after = Number(response.headers.get('Retry-After'))
  const retryAfter = Number.isFinite(after) && after > 0 ? { retryAfter: after } : {}
  if (typeof body === 'object' && body !== null && 'code' in body && 'detail' in body) {
    return new ApiProblem({ ...(body as { code: string; detail: string }), status: response.status, ...retryAfter })
  }
  return new ApiProblem({
    status: response.status,
    detail: `The server answered with status ${response.status}${response.statusText ? `, ${response.statusText}` : ''}.`,
    hint: response.status >= 502 ? 'Is Rapport running?' : '',
    ...retryAfter,
  })
}

/** The problem that a failed request tells of, whatever was thrown. */
export function problemFrom(thrown: unknown): ApiProblem {
  if (thrown instanceof ApiProblem) return thrown
  if (thrown instanceof DOMException && thrown.name === 'AbortError') {
    return new ApiProblem({ status: 0, code: 'aborted', detail: 'Nobody waits for this answer any more.' })
  }
  if (thrown instanceof SyntaxError) {
    return new ApiProblem({
      status: 0,
      code: 'unreadable',
      detail: 'What answered is not Rapport.',
      hint: 'Does a proxy, or its login, stand in between?',
    })
  }
  return new ApiProblem({
    status: 0,
    code: 'unreachable',
    detail: 'Rapport cannot be reached.',
    hint: 'Is the server still running, and is this machine online?',
  })
}
