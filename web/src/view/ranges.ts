import type { Grain, Period, Range } from '../api/types'

/** A day of some zone, as 2026-04-30. */
export type Day = string

export type Preset = 'today' | 'yesterday' | '24h' | '7d' | '28d' | '30d' | '91d' | 'month' | 'last-month' | 'year' | '12m' | 'all'

/** What the viewer chose: a name that moves with the days, or two ends that stand. */
export type Span = Preset | { from: string; to: string }

export const defaultPreset: Preset = '28d'

/** In the order of the menu. The keys are those that people know from other dashboards. */
export const presets: { name: Preset; label: string; key: string }[] = [
  { name: 'today', label: 'Today', key: 'd' },
  { name: 'yesterday', label: 'Yesterday', key: 'e' },
  { name: '24h', label: 'Last 24 hours', key: 'h' },
  { name: '7d', label: 'Last 7 days', key: 'w' },
  { name: '28d', label: 'Last 28 days', key: 'f' },
  { name: '30d', label: 'Last 30 days', key: 't' },
  { name: '91d', label: 'Last 91 days', key: 'n' },
  { name: 'month', label: 'This month', key: 'm' },
  { name: 'last-month', label: 'Last month', key: 'p' },
  { name: 'year', label: 'This year', key: 'y' },
  { name: '12m', label: 'Last 12 months', key: 'l' },
  { name: 'all', label: 'All time', key: 'a' },
]

export function isPreset(name: string): name is Preset {
  return presets.some((preset) => preset.name === name)
}

export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && addDays(text, 0) === text
}

/** Days are counted in UTC, where each has 24 hours; zones come in only where a moment becomes a day. */
export function addDays(day: Day, days: number): Day {
  const date = new Date(`${day}T00:00:00Z`)
  if (Number.isNaN(date.getTime())) return ''
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}

export function addMonths(day: Day, months: number): Day {
  const date = new Date(`${day.slice(0, 7)}-01T00:00:00Z`)
  date.setUTCMonth(date.getUTCMonth() + months)
  const first = date.toISOString().slice(0, 10)
  date.setUTCMonth(date.getUTCMonth() + 1, 0)
  const last = date.toISOString().slice(0, 10)
  const same = `${first.slice(0, 8)}${day.slice(8)}`
  return same > last ? last : same
}

export function daysBetween(first: Day, last: Day): number {
  return Math.round((Date.parse(last) - Date.parse(first)) / 86_400_000)
}

const clocks = new Map<string, Intl.DateTimeFormat>()

function clock(zone: string): Intl.DateTimeFormat {
  let format = clocks.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    clocks.set(zone, format)
  }
  return format
}

/** What the zone's clock shows at a moment, as 2026-04-30T14:05:00. */
export function wallClock(moment: Date, zone: string): string {
  const part: Record<string, string> = {}
  for (const { type, value } of clock(zone).formatToParts(moment)) part[type] = value
  return `${part.year?.padStart(4, '0')}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}`
}

export function dayOf(moment: Date, zone: string): Day {
  return wallClock(moment, zone).slice(0, 10)
}

/** The first moment of a day in a zone; where the clocks skip midnight, the first that there is. */
export function startOf(day: Day, zone: string): Date {
  const midnight = Date.parse(`${day}T00:00:00Z`)
  // No zone is further than 14 hours from UTC, so that the day starts within these 28 hours; its start is found by halving.
  let before = midnight - 15 * 3_600_000
  let after = midnight + 15 * 3_600_000
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (dayOf(new Date(middle), zone) < day) before = middle
    else after = middle
  }
  return new Date(after)
}

/** A name that the server knows too: browsers also take offsets, such as -05:00, and names in another case. */
export function isZone(zone: string): boolean {
  try {
    const { timeZone } = clock(zone).resolvedOptions()
    return !/^[+-]/.test(zone) && (timeZone === zone || timeZone.toLowerCase() !== zone.toLowerCase())
  } catch {
    return false
  }
}

