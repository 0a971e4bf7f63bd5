import createClient from 'openapi-fetch'
import { problemFrom, problemOf } from './problem'
import type { paths } from './schema'
import type { Full } from './types'

export const root = '/api/v1'

/** The API, typed by its document. Its address is that of the page. */
export const api = createClient<paths>({ baseUrl: `${globalThis.location.origin}${root}` })

/** Unwraps an answer: its body, or the problem thrown. */
export async function read<T>(asked: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<Full<T>> {
  let answer
  try {
    answer = await asked
  } catch (thrown) {
    throw problemFrom(thrown)
  }
  if (answer.data === undefined) throw problemOf(answer.response, answer.error)
  return answer.data as Full<T>
}
