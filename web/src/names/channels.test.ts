import { expect, test } from 'vitest'
import { channelName } from './channels'

test('channels are called as people call them', () => {
  expect(channelName('msteams')).toBe('Teams')
  expect(channelName('lcw')).toBe('Live chat widget')
})

test('a channel without a name keeps its id, and none is said to be unknown', () => {
  expect(channelName('our-kiosk')).toBe('our-kiosk')
  expect(channelName('constructor')).toBe('constructor')
  expect(channelName('')).toBe('Unknown channel')
})
