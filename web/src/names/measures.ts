// What the figures are called that people know from the platform. Cards and the heads of columns, where a unit stands beside the figure,
// say it short; lists to choose from, explanations and what stands alone say the API's label in full.

const shortNames: Record<string, string> = {
  engagement_rate: 'Engagement',
  resolution_rate: 'Resolution',
  confirmed_rate: 'Confirmed resolution',
  implied_rate: 'Implied resolution',
  escalation_rate: 'Escalation',
  abandon_rate: 'Abandon',
  csat_score: 'CSAT',
}

/** `label` is the API's own, where it is at hand. */
export function shortName(measure: string, label = measure): string {
  return shortNames[measure] ?? label
}

/** Whether it counts billed sessions: all such measures are named alike, so that this is known before the list of measures is there. */
export function countsBilled(measure: string): boolean {
  return measure.startsWith('billed_')
}
