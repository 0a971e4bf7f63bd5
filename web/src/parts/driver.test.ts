import { describe, expect, it } from 'vitest'
import type { Driver } from '../api/types'
import { reach, toWin } from './driver'

const driver: Driver = {
  key: 'a.topic.Return',
  label: 'Return',
  value: { value: 0.5 },
  volume: 10,
  share: 0.1,
  impact: -0.02,
  impact_low: -0.05,
  impact_high: 0.01,
  clear: false,
  headroom: 3.4,
}

describe('reach', () => {
  it('is the end furthest from zero, on either side', () => {
    expect(reach([driver, { ...driver, impact: 0.03, impact_low: 0.01, impact_high: 0.04 }])).toBe(0.05)
  })
  it('is nothing where no topic has an impact', () => {
    expect(reach([{ ...driver, impact: null, impact_low: null, impact_high: null }])).toBe(0)
  })
})

describe('toWin', () => {
  it('is whole sessions, and none where the topic is better than the rest', () => {
    expect(toWin(driver)).toBe(3)
    expect(toWin({ ...driver, headroom: 0 })).toBe(0)
    expect(toWin({ ...driver, headroom: null })).toBe(0)
  })
})
