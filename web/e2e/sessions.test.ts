// The list of sessions, used as its readers do: find, narrow, sort, choose columns, take along.
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { Result, SessionPage, SessionQuery } from '../src/api/types'
import { count, dateTime } from '../src/format'
import { ask, complete, open } from './harness'

const zone = 'Europe/Paris'

async function search(query: SessionQuery): Promise<SessionPage> {
  return ask<SessionPage>('demo', '/sessions/search', { zone, ...query })
}

/** The number in the heading of the list. */
async function counted(page: Page): Promise<number> {
  const heading = await page.getByRole('heading', { level: 2, name: /sessions?$/ }).textContent()
  return Number(heading?.replaceAll(/[^0-9]/g, ''))
}

/** Waits until the list says so many. */
async function until(page: Page, total: number) {
  await page.getByRole('heading', { level: 2, name: `${count(total)} ${total === 1 ? 'session' : 'sessions'}`, exact: true }).waitFor()
}

function parameter(page: Page, name: string): string | null {
  return new URL(page.url()).searchParams.get(name)
}

const table = (page: Page) => page.getByRole('table', { name: 'Sessions' })

describe('the list', () => {
  test('is that of the API, the latest first', async () => {
    const page = await open('demo', '/sessions')
    const said = await search({ limit: 10 })
    expect(await counted(page)).toBe(said.count)
    const starts = await table(page)
      .getByRole('rowheader')
      .evaluateAll((all) => all.slice(0, 10).map((one) => one.textContent))
    expect(starts).toEqual(said.sessions.map((s) => dateTime(s.started_at, zone)))
  })

  test('loads more as one scrolls', async () => {
    const page = await open('demo', '/sessions?range=all')
    const last = table(page).locator('tbody tr[aria-rowindex]').last()
    await page.getByText('100 loaded, more as you scroll').waitFor()
    await last.scrollIntoViewIfNeeded()
    await page.waitForFunction(() => {
      const box = document.querySelector('main table')?.parentElement
      box?.scrollTo(0, box.scrollHeight)
      return [...document.querySelectorAll('main tr[aria-rowindex]')].some((row) => Number(row.getAttribute('aria-rowindex')) > 250)
    })
    await page.getByText(/^[3-9]00 loaded/).waitFor()
  })

  test('is sorted by the server, over all pages', async () => {
    const page = await open('demo', '/sessions')
    await page.getByRole('columnheader', { name: 'Turns' }).getByRole('button').click()
    await complete(page)
    expect(parameter(page, 'sort')).toBe('-turns')
    const said = await search({ limit: 5, sort: '-turns' })
    const turns = await table(page)
      .locator('tbody tr[aria-rowindex] td:nth-child(6)')
      .evaluateAll((all) => all.slice(0, 5).map((one) => one.textContent))
    expect(turns).toEqual(said.sessions.map((s) => count(s.turns)))
    expect(await page.getByRole('columnheader', { name: 'Turns' }).getAttribute('aria-sort')).toBe('descending')
    await page.getByRole('columnheader', { name: 'Turns' }).getByRole('button').click()
    await complete(page)
    expect(parameter(page, 'sort')).toBe('turns')
  })
})

