import { useMemo } from 'react'
import { type Answer, useDriverAnswer } from '../../api/hooks'
import type { DriverResult } from '../../api/types'
import type { Drivers, Held } from './topicRows'

/** What each topic does to each of the rates: four questions, one request. */
export function useHeldDrivers(wanted: boolean): { drivers: Drivers; answers: Answer<DriverResult>[] } {
  const ask = (measure: Held) => (wanted ? { measure, compare: true } : null)
  const resolution = useDriverAnswer(ask('resolution_rate'))
  const escalation = useDriverAnswer(ask('escalation_rate'))
  const abandon = useDriverAnswer(ask('abandon_rate'))
  const csat = useDriverAnswer(ask('csat_score'))
  const drivers = useMemo<Drivers>(
    () => ({
      ...(resolution.data && { resolution_rate: resolution.data }),
      ...(escalation.data && { escalation_rate: escalation.data }),
      ...(abandon.data && { abandon_rate: abandon.data }),
      ...(csat.data && { csat_score: csat.data }),
    }),
    [resolution.data, escalation.data, abandon.data, csat.data],
  )
  return { drivers, answers: [resolution, escalation, abandon, csat] }
}
