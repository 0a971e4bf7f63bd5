import { beforeOf, changeOf, valueOf } from '../../api/hooks'
import type { Bot, Change, Result, Value } from '../../api/types'

/** The measures that stand side by side unless others are chosen: those of Summary. */
export const usual = ['sessions', 'engagement_rate', 'resolution_rate', 'escalation_rate', 'abandon_rate', 'csat_score']

export interface BotRow {
  id: string
  name: string
  values: Record<string, Figure>
  /** By time, of the measure that the answer by time is of. */
  course: (number | null)[]
  /** The last of them is only a part of its time. */
  unfinished: boolean
}

interface Figure {
  value: Value
  before: Value | undefined
  change: Change | undefined
}

/** A row for each bot that has something in the range, with its course where there is an answer by time already. */
export function botRows(result: Result, byTime: Result | undefined): BotRow[] {
  const courses = byTime ? coursesOf(byTime) : undefined
  return result.rows.map((row) => {
    const id = row.keys[0] ?? ''
    return {
      id,
      name: row.labels[0] || id,
      values: Object.fromEntries(
        result.measures.map((measure) => [
          measure,
          { value: valueOf(result, row, measure), before: beforeOf(result, row, measure), change: changeOf(result, row, measure) },
        ]),
      ),
      ...(courses?.get(id) ?? { course: [], unfinished: false }),
    }
  })
}

/** The rows of an answer by time and bot, one measure, as a line for each bot. */
function coursesOf(result: Result): Map<string, Pick<BotRow, 'course' | 'unfinished'>> {
  const [time, bot] = [result.dimensions.indexOf('time'), result.dimensions.indexOf('bot')]
  const times = [...new Set(result.rows.map((row) => row.keys[time] ?? ''))].sort((a, b) => Date.parse(a) - Date.parse(b))
  const at = new Map(times.map((key, i) => [key, i]))
  const courses = new Map<string, Pick<BotRow, 'course' | 'unfinished'>>()
  for (const row of result.rows) {
    const id = row.keys[bot] ?? ''
    const one = courses.get(id) ?? { course: times.map(() => null), unfinished: false }
    const place = at.get(row.keys[time] ?? '') ?? 0
    one.course[place] = row.values[0]?.value ?? null
    if (place === times.length - 1 && row.partial) one.unfinished = true
    courses.set(id, one)
  }
  return courses
}

/** Bots that are known and have nothing here. */
export function silent(bots: Bot[], rows: BotRow[]): Bot[] {
  const there = new Set(rows.map((row) => row.id))
  return bots.filter((bot) => !there.has(bot.id))
}

/** The server takes so many measures in one question. */
const mostMeasures = 50

/** The columns as the address names them; what is no measure is left out. */
export function chosenMeasures(written: string, known: (name: string) => unknown): string[] {
  const named = [...new Set(written.split(','))].filter((name) => known(name) !== undefined).slice(0, mostMeasures)
  return named.length > 0 ? named : usual
}
