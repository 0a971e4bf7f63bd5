// Topics and a topic's own page: find one, see how it stands, open what is behind its numbers.
import type { Locator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { DriverResult, Result, Row, Value } from '../src/api/types'
import { count, percent } from '../src/format'
import { nameAndId, topicPath } from '../src/names/topics'
import { ask, axe, blank, complete, open, serve } from './harness'
import { channelName } from '../src/names/channels'

const zone = 'Europe/Paris'

/** A measure of a row, or of the total. */
function valueOf(result: Result, row: Row | undefined, measure: string): Value {
  return (row ?? result.total).values[result.measures.indexOf(measure)] as Value
}

async function answer(query: object): Promise<Result> {
  const { results } = await ask<{ results: Result[] }>('demo', '/queries', { queries: [{ zone, ...query }] })
  return results[0] as Result
}

/** Topics by their sessions, most first; the largest that is one. */
async function largest(): Promise<{ result: Result; row: Row; id: string; name: string }> {
  const result = await answer({ measures: ['sessions', 'resolution_rate'], dimensions: ['topic'], sort: '-sessions' })
  const row = result.rows.find(({ keys }) => keys[0] !== '') as Row
  const id = row.keys[0] ?? ''
  return { result, row, id, name: nameAndId(id, row.labels[0] ?? '').name }
}

function table(page: Page): Locator {
  return page.getByRole('region', { name: 'All topics' }).getByRole('table')
}

function names(page: Page): Promise<string[]> {
  return table(page).getByRole('rowheader').allTextContents()
}

async function listed(page: Page): Promise<number> {
  await complete(page, '/sessions')
  const heading = await page.getByRole('heading', { level: 2, name: /sessions?$/ }).textContent()
  return Number(heading?.replaceAll(/[^0-9]/g, ''))
}

describe('the list', () => {
  test('has every topic with the numbers of the API, most sessions first', async () => {
    const page = await open('demo', '/topics')
    const { result } = await largest()
    const topics = result.rows.filter((row) => row.keys[0] !== '' && valueOf(result, row, 'sessions').value !== 0)
    await page.getByText(`${count(topics.length)} topics in ${count(valueOf(result, undefined, 'sessions').value)} sessions`).waitFor()
    const shown = await table(page).locator('tbody tr').first().locator('td').first().textContent()
    expect(shown).toBe(count(result.rows[0] && valueOf(result, result.rows[0], 'sessions').value))
  })

  test('is searched by name, and the address keeps the search', async () => {
    const page = await open('demo', '/topics')
    const { name } = await largest()
    await page.getByRole('searchbox', { name: 'Find a topic by name' }).fill(name.toUpperCase())
    await page.waitForURL(/q=/)
    await expect.poll(async () => (await names(page)).every((one) => one.toLowerCase().includes(name.toLowerCase()))).toBe(true)
    expect((await names(page)).length).toBeGreaterThan(0)
    await page.reload()
    await complete(page)
    expect((await names(page)).every((one) => one.toLowerCase().includes(name.toLowerCase()))).toBe(true)
    await page.getByRole('searchbox', { name: 'Find a topic by name' }).fill('there is no such topic')
    await page.getByText('No topic is called').waitFor()
  })

  test('shows system topics alone', async () => {
    const page = await open('demo', '/topics')
    const result = await answer({ measures: ['sessions'], dimensions: ['topic'], filters: [{ dimension: 'topic_kind', values: ['system'] }] })
    await page.getByRole('group', { name: 'Kind of topic' }).getByText('System').click()
    await page.waitForURL(/kind=system/)
    await expect.poll(() => table(page).getByRole('rowheader').count()).toBe(result.rows.length)
  })

  test('is sorted by any column, which the address keeps', async () => {
    const page = await open('demo', '/topics')
    await table(page).getByRole('button', { name: 'Resolution' }).click()
    await page.waitForURL(/sort=-resolution_rate/)
    const head = table(page).getByRole('columnheader', { name: 'Resolution' })
    await expect.poll(() => head.getAttribute('aria-sort')).toBe('descending')
    const rated = await answer({ measures: ['resolution_rate'], dimensions: ['topic'] })
    const best = Math.max(...rated.rows.map((row) => row.values[0]?.value ?? 0))
    await expect.poll(() => table(page).locator('tbody tr').first().textContent()).toContain(percent(best))
    await head.getByRole('button').click()
    await page.waitForURL(/sort=resolution_rate/)
    await expect.poll(() => head.getAttribute('aria-sort')).toBe('ascending')
  })

  test('shows the impact on each rate, as the drivers have it', async () => {
    const page = await open('demo', '/topics?show=impact&sort=resolution_rate_impact')
    const { results } = await ask<{ results: DriverResult[] }>('demo', '/drivers', { queries: [{ measure: 'resolution_rate', zone }] })
    const worst = results[0]?.drivers.filter((driver) => driver.impact !== null).sort((a, b) => (a.impact ?? 0) - (b.impact ?? 0))[0]
    expect((await table(page).getByRole('columnheader').allTextContents()).filter((title) => title.startsWith('Impact'))).toEqual([
      'Impact on resolution',
      'Impact on escalation',
      'Impact on abandonment',
      'Impact on CSAT',
    ])
    const first = table(page).locator('tbody tr').first()
    expect(await first.getByRole('rowheader').textContent()).toContain(nameAndId(worst?.key ?? '', worst?.label ?? '').name)
    expect(await first.textContent()).toContain(`${((worst?.impact ?? 0) * 100).toFixed(2).replace('-', '\u2212')}\u00a0pt`)
  })

  test('a number opens its sessions, a name the topic', async () => {
    const page = await open('demo', '/topics')
    const { row, result, name, id } = await largest()
    await page.getByRole('searchbox').fill(id)
    const line = table(page).locator('tbody tr').filter({ hasText: name }).first()
    await line.getByRole('link', { name: count(valueOf(result, row, 'sessions').value), exact: true }).click()
    expect(await listed(page)).toBe(valueOf(result, row, 'sessions').value)
    await page.goBack()
    await complete(page, '/topics')
    await table(page).locator('tbody tr').filter({ hasText: name }).first().getByRole('rowheader').getByRole('link').click()
    await complete(page, topicPath(id))
    await page.getByRole('heading', { level: 1, name }).waitFor()
  })

  test.each([1024, 390])('fits a window of %i pixels, and shows the other columns to those who ask', async (width) => {
    const page = await open('demo', '/topics', { width })
    const wider = () => table(page).evaluate((it) => it.scrollWidth - (it.parentElement?.clientWidth ?? 0))
    expect(await wider()).toBeLessThanOrEqual(0)
    const heads = table(page).getByRole('columnheader')
    expect(await heads.filter({ hasText: 'CSAT' }).count()).toBe(0)
    await page.getByRole('button', { name: /more columns$/ }).click()
    await heads.filter({ hasText: 'CSAT' }).scrollIntoViewIfNeeded()
    expect(await wider()).toBeGreaterThan(0)
    // The names stay in sight.
    expect((await table(page).getByRole('rowheader').first().boundingBox())?.x).toBeLessThan(50)
    await page.getByRole('button', { name: 'Fewer columns' }).click()
    expect(await wider()).toBeLessThanOrEqual(0)
  })

  test('says what its columns mean, by keyboard too', async () => {
    const page = await open('demo', '/topics')
    await page.getByRole('button', { name: 'How to read this table' }).press('Enter')
    const said = page.getByRole('dialog', { name: 'How to read this table' })
    await said.getByText('Of all sessions', { exact: true }).waitFor()
    await page.keyboard.press('Escape')
    await said.waitFor({ state: 'detached' })
  })

  test('keeps names of any length and script in their place', async () => {
    const server = await serve('demo')
    const page = await blank(server)
    const arabic = 'بدء المحادثة مع العميل الكريم حول إرجاع الطلبات القديمة'
    const { name } = await largest()
    await page.route('**/api/v1/queries', async (route) => {
      const url = new URL(new URL(route.request().url()).pathname, server).href
      const response = await route.fetch({ url, headers: { ...route.request().headers(), origin: server } })
      const answered = await response.text()
      await route.fulfill({ contentType: 'application/json', body: answered.replaceAll(`"${name}`, `"${arabic}`) })
    })
    await page.goto('/topics')
    await complete(page)
    const shown = table(page).getByText(arabic).first()
    const [box, cell] = [await shown.boundingBox(), await table(page).getByRole('rowheader').filter({ hasText: arabic }).first().boundingBox()]
    expect(await shown.evaluate((it) => getComputedStyle(it).direction)).toBe('rtl')
    expect(box?.x).toBeGreaterThanOrEqual(cell?.x ?? 0)
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual((cell?.x ?? 0) + (cell?.width ?? 0))
  })

  test('is saved as CSV with every row, whether it is drawn or not', async () => {
    const page = await open('demo', '/topics')
    const { result } = await largest()
    const saved = page.waitForEvent('download')
    await page.getByRole('region', { name: 'All topics' }).getByRole('button', { name: 'CSV' }).click()
    const file = await saved
    expect(file.suggestedFilename()).toBe('topics.csv')
    const chunks: Buffer[] = []
    for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer)
    const lines = Buffer.concat(chunks).toString('utf8').trim().split('\r\n')
    expect(lines[0]).toContain('Topic,Sessions,Share')
    expect(lines.length).toBeGreaterThan(Math.min(result.rows.length, 20))
  })
})

