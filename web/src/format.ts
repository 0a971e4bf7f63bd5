import type { Grain } from './api/types'

// How numbers, times and sizes are written, everywhere alike. What is not known is a dash, and never a zero.

export const dash = '–'
const minus = '\u2212'
const space = '\u00a0' // between a figure and its unit, which stay on one line

// What rounds to zero has no sign: a minus before it would tell of a move that the figure does not show.
const signDisplay = 'negative'
const whole = new Intl.NumberFormat('en', { signDisplay, maximumFractionDigits: 0 })
const compact = new Intl.NumberFormat('en', { signDisplay, notation: 'compact', maximumFractionDigits: 1 })
const decimals = [0, 1, 2, 3].map((digits) => new Intl.NumberFormat('en', { signDisplay, minimumFractionDigits: digits, maximumFractionDigits: digits }))

type Known<T> = T | null | undefined

function missing(v: Known<number>): v is null | undefined {
  return v === null || v === undefined || !Number.isFinite(v)
}

function decimal(v: number, digits: number): string {
  return (decimals[digits] ?? whole).format(v).replace('-', minus)
}

export function count(v: Known<number>): string {
  return missing(v) ? dash : whole.format(v).replace('-', minus)
}

/** 12,410 as 12.4K: for axes and other narrow places. */
export function short(v: Known<number>): string {
  return missing(v) ? dash : compact.format(v).replace('-', minus)
}

/** A share in per cent. Only what is exactly none or all reads as 0 or 100. */
export function percent(v: Known<number>, digits = 1): string {
  if (missing(v)) return dash
  const least = 10 ** -digits
  const shown = v * 100
  if (shown > 0 && shown < least / 2) return `<${space}${decimal(least, digits)}${space}%`
  if (shown < 100 && shown > 100 - least / 2) return `>${space}${decimal(100 - least, digits)}${space}%`
  const exact = v === 0 || v === 1 ? 0 : digits
  return `${decimal(shown, exact)}${space}%`
}

/** With its sign either way. */
function signed(v: number, digits: number): string {
  const text = decimal(v, digits)
  return v > 0 && /[1-9]/.test(text) ? `+${text}` : text
}

/** A difference of two shares, in points of a per cent, with its sign. */
export function points(v: Known<number>, digits = 1): string {
  return missing(v) ? dash : `${signed(v * 100, digits)}${space}pt`
}

/** A relative difference in per cent, with its sign. */
export function relativeChange(v: Known<number>, digits = 1): string {
  return missing(v) ? dash : `${signed(v * 100, digits)}${space}%`
}

export function mean(v: Known<number>, digits = 2): string {
  return missing(v) ? dash : decimal(v, digits)
}

/** A difference of two means or scores, with its sign. */
export function meanChange(v: Known<number>, digits = 2): string {
  return missing(v) ? dash : signed(v, digits)
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const dayLong = 24 * hour

/** At most two units: 53 s, 1 min 5 s, 2 h 3 min, 3 d 4 h. */
export function duration(ms: Known<number>): string {
  if (missing(ms)) return dash
  if (ms < 0) return `${minus}${duration(-ms)}`
  if (ms < 10 * second) return `${decimal(ms / second, ms % second === 0 ? 0 : 1)}${space}s`
  const rounded = Math.round(ms / second) * second
  const [big, small] =
    rounded < minute
      ? [[second, 's'] as const, null]
      : rounded < hour
        ? [[minute, 'min'] as const, [second, 's'] as const]
        : rounded < dayLong
          ? [[hour, 'h'] as const, [minute, 'min'] as const]
          : [[dayLong, 'd'] as const, [hour, 'h'] as const]
  const first = `${whole.format(Math.floor(rounded / big[0]))}${space}${big[1]}`
  const rest = small ? Math.floor((rounded % big[0]) / small[0]) : 0
  return small && rest > 0 ? `${first} ${rest}${space}${small[1]}` : first
}

const units = ['B', 'kB', 'MB', 'GB', 'TB']

export function bytes(n: Known<number>): string {
  if (missing(n)) return dash
  let size = n
  let unit = 0
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000
    unit++
  }
  return `${decimal(size, unit === 0 || size >= 100 ? 0 : 1)}${space}${units[unit] ?? ''}`
}

// Making a formatter costs more than using it a thousand times.
const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = zone + JSON.stringify(options)
  const known = formatters.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat('en', { ...options, timeZone: zone })
  formatters.set(key, made)
  return made
}

function at(iso: Known<string>, zone: string, options: Intl.DateTimeFormatOptions): string {
  if (!iso) return dash
  const time = Date.parse(iso)
  return Number.isNaN(time) ? dash : formatter(zone, options).format(time)
}

/** Jul 1, 2026, 05:43 */
export function dateTime(iso: Known<string>, zone: string): string {
  return at(iso, zone, { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
}

/** Jul 1, 2026 */
export function day(iso: Known<string>, zone: string): string {
  return at(iso, zone, { year: 'numeric', month: 'short', day: 'numeric' })
}

/** 05:43:13, for what happens within a session. */
export function clock(iso: Known<string>, zone: string): string {
  return at(iso, zone, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })
}

/** A bucket of time on an axis: Jul 1, 14:00; Jul 1; Jul 2026. A week is called by its first day. */
export function bucketName(iso: Known<string>, zone: string, grain: Grain): string {
  switch (grain) {
    case 'hour':
      return at(iso, zone, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
    case 'month':
      return at(iso, zone, { year: 'numeric', month: 'short' })
    default:
      return at(iso, zone, { month: 'short', day: 'numeric' })
  }
}

/** The same in full: Wed, Jul 1, 2026; week of Jun 29, 2026. */
export function bucketTitle(iso: Known<string>, zone: string, grain: Grain): string {
  switch (grain) {
    case 'hour':
      return at(iso, zone, { weekday: 'short', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
    case 'day':
      return at(iso, zone, { weekday: 'short', year: 'numeric', month: 'short', day: 'numeric' })
    case 'week':
      return `week of ${day(iso, zone)}`
    case 'month':
      return at(iso, zone, { year: 'numeric', month: 'long' })
  }
}

const ago = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

/** 3 minutes ago, in 2 hours, yesterday. */
export function relative(iso: Known<string>, now: number = Date.now()): string {
  if (!iso) return dash
  const time = Date.parse(iso)
  if (Number.isNaN(time)) return dash
  const past = time - now
  const size = Math.abs(past)
  if (size < minute) return past <= 0 ? 'just now' : 'in a moment'
  if (size < hour) return ago.format(Math.trunc(past / minute), 'minute')
  if (size < dayLong) return ago.format(Math.trunc(past / hour), 'hour')
  if (size < 60 * dayLong) return ago.format(Math.trunc(past / dayLong), 'day')
  return ago.format(Math.trunc(past / (30.44 * dayLong)), 'month')
}

/** What stands where there are too few for a rate. */
export function tooFew(n: number): string {
  return `too few (n${space}=${space}${count(n)})`
}

/** A measure's figure in the measure's own unit (`unit` of GET /measures). */
export function measured(unit: string, kind: string, v: Known<number>): string {
  if (unit === 'share') return percent(v)
  if (unit === 'ms') return duration(v)
  if (kind === 'mean' || kind === 'ratio') return mean(v)
  return count(v)
}