/** The range that a span means now; undefined where only the server knows, which data there is. */
export function rangeOf(span: Span, zone: string, now: Date): Range | undefined {
  if (typeof span !== 'string') return span
  const today = dayOf(now, zone)
  const yesterday = addDays(today, -1)
  switch (span) {
    case 'today':
      return { from: today, to: today }
    case 'yesterday':
      return { from: yesterday, to: yesterday }
    case '24h': {
      // Whole hours: the current one and the 23 before it.
      const end = (Math.floor(now.getTime() / 3_600_000) + 1) * 3_600_000
      return { from: new Date(end - 24 * 3_600_000).toISOString(), to: new Date(end).toISOString() }
    }
    case '7d':
      return { from: addDays(today, -7), to: yesterday }
    case '30d':
      return { from: addDays(today, -30), to: yesterday }
    case '91d':
      return { from: addDays(today, -91), to: yesterday }
    case 'month':
      return { from: `${today.slice(0, 7)}-01`, to: today }
    case 'last-month': {
      const first = addMonths(`${today.slice(0, 7)}-01`, -1)
      return { from: first, to: addDays(addMonths(first, 1), -1) }
    }
    case 'year':
      return { from: `${today.slice(0, 4)}-01-01`, to: today }
    case '12m':
      return { from: addMonths(today, -12), to: yesterday }
    case '28d':
    case 'all':
      return undefined
  }
}

/** First and last day of a period that is made of whole days of the zone. */
export function wholeDays(period: Period, zone: string): { first: Day; last: Day } | undefined {
  const from = new Date(period.from)
  const to = new Date(period.to)
  if (!wallClock(from, zone).endsWith('T00:00:00') || !wallClock(to, zone).endsWith('T00:00:00')) return undefined
  return { first: dayOf(from, zone), last: addDays(dayOf(to, zone), -1) }
}

/** The range that a period is, in days where it is made of whole ones. */
export function rangeOfPeriod(period: Period, zone: string): Range {
  const days = wholeDays(period, zone)
  return days ? { from: days.first, to: days.last } : { from: period.from, to: period.to }
}

/** The grain that shows a range in tens of buckets. */
export function grainOf(range: Range): Grain {
  const days = lengthOf(range)
  if (days <= 2.1) return 'hour'
  if (days <= 92.1) return 'day'
  if (days <= 400) return 'week'
  return 'month'
}

/** The grains that show a period in no more buckets than can be told apart. */
export function grainsOf(period: Period | undefined): Grain[] {
  const days = period ? lengthOf(period) : 28
  const grains: Grain[] = []
  if (days <= 15) grains.push('hour')
  if (days <= 400) grains.push('day')
  if (days > 7) grains.push('week')
  if (days > 28) grains.push('month')
  return grains
}

/** In days, roughly; of a range that is open at an end nobody knows, and it is taken for a long one. */
function lengthOf({ from, to }: Range): number {
  if (!from || !to) return Infinity
  return (Date.parse(to) - Date.parse(from)) / 86_400_000 + (isDay(to) ? 1 : 0)
}

/** The period of equal length before (-1) or after (1): whole months step by months. */
export function step(period: Period, zone: string, by: -1 | 1): { from: string; to: string } {
  const days = wholeDays(period, zone)
  if (!days) {
    const length = Date.parse(period.to) - Date.parse(period.from)
    const at = (moment: string) => new Date(Date.parse(moment) + by * length).toISOString()
    return { from: at(period.from), to: at(period.to) }
  }
  const { first, last } = days
  const after = addDays(last, 1)
  if (first.endsWith('-01') && after.endsWith('-01')) {
    const months = by * (Number(after.slice(0, 4)) * 12 + Number(after.slice(5, 7)) - Number(first.slice(0, 4)) * 12 - Number(first.slice(5, 7)))
    return { from: addMonths(first, months), to: addDays(addMonths(after, months), -1) }
  }
  const length = by * (daysBetween(first, last) + 1)
  return { from: addDays(first, length), to: addDays(last, length) }
}
