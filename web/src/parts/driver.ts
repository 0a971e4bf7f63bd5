import type { Driver } from '../api/types'
import { points } from '../format'

/** How far the largest interval reaches from zero: the scale that all rows share. */
export function reach(drivers: Pick<Driver, 'impact' | 'impact_low' | 'impact_high'>[]): number {
  const ends = drivers.flatMap(({ impact, impact_low, impact_high }) => [impact, impact_low, impact_high])
  return Math.max(0, ...ends.map((end) => Math.abs(end ?? 0)))
}

/** Whole sessions: half a session cannot be won. */
export function toWin(driver: Pick<Driver, 'headroom'>): number {
  return Math.round(driver.headroom ?? 0)
}

/** Impacts of single topics are small: hundredths of a point tell them apart. */
export function finePoints(value: number): string {
  return points(value, 2)
}
