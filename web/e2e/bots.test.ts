// Bots, used as its readers do: compare, sort, choose measures, go on to one bot.
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { Result } from '../src/api/types'
import { count, duration, percent } from '../src/format'
import { ask, complete, open } from './harness'

const zone = 'Europe/Paris'

async function byBot(...measures: string[]): Promise<Result> {
  const { results } = await ask<{ results: Result[] }>('demo', '/queries', { queries: [{ measures, dimensions: ['bot'], zone }] })
  return results[0] as Result
}

function names(page: Page): Promise<string[]> {
  return page.getByRole('rowheader').allTextContents()
}

/** What stands in a column after the names, row by row. */
function numbers(page: Page, column: number): Promise<string[]> {
  return page.locator(`tbody td:nth-of-type(${column + 1})`).allTextContents()
}

describe('the table', () => {
  test('has every bot, the busiest first, with the numbers of the API', async () => {
    const page = await open('demo', '/bots?compare=off')
    const { rows } = await byBot('sessions', 'engagement_rate')
    const ordered = rows.toSorted((a, b) => (b.values[0]?.value ?? 0) - (a.values[0]?.value ?? 0))
    expect(await names(page)).toEqual(ordered.map(({ labels }) => labels[0]))
    expect(await numbers(page, 1)).toEqual(ordered.map(({ values }) => count(values[0]?.value)))
    expect(await numbers(page, 2)).toEqual(ordered.map(({ values }) => percent(values[1]?.value)))
  })

  test('is sorted by a click on any head, and the address says so', async () => {
    const page = await open('demo', '/bots?compare=off')
    const { rows } = await byBot('abandon_rate')
    const ordered = rows.toSorted((a, b) => (b.values[0]?.value ?? -1) - (a.values[0]?.value ?? -1)).map(({ labels }) => labels[0])
    await page.getByRole('button', { name: 'Abandon' }).click()
    await page.waitForURL(/sort=-abandon_rate/)
    await page.locator('th[aria-sort="descending"]', { hasText: 'Abandon' }).waitFor()
    expect(await names(page)).toEqual(ordered)
    await page.getByRole('button', { name: 'Abandon' }).click()
    await page.waitForURL(/sort=abandon_rate/)
    await page.locator('th[aria-sort="ascending"]', { hasText: 'Abandon' }).waitFor()
    expect(await names(page)).toEqual(ordered.toReversed())
  })

  test('shows the measures that are chosen, and a link to it does too', async () => {
    const page = await open('demo', '/bots?compare=off')
    await page.getByRole('button', { name: 'Measures' }).click()
    await page.getByRole('combobox').fill('duration, med')
    await page.getByRole('option', { name: /Duration, median/ }).click()
    await page.waitForURL(/duration_median/)
    await page.keyboard.press('Escape')
    await page.getByRole('columnheader', { name: 'Duration, median' }).waitFor()
    await complete(page)
    const { rows } = await byBot('sessions', 'duration_median')
    const ordered = rows.toSorted((a, b) => (b.values[0]?.value ?? 0) - (a.values[0]?.value ?? 0))
    expect(await numbers(page, 7)).toEqual(ordered.map(({ values }) => duration(values[1]?.value)))

    const again = await open('demo', '/bots?compare=off&cols=users,duration_median&sort=-users')
    expect(await again.getByRole('columnheader').allTextContents()).toEqual(['Bot', 'Trend', 'Users', 'Duration, median'])
    await again.locator('th[aria-sort="descending"]', { hasText: 'Users' }).waitFor()
  })

  test('is saved as CSV with the counts behind its rates', async () => {
    const page = await open('demo', '/bots?cols=sessions,resolution_rate&compare=off')
    const { rows } = await byBot('sessions', 'resolution_rate')
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: 'CSV' }).click()
    let text = ''
    for await (const part of await (await saved).createReadStream()) text += String(part)
    const lines = text
      .replace('\ufeff', '')
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(','))
    expect(lines[0]?.slice(0, 5)).toEqual(['Bot', 'Sessions', 'Resolution', 'Resolution: numerator', 'Resolution: denominator'])
    const ordered = rows.toSorted((a, b) => (b.values[0]?.value ?? 0) - (a.values[0]?.value ?? 0))
    expect(lines.slice(1).map((line) => line.slice(1, 5).map(Number))).toEqual(
      ordered.map(({ values: [sessions, rate] }) => [sessions?.value, rate?.value, rate?.numerator, rate?.denominator]),
    )
  })
})

test('a bot leads to its own Summary', async () => {
  const page = await open('demo', '/bots?f=channel:webchat')
  const { rows } = await byBot('sessions')
  const name = (await names(page))[0] ?? ''
  await page.getByRole('rowheader').getByRole('link').first().click()
  await complete(page, '/')
  const asked = new URL(page.url()).searchParams
  expect(asked.getAll('bot')).toEqual([rows.find(({ labels }) => labels[0] === name)?.keys[0]])
  expect(asked.getAll('f')).toEqual(['channel:webchat'])
})

test('a number opens the sessions of that bot', async () => {
  const page = await open('demo', '/bots')
  const { rows } = await byBot('escalation_rate')
  const name = (await names(page))[0]
  const bot = rows.find(({ labels }) => labels[0] === name)
  await page.locator('tbody tr').first().locator('td').nth(4).getByRole('link').click()
  await complete(page, '/sessions')
  const heading = await page.getByRole('heading', { level: 2, name: /sessions?$/ }).textContent()
  expect(heading).toMatch(new RegExp(`^${count(bot?.values[0]?.numerator)} `))
})

test('one bot alone is a table of one', async () => {
  const { rows } = await byBot('sessions')
  const page = await open('demo', `/bots?bot=${encodeURIComponent(rows[0]?.keys[0] ?? '')}`)
  expect(await names(page)).toEqual([rows[0]?.labels[0]])
})

test('where a filter leaves nothing it says so', async () => {
  const page = await open('demo', '/bots?range=all&f=channel:nowhere')
  await page
    .getByText(/No bot has sessions here|Nothing matches|No session/i)
    .first()
    .waitFor()
})
