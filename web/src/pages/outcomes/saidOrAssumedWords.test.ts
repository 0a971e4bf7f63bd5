import { describe, expect, it } from 'vitest'
import { saidOrAssumed } from './saidOrAssumedWords'

describe('confirmed against implied, in words', () => {
  it('says which share users confirmed', () => {
    expect(saidOrAssumed(1, 3).replaceAll('\u00a0', ' ')).toContain('Users confirmed 25.0 % of resolutions.')
  })

  it('says what to do when nobody was asked', () => {
    expect(saidOrAssumed(0, 3)).toContain('Only users who are asked can confirm')
  })

  it('gives no share where all are confirmed, and says nothing of nothing', () => {
    expect(saidOrAssumed(3, 0)).toBe('Users confirmed every resolution.')
    expect(saidOrAssumed(0, 0)).toBe('')
  })
})
