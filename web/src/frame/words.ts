import type { Period } from '../api/types'
import type { ViewPeriod } from '../view/period'
import { isCompared } from '../view/question'
import { presets, wholeDays } from '../view/ranges'
import type { View } from '../view/view'

const days = new Intl.DateTimeFormat('en', { timeZone: 'UTC', year: 'numeric', month: 'short', day: 'numeric' })

/** A period in words: Jun 5 – Jul 2, 2026; with times where it is not of whole days. */
export function periodWords(period: Period | undefined, zone: string): string {
  if (!period) return ''
  const whole = wholeDays(period, zone)
  if (whole) return days.formatRange(new Date(whole.first), new Date(whole.last))
  const times = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return times.formatRange(new Date(period.from), new Date(period.to))
}

/** What the button of the range says. A preset keeps its name, for that is what moves on with the days. */
export function rangeWords(view: View, { period, chosen }: Pick<ViewPeriod, 'period' | 'chosen'>): string {
  if (typeof view.range !== 'string') return periodWords(period, view.zone) || `${view.range.from} – ${view.range.to}`
  if (chosen === 'last_with_data') return 'Last 28 days with data'
  return presets.find((preset) => preset.name === view.range)?.label ?? ''
}

export function compareWords(view: View): string {
  if (!isCompared(view)) return 'No comparison'
  return view.compare === 'year' ? 'vs last year' : 'vs previous period'
}

/** A zone as people read it: America/New York. */
export function zoneWords(zone: string): string {
  return zone.replaceAll('_', ' ')
}
