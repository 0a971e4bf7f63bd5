// Numbers of a page beside those of the API, for the tests of one page.
import type { Locator, Page } from 'playwright-core'
import type { DriverResult, Result, Row, UtteranceGroups } from '../src/api/types'
import { nameAndBeside, topicsKnown } from '../src/names/topicsKnown'
import { ask, complete } from './harness'

/** Of the viewer, unless a test says otherwise. */
export const zone = 'Europe/Paris'

/** What a page asks of its default range, which is that of the API. */
export async function answer(query: object): Promise<Result> {
  const { results } = await ask<{ results: Result[] }>('demo', '/queries', { queries: [{ zone, ...query }] })
  return results[0] as Result
}

export async function drivers(query: object): Promise<DriverResult> {
  const { results } = await ask<{ results: DriverResult[] }>('demo', '/drivers', { queries: [{ zone, ...query }] })
  return results[0] as DriverResult
}

/** What was said, of the days that the pages show by default: lists know no default of their own. */
export async function groups(query: object): Promise<UtteranceGroups> {
  const { period } = await answer({ measures: ['sessions'] })
  return await ask<UtteranceGroups>('demo', '/utterances/groups', { zone, range: { from: period?.from, to: period?.to }, ...query })
}

/** The value of a measure in a row of an answer, or in its total. */
export function valueIn(result: Result, measure: string, row: Row = result.total) {
  const value = row.values[result.measures.indexOf(measure)]
  if (!value) throw new Error(`the answer has no ${measure}`)
  return value
}

/** How many sessions the list says that it holds. */
export async function listed(page: Page): Promise<number> {
  await complete(page, '/sessions')
  const heading = await page.getByRole('heading', { level: 2, name: /sessions?$/ }).textContent()
  return Number(heading?.replaceAll(/[^0-9]/g, ''))
}

/** How topics are called on every page, with what tells those of one name apart. */
export async function topicNames(): Promise<(id: string, label: string) => string> {
  const known = topicsKnown(await answer({ measures: ['sessions'], dimensions: ['topic', 'topic_kind', 'bot'] }))
  return (id, label) => {
    const { name, beside } = nameAndBeside(id, label, known)
    return beside === undefined ? name : `${name} ${beside}`
  }
}

export function panel(page: Page, title: string): Locator {
  return page.getByRole('region', { name: title, exact: true })
}

/** What a table says, line by line, its first column included. */
export function cells(table: Locator): Promise<string[][]> {
  return table
    .locator('tbody tr')
    .evaluateAll((lines) => lines.map((line) => [...line.querySelectorAll('th, td')].map((cell) => cell.textContent ?? '')))
}

/** The lines of a file that a click saves, without its head. */
export async function saved(page: Page, button: Locator): Promise<{ name: string; lines: string[] }> {
  const waiting = page.waitForEvent('download')
  await button.click()
  const file = await waiting
  let text = ''
  for await (const part of await file.createReadStream()) text += String(part)
  return { name: file.suggestedFilename(), lines: text.replace('\ufeff', '').trimEnd().split('\r\n').slice(1) }
}
