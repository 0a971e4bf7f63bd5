import { render } from '@testing-library/react'
import { describe, expect, it } from 'vitest'

import { mayBeChance, moved } from './change'
import { Delta } from './Delta'

describe('a change is good or bad for the measure, whatever its direction', () => {
  it.each([
    [0.02, 1, 'up', 'good', 'better'],
    [-0.02, 1, 'down', 'bad', 'worse'],
    [0.02, -1, 'up', 'bad', 'worse'],
    [-0.02, -1, 'down', 'good', 'better'],
    [0.02, 0, 'up', 'neither', 'more'],
    [-0.02, 0, 'down', 'neither', 'less'],
  ])('%s points where better is %s: %s, %s', (points, better, way, tone, word) => {
    expect(moved({ points }, better)).toMatchObject({ way, tone })
    const { container } = render(<Delta change={{ points }} better={better} />)
    expect(container.querySelector('[data-tone]')?.getAttribute('data-tone')).toBe(tone)
    expect(container.textContent).toBe(`${way} 2.0\u00a0pt${word}`)
  })
})

describe('in words', () => {
  const words = (element: React.ReactElement) => render(element).container.textContent

  it('says new where there was nothing before', () => expect(words(<Delta change={{ new: true }} better={1} />)).toBe('new'))
  it('says no change where the size rounds to nothing', () => {
    expect(words(<Delta change={{ points: 0.0004 }} better={1} />)).toBe('no change')
    expect(words(<Delta change={{ points: -0.0004 }} better={1} />)).toBe('no change')
    expect(words(<Delta change={{ relative: 0 }} better={0} />)).toBe('no change')
    expect(words(<Delta change={{ relative: -0.0001 }} better={0} compact />)).toBe('no change')
  })
  it('says nothing without a comparison', () => {
    expect(words(<Delta change={undefined} better={1} />)).toBe('')
    expect(words(<Delta change={{}} better={1} />)).toBe('')
  })
  it('says counts in per cent', () => expect(words(<Delta change={{ relative: 0.042 }} better={0} />)).toBe('up 4.2\u00a0%more'))
  it('says scores as a difference of scores', () => {
    const score = <Delta change={{ relative: 0.02 }} better={1} unit="score" value={{ value: 4.2 }} before={{ value: 4.1 }} />
    expect(words(score)).toBe('up 0.10better')
  })
})

describe('a change that its intervals do not tell from none', () => {
  const rate = (value: number, half: number) => ({ value, low: value - half, high: value + half })

  it('may be chance', () => {
    expect(mayBeChance(rate(0.5, 0.02), rate(0.49, 0.02))).toBe(true)
    expect(mayBeChance(rate(0.5, 0.02), rate(0.4, 0.02))).toBe(false)
    // The intervals overlap, and the difference is still clear: half of it is 2.8 points and not 4.
    expect(mayBeChance(rate(0.5, 0.02), rate(0.465, 0.02))).toBe(false)
    expect(mayBeChance({ value: 10 }, { value: 9 })).toBe(false)
  })

  it('is neither good nor bad, and says why', () => {
    const { container } = render(<Delta change={{ points: 0.01 }} better={1} value={rate(0.5, 0.02)} before={rate(0.49, 0.02)} />)
    expect(container.querySelector('[data-tone]')?.getAttribute('data-tone')).toBe('neither')
    expect(container.textContent).toContain('may be chance')
  })
})
