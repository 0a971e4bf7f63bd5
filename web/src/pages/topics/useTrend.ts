import { useAnswer, type Answer } from '../../api/hooks'
import type { Filter, Grain, Result } from '../../api/types'
import { coarser, isLegible } from '../../charts/legible'
import { usePeriod } from '../../view/period'
import { useView } from '../../view/view'

/**
 * The measures over time. Most topics have few sessions a day: where most days have too few for a rate, the rates come in the next longer
 * buckets, whose grain is then said. A grain that the reader has chosen stands.
 */
export function useTrend(measures: string[], filters: Filter[]): { trend: Answer<Result>; rates: Answer<Result>; grain: Grain | undefined } {
  const period = usePeriod()
  const chosen = useView().grain !== undefined
  const trend = useAnswer({ measures, filters, grain: 'auto', compare: true })
  const grain = trend.data && !chosen && !isLegible(trend.data, 'resolution_rate') ? coarser[period.grain] : undefined
  const longer = useAnswer(grain ? { measures, filters, grain, compare: true } : null)
  return { trend, rates: grain ? longer : trend, grain }
}
