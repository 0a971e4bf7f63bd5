// A rate or mean of few is none: by day, a line of them is mostly gaps. The same figures by week say more than gaps do, and are shown where
// most of the days have none.

import { valueOf, type Answer } from '../api/hooks'
import type { Grain, Result } from '../api/types'

export const coarser: Partial<Record<Grain, Grain>> = { hour: 'day', day: 'week', week: 'month' }

/** Whether most stretches of time that have any of it have enough for a figure. Of nothing, longer ones say no more. */
export function isLegible(result: Result, measure: string): boolean {
  const held = result.rows.map((row) => valueOf(result, row, measure)).filter(({ denominator }) => (denominator ?? 0) > 0)
  return held.length === 0 || held.filter(({ value }) => value !== null).length * 2 > held.length
}

/** The finer answer where it is legible or there is no other. */
export function legible(fine: Answer<Result>, coarse: Answer<Result>, measure: string): Answer<Result> {
  if (!fine.data || isLegible(fine.data, measure)) return fine
  return coarse.data || coarse.loading ? coarse : fine
}
