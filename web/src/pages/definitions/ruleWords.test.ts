import { describe, expect, it } from 'vitest'
import { groups, sentenceOf, spell } from './ruleWords'

const key = (name: string, value: string) => ({ key: name, value, meaning: 'what it means' })

describe('sentenceOf', () => {
  it('says a list of rules as what happens, joined by or', () => {
    expect(sentenceOf(key('engagement.engaged_by', 'custom_topic, escalation, plan_step'))).toBe(
      'Engaged when a custom topic was entered, the session was escalated, or a step of a generated plan ran.',
    )
  })

  it('says that nothing does for an empty list', () => {
    expect(sentenceOf(key('outcome.withdrawn_by', ''))).toBe('Nothing takes an implied resolution back.')
  })

  it('shows a rule that it does not know by its name, and a key that it does not know as the API gives it', () => {
    expect(sentenceOf(key('engagement.engaged_by', 'moon_phase'))).toBe('Engaged when moon_phase.')
    expect(sentenceOf(key('session.moon', 'full'))).toBe('what it means: full')
    expect(sentenceOf(key('outcome.errors', 'new value'))).toBe('what it means: new value')
  })
})

describe('spell', () => {
  it.each([
    ['30m', '30 minutes'],
    ['1h', '1 hour'],
    ['1h30m', '1 hour 30 minutes'],
    ['0s', '0 seconds'],
    ['1.5s', '1.5 seconds'],
    ['soon', 'soon'],
  ])('%s is %s', (value, words) => {
    expect(spell(value)).toBe(words)
  })
})

describe('groups', () => {
  it('hold every key once', () => {
    const keys = groups.flatMap((group) => group.keys)
    expect(new Set(keys).size).toBe(keys.length)
  })
})
