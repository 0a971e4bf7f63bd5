import { expect, it } from 'vitest'

import { countsSessions } from './words'

it.each([
  ['sessions that gave a score', true],
  ['all finished sessions, unengaged ones too', true],
  ['engaged sessions that are finished', true],
  ['bot-started sessions in which the user wrote at least once', true],
  ['billed sessions', true],
  ['reactions (thumbs up) to answers', false],
  ['generated answers in any state', false],
  ['different users of the sessions, within each bot', false],
  ['the last score, 1 to 5, that each session gave', false],
  [undefined, false],
])('whether a list holds as many as are counted: %s, %s', (side, so) => expect(countsSessions(side)).toBe(so))