describe('narrowing', () => {
  test('by the filters of the view', async () => {
    const page = await open('demo', '/sessions?f=channel:msteams&f=!locale:en-US')
    const filters = [
      { dimension: 'channel', values: ['msteams'] },
      { dimension: 'locale', values: ['en-US'], exclude: true },
    ]
    const { results } = await ask<{ results: Result[] }>('demo', '/queries', { queries: [{ zone, measures: ['sessions'] }] })
    const { from, to } = results[0]?.period ?? { from: '', to: '' }
    expect(await counted(page)).toBe((await search({ limit: 1, filters, range: { from, to } })).count)
  })

  test('by what users said: as one types, from the keyboard, and in the address', async () => {
    const page = await open('demo', '/sessions')
    const all = await counted(page)
    await page.keyboard.press('/')
    await page.keyboard.type('refund')
    const { count: some } = await search({ limit: 1, said: 'refund' })
    expect(some).toBeGreaterThan(0)
    expect(some).toBeLessThan(all)
    await until(page, some)
    expect(parameter(page, 'said')).toBe('refund')
    await page.reload()
    await complete(page)
    expect(await page.getByRole('searchbox', { name: 'Search in what users said' }).inputValue()).toBe('refund')
    await until(page, some)
    await page.getByRole('searchbox').fill('')
    await until(page, all)
    expect(parameter(page, 'said')).toBe(null)
  })

  test('to nothing says so, and widens with a click', async () => {
    const page = await open('demo', '/sessions?said=zzzzqqq')
    await page.getByText('No session matches').waitFor()
    await page.getByRole('button', { name: 'Clear the search' }).click()
    await until(page, (await search({ limit: 1 })).count)
  })

  test('to what a number counted, in words, and to what it is out of', async () => {
    const page = await open('demo', '/sessions?measure=resolution_rate')
    const { count: resolved } = await search({ limit: 1, measure: 'resolution_rate' })
    const { count: engaged } = await search({ limit: 1, measure: 'resolution_rate', denominator: true })
    const { count: all } = await search({ limit: 1 })
    expect(await counted(page)).toBe(resolved)
    await page.getByText('The list holds engaged sessions that are finished and were resolved, confirmed or implied.').waitFor()
    await page.getByText('Out of', { exact: true }).click()
    await until(page, engaged)
    expect(parameter(page, 'denominator')).toBe('true')
    await page.getByRole('button', { name: 'Remove: sessions of Resolution rate' }).click()
    await until(page, all)
    expect(parameter(page, 'measure')).toBe(null)
    expect(parameter(page, 'denominator')).toBe(null)
  })
})

test('columns are chosen, stand in the address, and are remembered', async () => {
  const page = await open('demo', '/sessions')
  await page.getByRole('button', { name: 'Columns', exact: true }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Locale' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'CSAT' }).click()
  await page.keyboard.press('Escape')
  await page.getByRole('columnheader', { name: 'Locale' }).waitFor()
  await page.getByRole('columnheader', { name: 'CSAT' }).waitFor({ state: 'detached' })
  expect(parameter(page, 'cols')).toContain('locale')
  await page.goto('/sessions')
  await complete(page)
  await page.getByRole('columnheader', { name: 'Locale' }).waitFor()
  // What was sent wins over what is remembered.
  await page.goto('/sessions?cols=csat')
  await complete(page)
  expect(await page.getByRole('columnheader').allTextContents()).toEqual(['Started', 'CSAT'])
})

describe('exports', () => {
  test('hold the whole list, with its filters, search and order', async () => {
    const page = await open('demo', '/sessions?f=channel:webchat&said=refund&sort=-turns&range=all')
    const filters = [{ dimension: 'channel', values: ['webchat'] }]
    const said = await search({ limit: 3, filters, said: 'refund', sort: '-turns', range: {} })
    await page.getByRole('button', { name: 'Export' }).click()
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Sessions, JSON Lines' }).click()])
    expect(download.suggestedFilename()).toMatch(/\.jsonl$/)
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n')
    expect(lines).toHaveLength(said.count)
    const first = lines.slice(0, 3).map((line) => (JSON.parse(line) as { conversation_id: string }).conversation_id)
    expect(first).toEqual(said.sessions.map((s) => s.conversation_id))
  })

  test.each([
    'Sessions, CSV',
    'Sessions, Parquet',
    'What users said, CSV',
    'Transcripts as Dataverse rows, CSV',
    'Transcripts as Dataverse rows, OData',
  ])('%s is a file', async (name) => {
    const page = await open('demo', '/sessions?measure=escalated_sessions&f=channel:msteams')
    await page.getByRole('button', { name: 'Export' }).click()
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name }).click()])
    expect(await download.failure()).toBe(null)
    expect((await readFile(await download.path())).length).toBeGreaterThan(100)
  })
})