describe('a topic', () => {
  test('has the numbers of the API, each of which opens its sessions', async () => {
    const { id, row, result } = await largest()
    const page = await open('demo', topicPath(id))
    const rate = valueOf(result, row, 'resolution_rate')
    const beside = page.getByRole('region', { name: 'Beside the others' })
    const line = beside.locator('tbody tr').filter({ hasText: 'Resolution' })
    expect(await line.textContent()).toContain(percent(rate.value))
    await line.getByRole('link').click()
    expect(await listed(page)).toBe(rate.numerator)
    expect(new URL(page.url()).searchParams.getAll('f')).toEqual([`topic:${id}`])
  })

  test('draws rates in place of sessions, and has a table behind', async () => {
    const { id } = await largest()
    const page = await open('demo', topicPath(id))
    const panel = page.getByRole('region', { name: 'How its sessions ended over time' })
    await panel.getByText('Rates', { exact: true }).click()
    await page.waitForURL(/by=rates/)
    await complete(page)
    await panel.getByRole('button', { name: /as a table/ }).click()
    const heads = await panel.getByRole('columnheader').allTextContents()
    expect(heads).toEqual(expect.arrayContaining(['Resolution', 'Escalation', 'Abandon']))
  })

  test('is narrowed to a channel by a click', async () => {
    const { id } = await largest()
    const channels = await answer({ measures: ['sessions'], dimensions: ['channel'], filters: [{ dimension: 'topic', values: [id] }], sort: '-sessions' })
    const page = await open('demo', topicPath(id))
    const channel = channelName(channels.rows[0]?.keys[0])
    await page.getByRole('region', { name: 'By channel' }).getByRole('button', { name: channel, exact: true }).click()
    await page.waitForURL((url) => url.searchParams.get('f') === `channel:${channels.rows[0]?.keys[0] ?? ''}`)
    await expect.poll(() => page.getByRole('region', { name: 'By channel' }).locator('tbody tr').count()).toBe(1)
  })

  test('shows what went unrecognised, as the API groups it, and opens a session of it', async () => {
    const result = await answer({ measures: ['unrecognised_utterances'], dimensions: ['topic'], sort: '-unrecognised_utterances' })
    const id = result.rows[0]?.keys[0] ?? ''
    const groups = await ask<{ groups: { text: string; utterances: number }[] }>('demo', '/utterances/groups', {
      recognition: ['unrecognised'],
      filters: [{ dimension: 'topic', values: [id] }],
      zone,
    })
    const page = await open('demo', topicPath(id))
    const panel = page.getByRole('region', { name: 'What the bot did not understand' })
    const first = panel.locator('tbody tr').first()
    expect(await first.getByRole('rowheader').textContent()).toBe(groups.groups[0]?.text)
    await first.getByRole('rowheader').getByRole('link').click()
    await page.getByRole('dialog').getByRole('heading', { name: 'Transcript' }).waitFor()
  })

  test('that there is not says so', async () => {
    const page = await open('demo', '/topics/nobody%2Fknows%20this')
    await page.getByText('There is no such topic').waitFor()
    await page.getByRole('link', { name: 'All topics' }).click()
    await complete(page, '/topics')
  })

  test('of which the filters leave nothing says where there is some', async () => {
    const { id } = await largest()
    const page = await open('demo', `${topicPath(id)}?f=channel:nowhere`)
    await page.getByRole('link', { name: 'Show all of its sessions' }).click()
    await page.getByRole('region', { name: 'Beside the others' }).waitFor()
    const { searchParams } = new URL(page.url())
    expect([searchParams.get('range'), searchParams.getAll('f')]).toEqual(['all', []])
  })

  test('sessions without any topic have a page too', async () => {
    const none = await answer({ measures: ['sessions'], filters: [{ dimension: 'topic', values: [''] }] })
    const page = await open('demo', topicPath(''))
    await page.getByRole('heading', { level: 1, name: 'No topic' }).waitFor()
    await page.getByText(count(none.total.values[0]?.value), { exact: true }).first().waitFor()
  })

  test.each(['light', 'dark'] as const)('is readable by everybody, %s', async (theme) => {
    const { id } = await largest()
    const page = await open('demo', topicPath(id), { theme, width: 390 })
    expect(await axe(page)).toEqual([])
  })
})
