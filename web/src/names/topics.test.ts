import { describe, expect, it } from 'vitest'
import { nameAndId, topicOf, topicPath } from './topics'

describe('a topic’s path', () => {
  it.each(['', 'cr1_shop.topic.Return/item?x=1#y', 'موضوع', '100 %', '🙂'])('leads back to %j', (id) => {
    const parameter = topicPath(id).slice('/topics/'.length)
    expect(parameter).not.toMatch(/[/?#]/)
    expect(topicOf(decodeURIComponent(parameter))).toBe(id)
  })
})

describe('a topic’s name', () => {
  it('has its id beside it where that tells it apart', () => {
    expect(nameAndId('a.topic.Start', 'Start (a.topic.Start)')).toEqual({ name: 'Start', id: 'a.topic.Start' })
  })

  it('keeps brackets of its own', () => {
    expect(nameAndId('a.topic.Pay', 'Pay (monthly)')).toEqual({ name: 'Pay (monthly)' })
  })

  it('is the id where there is none, and words where there is no topic', () => {
    expect(nameAndId('a.topic.X', '')).toEqual({ name: 'a.topic.X' })
    expect(nameAndId('', 'no topic')).toEqual({ name: 'No topic' })
  })
})
