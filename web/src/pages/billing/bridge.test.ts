import { describe, expect, it } from 'vitest'
import { bridge, type Counts } from './bridge'

const counts = (change: Partial<Counts> = {}): Counts => ({
  sessions: 100,
  custom: 60,
  billed: 57,
  opened: new Map([
    ['billed.custom_topic', 50],
    ['billed.flow', 3],
    ['billed.max_turns', 4],
  ]),
  ...change,
})

function sum(steps: ReturnType<typeof bridge>): number {
  return steps.filter((step) => step.id !== 'billed').reduce((total, step) => total + step.number, 0)
}

describe('bridge', () => {
  it.each([
    ['fewer billed than custom', counts()],
    ['more billed than sessions', counts({ billed: 140 })],
    ['nothing billed', counts({ billed: 0, opened: new Map() })],
    ['rules that are not known', counts({ opened: new Map([['billed.moon', 57]]) })],
    ['nothing at all', counts({ sessions: 0, custom: 0, billed: 0, opened: new Map() })],
  ])('adds up: %s', (_, given) => {
    expect(sum(bridge(given))).toBe(given.billed)
  })

  it('leaves out steps of nothing, never a total', () => {
    const steps = bridge(counts({ sessions: 8, custom: 8, billed: 8, opened: new Map([['billed.custom_topic', 8]]) }))
    expect(steps.map((step) => step.id)).toEqual(['sessions', 'billed'])
  })

  it('says in which direction the cuts differ', () => {
    const why = (billed: number) => bridge(counts({ billed })).find((step) => step.id === 'cut')?.why
    expect(why(57)).toContain('fewer')
    expect(why(90)).toContain('more')
  })
})
