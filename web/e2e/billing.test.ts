// Billing: how many, why not as many as analytics sessions, and which.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import type { BilledPage, Measure, Result, Row, Value } from '../src/api/types'
import { count } from '../src/format'
import { ask, complete, open, serve } from './harness'
import { channelName } from '../src/names/channels'
import { countsBilled } from '../src/names/measures'

const zone = 'Europe/Paris'

/** A measure of a row, or of the total. */
function valueOf(result: Result, row: Row | undefined, measure: string): Value {
  return (row ?? result.total).values[result.measures.indexOf(measure)] as Value
}

async function answer(query: object): Promise<Result> {
  const { results } = await ask<{ results: Result[] }>('demo', '/queries', { queries: [{ zone, ...query }] })
  return results[0] as Result
}

async function billed(query: object): Promise<BilledPage> {
  return ask<BilledPage>('demo', '/billed/search', { zone, ...query })
}

/** The number in the heading of the list of billed sessions. */
async function listed(page: Page): Promise<number> {
  await complete(page, '/billing')
  const heading = await page.getByRole('heading', { level: 2, name: /billed sessions?$/ }).textContent()
  return Number(heading?.replaceAll(/[^0-9]/g, ''))
}

test('the numbers are those of the API', async () => {
  const page = await open('demo', '/billing')
  const { total } = await answer({ measures: ['billed_sessions', 'sessions', 'billed_turns'] })
  for (const { value } of total.values) await page.locator('main').getByText(count(value), { exact: true }).first().waitFor()
  expect(await listed(page)).toBe(total.values[0]?.value)
})

test('the steps from analytics to billed sessions add up', async () => {
  const page = await open('demo', '/billing')
  const panel = page.getByRole('region', { name: 'Why they differ' })
  const steps = await panel.getByRole('listitem').evaluateAll((items) => items.map((item) => item.firstElementChild?.textContent ?? ''))
  const numbers = steps.map((text) => Number(text.replaceAll(/[^0-9\u2212]/g, '').replace('\u2212', '-')))
  const { total } = await answer({ measures: ['sessions', 'billed_sessions'] })
  expect(numbers[0]).toBe(total.values[0]?.value)
  expect(numbers.at(-1)).toBe(total.values[1]?.value)
  expect(numbers.slice(0, -1).reduce((sum, one) => sum + one, 0)).toBe(numbers.at(-1))
})

test('sessions without a custom topic open as the list of them', async () => {
  const page = await open('demo', '/billing')
  const result = await answer({ measures: ['sessions'], filters: [{ dimension: 'topic_kind', values: ['custom'], exclude: true }] })
  await page.getByRole('region', { name: 'Why they differ' }).getByRole('link').nth(1).click()
  await complete(page, '/sessions')
  await page.getByRole('heading', { level: 2, name: `${count(result.total.values[0]?.value)} sessions` }).waitFor()
})

test('a number of a topic narrows the list to what it counted', async () => {
  const page = await open('demo', '/billing')
  const result = await answer({ measures: ['billed_sessions'], dimensions: ['topic'], sort: '-billed_sessions' })
  const first = result.rows[0]
  const value = first && valueOf(result, first, 'billed_sessions').value
  await page
    .getByRole('region', { name: 'By the topic that opened them' })
    .locator('tbody tr')
    .first()
    .getByRole('link', { name: count(value), exact: true })
    .first()
    .click()
  await page.waitForURL(/measure=billed_sessions/)
  expect(await listed(page)).toBe(value)
  expect((await billed({ filters: [{ dimension: 'topic', values: [first?.keys[0] ?? ''] }] })).count).toBe(value)
})

test('a channel filters the page', async () => {
  const page = await open('demo', '/billing')
  const result = await answer({ measures: ['billed_sessions'], dimensions: ['channel'], sort: '-billed_sessions' })
  const channel = result.rows[0]?.keys[0] ?? ''
  await page
    .getByRole('region', { name: 'By channel' })
    .getByRole('button', { name: channelName(channel), exact: true })
    .click()
  await page.waitForURL((url) => url.searchParams.get('f') === `channel:${channel}`)
  await expect.poll(() => listed(page)).toBe(result.rows[0]?.values[0]?.value)
})

test('a billed session opens its conversation', async () => {
  const page = await open('demo', '/billing')
  const { billed_sessions } = await billed({ limit: 1 })
  const list = page.getByRole('region', { name: /billed sessions$/ })
  await list.locator('tbody tr').first().getByRole('link').first().click()
  await page.getByRole('dialog').getByRole('heading', { name: 'Transcript' }).waitFor()
  expect(new URL(page.url()).searchParams.get('open')).toContain(billed_sessions[0]?.conversation_id)
})

test('a filter that billed sessions know nothing of is left aside, and said', async () => {
  const page = await open('demo', '/billing?f=outcome:resolved')
  const { total } = await answer({ measures: ['billed_sessions'] })
  await page.getByText('Billed sessions have no outcome: that filter is left aside on this page').waitFor()
  expect(await listed(page)).toBe(total.values[0]?.value)
})

test('what a filter that is left aside does not narrow, no list of it does', async () => {
  const { total } = await answer({ measures: ['sessions'] })
  const page = await open('demo', '/billing?f=outcome:resolved')
  const words = `${count(total.values[0]?.value)} sessions`
  for (const place of [page.locator('main'), page.getByRole('region', { name: 'Why they differ' })]) {
    await place
      .getByRole('link', { name: count(total.values[0]?.value), exact: true })
      .first()
      .click()
    await complete(page, '/sessions')
    await page.getByRole('heading', { level: 2, name: words }).waitFor()
    await page.goBack()
    await complete(page, '/billing')
  }
})

test('what billed sessions are divided by opens as the list of it', async () => {
  const { total } = await answer({ measures: ['resolved_sessions'] })
  const page = await open('demo', '/billing')
  const number = count(total.values[0]?.value)
  await page.getByRole('button', { name: 'How is Billed sessions per resolved session counted?' }).click()
  await page.getByRole('link', { name: `Show all ${number}` }).click()
  await complete(page, '/sessions')
  await page.getByRole('heading', { level: 2, name: `${number} sessions` }).waitFor()
})

test('what is listed can be taken along, with the filters on screen', async () => {
  const page = await open('demo', '/billing?f=channel:msteams')
  const link = page.getByRole('region', { name: /billed sessions$/ }).getByRole('link', { name: 'CSV', exact: true })
  const saved = page.waitForEvent('download')
  await link.click()
  expect((await saved).suggestedFilename()).toMatch(/\.csv$/)
  const file = await fetch((await serve('demo')) + (await link.getAttribute('href')))
  const lines = (await file.text()).trim().split('\r\n')
  expect(lines.length - 1).toBe(await listed(page))
})

test('a number is known as one of billing by its name', async () => {
  const { measures } = await ask<{ measures: Measure[] }>('demo', '/measures')
  const billing = measures.filter(({ table }) => table === 'billed').map(({ name }) => name)
  expect(billing.length).toBeGreaterThan(0)
  expect(measures.map(({ name }) => name).filter(countsBilled)).toEqual(billing)
})
