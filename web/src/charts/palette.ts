// What each colour of src/theme.css means, and the pattern that says the same to those who cannot tell it.

export type Pattern = 'solid' | 'hatch' | 'dots'

export interface Look {
  /** A variable of the theme. */
  color: string
  pattern: Pattern
}

export const looks = {
  engaged: { color: '--engaged', pattern: 'solid' },
  unengaged: { color: '--unengaged', pattern: 'dots' },
  confirmed: { color: '--confirmed', pattern: 'solid' },
  implied: { color: '--implied', pattern: 'hatch' },
  escalated: { color: '--escalated', pattern: 'solid' },
  abandoned: { color: '--abandoned', pattern: 'dots' },
} as const satisfies Record<string, Look>

/** For what has no meaning of its own, in the order in which it is used up; the rest is `other`. */
export const series: readonly Look[] = [
  { color: '--series-1', pattern: 'solid' },
  { color: '--series-2', pattern: 'hatch' },
  { color: '--series-3', pattern: 'solid' },
  { color: '--series-4', pattern: 'dots' },
  { color: '--series-5', pattern: 'hatch' },
]

export const other: Look = { color: '--series-other', pattern: 'solid' }

/** At most six series to a chart: five and the rest. */
export function seriesLook(i: number): Look {
  return series[i] ?? other
}
