import { describe, expect, it } from 'vitest'
import type { Result, Row } from '../../api/types'
import { funnelAsk, funnelSteps } from './funnelSteps'

type Counts = { sessions: number; replied: number; engaged: number; resolved: number; escalated: number; abandoned: number; open?: number }

function rowOf(key: string, { sessions, replied, engaged, resolved, escalated, abandoned, open = 0 }: Counts): Row {
  const finished = engaged - open
  const values = [sessions, replied, engaged, finished, resolved, escalated, abandoned, finished - resolved - escalated - abandoned]
  return { keys: [key], labels: [key], values: values.map((value) => ({ value, numerator: value })) }
}

/** What the API answers of sessions with messages of users, and of those without. */
function resultOf(withReply: Counts, without?: Counts): Result {
  const total = { ...withReply }
  for (const name of Object.keys(without ?? {}) as (keyof Counts)[]) total[name] = (total[name] ?? 0) + (without?.[name] ?? 0)
  return {
    ...funnelAsk,
    rows: [rowOf('replied', withReply), ...(without ? [rowOf('none', without)] : [])],
    total: { ...rowOf('', total), keys: [], labels: [] },
    generation: 1,
    definition: 'platform',
    catalogue_version: 0,
    engine_revision: 1,
    zone: 'UTC',
  }
}

const replied: Counts = { sessions: 800, replied: 800, engaged: 700, resolved: 400, escalated: 100, abandoned: 190, open: 7 }
const greeted: Counts = { sessions: 200, replied: 0, engaged: 0, resolved: 0, escalated: 0, abandoned: 0 }
const pressed: Counts = { ...greeted, engaged: 30, abandoned: 30 }

describe('the funnel', () => {
  it('leads from all sessions to the resolved ones', () => {
    const steps = funnelSteps(resultOf(replied, greeted))
    expect(steps.map((step) => [step.key, step.sessions, step.ofAll, step.ofBefore])).toEqual([
      ['sessions', 1000, 1, null],
      ['replied', 800, 0.8, 0.8],
      ['engaged', 700, 0.7, 0.875],
      ['resolved', 400, 0.4, 400 / 700],
    ])
  })

  it.each([
    ['greetings that nobody answered', greeted],
    ['users who engage without a message', pressed],
    ['nobody silent', undefined],
  ])('accounts for every session between two steps, with %s', (_, without) => {
    const steps = funnelSteps(resultOf(replied, without))
    for (const [at, step] of steps.entries()) {
      const before = steps[at - 1]
      if (!before) continue
      const sum = (parts: { sessions: number }[]) => parts.reduce((all, part) => all + part.sessions, 0)
      expect(before.sessions - sum(step.lost) + sum(step.besides), step.key).toBe(step.sessions)
    }
  })

  it('opens those who engage without a message', () => {
    const engaged = funnelSteps(resultOf(replied, pressed))[2]!
    expect(engaged.besides).toEqual([
      {
        sessions: 30,
        words: 'engaged without a message, for example by a button',
        counted: { measure: 'engaged_sessions', filters: [{ dimension: 'user_reply', values: ['none'] }] },
      },
    ])
  })

  it('divides by nothing where there are no sessions', () => {
    const none = { sessions: 0, replied: 0, engaged: 0, resolved: 0, escalated: 0, abandoned: 0 }
    for (const step of funnelSteps(resultOf(none))) {
      expect(step.ofAll).toBeNull()
      expect(step.ofBefore).toBeNull()
      expect(step.lost).toEqual([])
    }
  })
})
