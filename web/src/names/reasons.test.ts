import { expect, it } from 'vitest'
import { reasonWords } from './reasons'

it('puts the reasons of the platform into words', () => {
  expect(reasonWords('AgentTransferRequestedByUser').title).toBe('The user asked for a person')
})

it('says whose mistake a UserError is', () => {
  expect(reasonWords('UserError').meaning).toContain('author')
})

it('keeps a reason that it does not know, and names the lack of one', () => {
  expect(reasonWords('QueueClosed').title).toBe('QueueClosed')
  expect(reasonWords('constructor').title).toBe('constructor')
  expect(reasonWords('').title).toBe('No reason given')
})
