import type { Change, Value } from '../api/types'
import { dash, mean, points, relativeChange } from '../format'

/** How a measure moved, ready to be shown. */
export interface Moved {
  way: 'up' | 'down' | 'same' | 'new'
  /** "1.1 pt", without a sign: the arrow says which way. */
  size: string
  /** Good or bad for whoever runs the bot; neither for what has no good direction and for what may be chance. */
  tone: 'good' | 'bad' | 'neither'
  /** The interval of the difference holds zero. */
  chance: boolean
}

/** Undefined where there is nothing to compare with. `better` is the measure's: 1 for higher, -1 for lower, 0 for neither. */
export function moved(change: Change | undefined, better: number, unit = '', value?: Value, before?: Value): Moved | undefined {
  if (!change) return undefined
  if (change.new) return { way: 'new', size: '', tone: 'neither', chance: false }
  const scores = unit === 'score' && typeof value?.value === 'number' && typeof before?.value === 'number'
  const difference = scores ? (value.value ?? 0) - (before.value ?? 0) : (change.points ?? change.relative)
  if (difference === undefined) return undefined
  const size = scores ? mean(difference) : change.points !== undefined ? points(difference) : relativeChange(difference)
  const unsigned = size.replace(/^[+\u2212]/, '')
  if (size === dash || !/[1-9]/.test(unsigned)) return { way: 'same', size: '', tone: 'neither', chance: false }
  const chance = mayBeChance(value, before)
  const good = Math.sign(difference) * better
  return {
    way: difference > 0 ? 'up' : 'down',
    size: unsigned,
    tone: chance || good === 0 ? 'neither' : good > 0 ? 'good' : 'bad',
    chance,
  }
}

/** Whether the interval of the difference of two rates or means holds zero (Newcombe's, from the intervals of both). */
export function mayBeChance(now: Value | undefined, before: Value | undefined): boolean {
  if (!now || !before) return false
  const { value: a, low: al, high: ah } = now
  const { value: b, low: bl, high: bh } = before
  if (typeof a !== 'number' || typeof b !== 'number') return false
  if (al === undefined || ah === undefined || bl === undefined || bh === undefined) return false
  const low = a - b - Math.hypot(a - al, bh - b)
  const high = a - b + Math.hypot(ah - a, b - bl)
  return low <= 0 && high >= 0
}

/** For the eye beside the size, and for the ear. */
export function changeWords({ way, tone, chance }: Moved): string {
  if (way === 'new') return 'new'
  if (way === 'same') return 'no change'
  if (chance) return 'may be chance'
  if (tone === 'neither') return way === 'up' ? 'more' : 'less'
  return tone === 'good' ? 'better' : 'worse'
}
