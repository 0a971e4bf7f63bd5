import { valueOf } from '../../api/hooks'
import type { Period, Result, Row } from '../../api/types'

/** What the kinds are that headline numbers leave out. */
export const meanings: Record<string, string> = {
  design: 'the author trying the bot out',
  autonomous: 'started by an event, with nobody there',
  evaluation: 'a test set running',
  child: 'called by another agent',
}

const forTesting = new Set(['emulator', 'test', 'pva-studio', 'console'])

export function testChannels(result: Result): Row[] {
  return result.rows.filter((row) => forTesting.has(row.keys[0]?.toLowerCase() ?? ''))
}

export function daysOf(period: Period | undefined): number {
  return period?.from && period.to ? Math.max(1, Math.round((Date.parse(period.to) - Date.parse(period.from)) / 86_400_000)) : 90
}

const atLeast = 20

/** Nobody chats every day: users with more conversations than days, and with enough of them to matter. */
export function heavyUsers(result: Result, days: number): Row[] {
  return result.rows.filter((row) => row.keys[0] !== '' && (valueOf(result, row, 'conversations').value ?? 0) > Math.max(days, atLeast))
}
