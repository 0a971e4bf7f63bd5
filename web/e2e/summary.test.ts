// Summary, used as its readers do: read a figure and open it, look at a bar, ask what moves a rate.
import type { Locator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { Driver, DriverResult, Result, SessionPage } from '../src/api/types'
import { count, mean, percent } from '../src/format'
import { nameAndBeside, topicsKnown } from '../src/names/topicsKnown'
import { allow, ask, blank, complete, failing, open, serve } from './harness'

const zone = 'Europe/Paris'
const labels = ['Sessions', 'Engagement', 'Resolution', 'Escalation', 'Abandon', 'CSAT']
const measures = ['sessions', 'engagement_rate', 'resolution_rate', 'escalation_rate', 'abandon_rate', 'csat_score']

async function answer(query: object): Promise<Result> {
  const { results } = await ask<{ results: Result[] }>('demo', '/queries', { queries: [{ zone, ...query }] })
  return results[0] as Result
}

function figures(page: Page): Locator {
  return page.getByRole('region', { name: 'Key figures' }).getByRole('link').filter({ hasNotText: 'answered' })
}

/** The number in the heading of the list of sessions. */
async function listed(page: Page): Promise<number> {
  await complete(page, '/sessions')
  const heading = await page.getByRole('heading', { level: 2, name: /sessions?$/ }).textContent()
  return Number(heading?.replaceAll(/[^0-9]/g, ''))
}

describe('figures', () => {
  test('are those of the API', async () => {
    const page = await open('demo', '/')
    const { total } = await answer({ measures })
    const [sessions, ...rates] = total.values.map(({ value }) => value)
    const score = rates.pop()
    expect(await figures(page).allTextContents()).toEqual([count(sessions), ...rates.map((rate) => percent(rate)), mean(score)])
    for (const label of labels) expect(await page.getByRole('region', { name: 'Key figures' }).getByText(label, { exact: true }).count()).toBe(1)
  })

  test.each(measures.map((measure, at) => [labels[at] ?? '', measure, at] as const))(
    '%s: two clicks lead to a transcript and why',
    async (_, measure, at) => {
      const page = await open('demo', '/')
      const { total } = await answer({ measures: [measure === 'csat_score' ? 'csat_responses' : measure] })
      await figures(page).nth(at).click()
      expect(await listed(page)).toBe(total.values[0]?.numerator)
      await page.getByRole('row').nth(1).getByRole('link').first().click()
      const drawer = page.getByRole('dialog')
      await drawer.getByRole('heading', { name: 'Why' }).waitFor()
      await drawer.getByRole('heading', { name: 'Transcript' }).waitFor()
      expect(new URL(page.url()).searchParams.get('measure')).toBe(measure)
    },
  )

  test('say how they are counted', async () => {
    const page = await open('demo', '/')
    const { total } = await answer({ measures: ['resolution_rate'] })
    await page.getByRole('button', { name: /How is Resolution rate counted/ }).click()
    const box = page.getByRole('dialog', { name: /Resolution rate/ })
    await box.getByText('resolved sessions / engaged finished sessions').waitFor()
    const text = await box.textContent()
    expect(text).toContain(count(total.values[0]?.numerator))
    expect(text).toContain(count(total.values[0]?.denominator))
  })

  test('say how many answered the survey', async () => {
    const page = await open('demo', '/')
    const { total } = await answer({ measures: ['csat_response_rate'] })
    await page.getByRole('link', { name: `${percent(total.values[0]?.value, 0)} answered` }).click()
    expect(await listed(page)).toBe(total.values[0]?.numerator)
  })

  test('keep the filters of the view in what they open', async () => {
    const page = await open('demo', '/?f=channel:msteams&f=!locale:en-US')
    const filters = [
      { dimension: 'channel', values: ['msteams'] },
      { dimension: 'locale', values: ['en-US'], exclude: true },
    ]
    const { total } = await answer({ measures: ['resolution_rate'], filters, range: await days() })
    await page.goto(withRange(page.url(), await days()))
    await complete(page)
    await figures(page).nth(2).click()
    expect(await listed(page)).toBe(total.values[0]?.numerator)
    expect(new URL(page.url()).searchParams.getAll('f')).toEqual(['channel:msteams', '!locale:en-US'])
  })
})

/** The days of the default range, so that a filter asks for the same ones. */
async function days(): Promise<{ from: string; to: string }> {
  const { period } = await answer({ measures: ['sessions'] })
  return { from: period?.from ?? '', to: period?.to ?? '' }
}

/** The days from a Wednesday on, whose week began before them. */
function fromWednesday({ from, to }: { from: string; to: string }): { from: string; to: string } {
  const first = new Date(from)
  while (first.getUTCDay() !== 3) first.setUTCDate(first.getUTCDate() + 1)
  return { from: first.toISOString().slice(0, 10), to }
}

function withRange(url: string, { from, to }: { from: string; to: string }): string {
  const next = new URL(url)
  next.searchParams.set('from', from)
  next.searchParams.set('to', to)
  return next.href
}

test('says in words what the bot started itself', async () => {
  const page = await open('demo', '/')
  const started = ['bot_started_share', 'bot_started_answered_rate', 'engagement_rate_without_unanswered', 'engagement_rate']
  const { total } = await answer({ measures: started })
  const [share, answered, without, engagement] = total.values.map(({ value }) => percent(value))
  const words = page.getByText('The bot spoke first in')
  expect((await words.textContent())?.replace(' More about engagement', '')).toBe(
    `The bot spoke first in ${share} of sessions. Users answered in ${answered} of those. ` +
      `Without those that nobody answered, engagement would be ${without} instead of ${engagement}.`,
  )
  await words.getByRole('link', { name: share ?? '' }).click()
  expect(await listed(page)).toBe(total.values[0]?.numerator)
  await page.goBack()
  await complete(page, '/')
  await page.getByRole('link', { name: 'More about engagement' }).click()
  await complete(page, '/engagement')
})

describe('over time', () => {
  test.each([
    ['Engagement over time', ['engaged_sessions', 'unengaged_sessions']],
    ['How engaged sessions end', ['confirmed_sessions', 'implied_sessions', 'escalated_sessions', 'abandoned_sessions']],
  ])('%s has a table with the numbers of the API, each of which opens its sessions', async (title, asked) => {
    const page = await open('demo', '/?compare=off')
    const { rows } = await answer({ measures: asked, dimensions: ['time'], grain: 'day' })
    const panel = page.getByRole('region', { name: title })
    await panel.getByRole('button', { name: `${title} as a table` }).click()
    const cells = await panel
      .locator('tbody tr')
      .evaluateAll((lines) => lines.map((line) => [...line.querySelectorAll('td')].map((cell) => cell.textContent)))
    expect(cells).toEqual(rows.map(({ values }) => values.map(({ value }) => count(value))))
    const at = rows.findIndex(({ values }) => (values[1]?.value ?? 0) > 0)
    await panel.locator('tbody tr').nth(at).locator('td').nth(1).getByRole('link').click()
    expect(await listed(page)).toBe(rows[at]?.values[1]?.value)
  })

  test('a click on a part of a bar opens what it counted', async () => {
    const page = await open('demo', '/?compare=off')
    const { rows } = await answer({ measures: ['engaged_sessions'], dimensions: ['time'], grain: 'day' })
    const chart = page.getByRole('region', { name: 'Engagement over time' }).locator('[data-chart]')
    const box = await chart.boundingBox()
    // Of a stack the lowest part is the engaged sessions: just above the axis.
    await chart.click({ position: { x: (box?.width ?? 0) / 2, y: (box?.height ?? 0) - 36 } })
    await complete(page, '/sessions')
    const asked = new URL(page.url()).searchParams
    expect(asked.get('measure')).toBe('engaged_sessions')
    const bucket = rows.find(({ keys }) => keys[0] === asked.get('from'))
    expect(await listed(page)).toBe(bucket?.values[0]?.value)
  })

  test('marks the bucket that is not whole', async () => {
    const range = fromWednesday(await days())
    const page = await open('demo', withRange('http://x/?grain=week&compare=off', range).replace('http://x', ''))
    const { rows } = await answer({ measures: ['sessions'], dimensions: ['time'], grain: 'week', range })
    expect(rows.some(({ partial }) => partial)).toBe(true)
    await page.getByRole('region', { name: 'Engagement over time' }).getByText('hatched: only a part').waitFor()
  })

  test('is saved as CSV', async () => {
    const page = await open('demo', '/?compare=off')
    const { rows } = await answer({ measures: ['engaged_sessions', 'unengaged_sessions'], dimensions: ['time'], grain: 'day' })
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Engagement over time as CSV' }).click()
    const file = await saved
    expect(file.suggestedFilename()).toBe('engagement-over-time.csv')
    const text = await read(await file.createReadStream())
    const lines = text.replace('\ufeff', '').trimEnd().split('\r\n')
    expect(lines[0]).toBe(`Start (${zone}),Engaged,Unengaged`)
    expect(lines.slice(1).map((line) => line.split(',').slice(1).map(Number))).toEqual(rows.map(({ values }) => values.map(({ value }) => value)))
  })
})

async function read(stream: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  for await (const part of stream) text += String(part)
  return text
}

describe('drivers', () => {
  async function drivers(measure: string): Promise<DriverResult> {
    const { results } = await ask<{ results: DriverResult[] }>('demo', '/drivers', { queries: [{ measure, zone, limit: 50 }] })
    return results[0] as DriverResult
  }

  test.each([
    ['Resolution', 'resolution', 'resolution_rate'],
    ['Escalation', 'escalation', 'escalation_rate'],
    ['Abandon', 'abandonment', 'abandon_rate'],
  ])('%s: rate, sessions and headroom are those of the API', async (tab, moved, measure) => {
    const page = await open('demo', '/?topics=all')
    await page.getByRole('group', { name: 'What moves which rate' }).getByText(tab).click()
    const panel = page.getByRole('region', { name: `What moves ${moved}` })
    await panel.waitFor()
    const rows = await panel
      .locator('tbody tr')
      .evaluateAll((lines) => lines.map((line) => [...line.querySelectorAll('td')].map((cell) => cell.textContent ?? '')))
    const { drivers: all } = await drivers(measure)
    expect(rows.length).toBe(Math.min(8, all.length))
    all.slice(0, 8).forEach((driver, at) => {
      const [rate, sessions, , headroom] = rows[at] ?? []
      if (!driver.value.too_few) expect(rate).toBe(percent(driver.value.value))
      expect(sessions).toBe(count(driver.volume))
      if (Math.round(driver.headroom ?? 0) > 0) expect(headroom).toBe(count(Math.round(driver.headroom ?? 0)))
    })
  })

  test('custom topics come first, for they are what somebody can change; the others are a click away', async () => {
    const page = await open('demo', '/')
    const { drivers: all } = await drivers('resolution_rate')
    const { results } = await ask<{ results: Result[] }>('demo', '/queries', {
      queries: [{ measures: ['sessions'], dimensions: ['topic', 'topic_kind', 'bot'], zone }],
    })
    const known = topicsKnown(results[0] as Result)
    const custom = all.filter(({ key }) => known.get(key)?.kind === 'custom')
    expect(custom.length).toBeGreaterThan(0)
    expect(custom[0]?.key).not.toBe(all[0]?.key)
    const first = page.getByRole('region', { name: 'What moves resolution' }).locator('tbody tr').first()
    const named = (driver: Driver | undefined) => nameAndBeside(driver?.key ?? '', driver?.label ?? '', known).name
    expect(await first.getByRole('rowheader').textContent()).toContain(named(custom[0]))
    await page.getByRole('group', { name: 'Which topics' }).getByText('All topics').click()
    await page.waitForURL(/topics=all/)
    await expect.poll(() => first.getByRole('rowheader').textContent()).toContain(named(all[0]))
  })

  test('the chosen rate stands in the address', async () => {
    const page = await open('demo', '/?moves=abandon_rate')
    await page.getByRole('region', { name: 'What moves abandonment' }).waitFor()
    await page.getByRole('group', { name: 'What moves which rate' }).getByText('Escalation').click()
    await page.waitForURL(/moves=escalation_rate/)
    await page.getByRole('group', { name: 'What moves which rate' }).getByText('Resolution').click()
    await page.waitForURL((url) => !url.searchParams.has('moves'))
  })

  test('a number opens its sessions, the name its topic', async () => {
    const page = await open('demo', '/?topics=all')
    const { drivers: all } = await drivers('resolution_rate')
    const at = all.findIndex(({ key, value }) => key !== '' && (value.numerator ?? 0) > 0)
    const driver = all[at]
    expect(at).toBeGreaterThan(-1)
    expect(at).toBeLessThan(8)
    const row = page.getByRole('region', { name: 'What moves resolution' }).locator('tbody tr').nth(at)
    await row.locator('td').nth(0).getByRole('link').click()
    expect(await listed(page)).toBe(driver?.value.numerator)
    await page.goBack()
    await complete(page, '/')
    await row.getByRole('rowheader').getByRole('link').click()
    await complete(page, `/topics/${encodeURIComponent(driver?.key ?? '')}`)
  })

  test('what is to win is among the sessions that were not resolved', async () => {
    const page = await open('demo', '/?topics=all')
    const { drivers: all } = await drivers('resolution_rate')
    const at = all.findIndex(({ headroom }) => Math.round(headroom ?? 0) > 0)
    const { numerator = 0, denominator = 0 } = all[at]?.value ?? {}
    const row = page.getByRole('region', { name: 'What moves resolution' }).locator('tbody tr').nth(at)
    await row.locator('td').nth(3).getByRole('link').click()
    expect(await listed(page)).toBe(denominator - numerator)
  })
})

test('asks everything in one request for numbers and one for drivers', async () => {
  const page = await open('demo', '/bots')
  const posts: string[] = []
  page.on('request', (request) => {
    if (request.method() === 'POST') posts.push(new URL(request.url()).pathname)
  })
  await page.getByRole('link', { name: 'Summary', exact: true }).click()
  await complete(page, '/')
  expect(posts.sort()).toEqual(['/api/v1/drivers', '/api/v1/queries'])
})

test('a part that fails leaves the others, and asks again on demand', async () => {
  const page = await blank(await serve('demo'))
  await failing(page, 'drivers')
  allow(/made to fail/)
  await page.goto('/')
  await complete(page)
  expect(await figures(page).count()).toBe(6)
  await page.unroute('**/api/v1/drivers')
  await page
    .getByRole('region', { name: 'What moves resolution' })
    .getByRole('button', { name: /again|retry/i })
    .click()
  await page.getByRole('region', { name: 'What moves resolution' }).getByRole('table').waitFor()
})

test('where nothing was engaged there is no rate, and words for it', async () => {
  const page = await open('demo', withRange('http://x/?f=engagement:unengaged', await days()).replace('http://x', ''))
  const cards = page.getByRole('region', { name: 'Key figures' })
  expect(await cards.getByText('–', { exact: true }).count()).toBeGreaterThanOrEqual(3)
  await page.getByText('No session was engaged and is over').waitFor()
})

test('one session is too few for a rate, and its counts are said', async () => {
  const { sessions } = await ask<SessionPage>('demo', '/sessions/search', { measure: 'engaged_sessions', limit: 1, zone })
  const one = sessions[0]
  const page = await open('demo', `/?range=all&f=${encodeURIComponent(`conversation:${one?.conversation_id ?? ''}`)}`)
  const cards = page.getByRole('region', { name: 'Key figures' })
  expect(await cards.getByText(/^too few/).count()).toBeGreaterThanOrEqual(4)
})
