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

export function shortName(measure: string, label: string): string {
  return shortNames[measure] ?? label
}
