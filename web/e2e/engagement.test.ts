// Engagement, used as its readers do: see where sessions are lost, narrow it to a channel, read what was said in vain.
import { describe, expect, test } from 'vitest'
import { count, percent } from '../src/format'
import { complete, failing, open } from './harness'
import { answer, cells, groups, listed, panel, saved, valueIn } from './numbers'
import { channelName } from '../src/names/channels'

const funnel = 'How far sessions get'
const first = 'Who spoke first'
const time = 'Engagement over time'
const channels = 'Engagement by channel'
const start = 'When sessions start'
const said = 'Said in sessions that never engaged'

describe('how far sessions get', () => {
  const steps = ['sessions', 'user_replied_sessions', 'engaged_sessions', 'resolved_sessions']

  test.each(steps.map((measure, at) => [measure, at] as const))('%s is that of the API and opens its sessions', async (measure, at) => {
    const page = await open('demo', '/engagement')
    const { value } = valueIn(await answer({ measures: [measure] }), measure)
    const number = panel(page, funnel)
      .getByRole('listitem')
      .nth(at)
      .getByRole('link', { name: count(value), exact: true })
      .last()
    await number.click()
    expect(await listed(page)).toBe(value)
  })

  test('says what became of the others, and opens them', async () => {
    const page = await open('demo', '/engagement')
    const result = await answer({ measures: ['sessions', 'user_replied_sessions', 'abandoned_sessions', 'engaged_sessions'] })
    const silent = (valueIn(result, 'sessions').value ?? 0) - (valueIn(result, 'user_replied_sessions').value ?? 0)
    const abandoned = valueIn(result, 'abandoned_sessions').value ?? 0
    const text = await panel(page, funnel).getByRole('list').textContent()
    expect(text).toContain(`${count(abandoned)} (${percent(abandoned / (valueIn(result, 'engaged_sessions').value ?? 0))}) were abandoned`)
    expect(text).toContain(`${count(silent)} (${percent(silent / (valueIn(result, 'sessions').value ?? 0))}) have no message from the user`)
    await panel(page, funnel)
      .getByRole('link', { name: count(silent), exact: true })
      .first()
      .click()
    expect(await listed(page)).toBe(silent)
  })

  test('can be read as a table', async () => {
    const page = await open('demo', '/engagement')
    await panel(page, funnel)
      .getByRole('button', { name: `${funnel} as a table` })
      .click()
    const result = await answer({ measures: steps })
    const rows = await cells(panel(page, funnel))
    expect(rows.map((row) => row[1])).toEqual(steps.map((measure) => count(valueIn(result, measure).value)))
  })
})

describe('who spoke first', () => {
  test.each([
    ['user', 'engaged'],
    ['user', 'unengaged'],
    ['bot', 'engaged'],
    ['bot', 'unengaged'],
  ])('%s, %s: the number is that of the API and opens its sessions', async (side, engagement) => {
    const page = await open('demo', '/engagement')
    const measure = `${side}_started_sessions`
    const { value } = valueIn(await answer({ measures: [measure], filters: [{ dimension: 'engagement', values: [engagement] }] }), measure)
    const half = panel(page, first)
      .locator('div')
      .filter({ has: page.getByRole('heading', { level: 3, name: `The ${side} spoke first` }) })
      .last()
    await half
      .getByRole('listitem')
      .filter({ hasText: engagement === 'engaged' ? /^Engaged/ : /^Unengaged/ })
      .getByRole('link')
      .click()
    expect(await listed(page)).toBe(value)
  })

  test('says what unanswered greetings do to the rate', async () => {
    const page = await open('demo', '/engagement')
    const result = await answer({ measures: ['bot_started_answered_rate', 'engagement_rate', 'engagement_rate_without_unanswered'] })
    const answered = valueIn(result, 'bot_started_answered_rate')
    const text = await panel(page, first).textContent()
    expect(text).toContain(`${count((answered.denominator ?? 0) - (answered.numerator ?? 0))} of them got no message from the user`)
    expect(text).toContain(
      `would be ${percent(valueIn(result, 'engagement_rate_without_unanswered').value)} instead of ${percent(valueIn(result, 'engagement_rate').value)}`,
    )
  })
})

describe('over time', () => {
  test.each([
    ['sessions', ['engaged_sessions', 'unengaged_sessions'], count],
    ['starters', ['user_started_sessions', 'bot_started_sessions'], count],
  ] as const)('drawn by %s it has the numbers of the API, and each opens its sessions', async (show, measures, write) => {
    const page = await open('demo', `/engagement?compare=off&show=${show}`)
    const { rows } = await answer({ measures, dimensions: ['time'], grain: 'day' })
    await panel(page, time)
      .getByRole('button', { name: `${time} as a table` })
      .click()
    const shown = await cells(panel(page, time))
    expect(shown.map(([, ...numbers]) => numbers)).toEqual(rows.map(({ values }) => values.map(({ value }) => write(value))))
    const at = rows.findIndex(({ values }) => (values[0]?.value ?? 0) > 0)
    await panel(page, time).locator('tbody tr').nth(at).getByRole('link').first().click()
    expect(await listed(page)).toBe(rows[at]?.values[0]?.value)
  })

  test('what is drawn is chosen by a switch, and stands in the address', async () => {
    const page = await open('demo', '/engagement')
    await panel(page, time).getByText('Rate', { exact: true }).click()
    await page.waitForURL(/show=rates/)
    await complete(page)
    await page.reload()
    await complete(page)
    expect(await panel(page, time).getByRole('radio', { name: 'Rate' }).isChecked()).toBe(true)
  })

  test('has the period before in its table while there is a comparison', async () => {
    const page = await open('demo', '/engagement')
    await panel(page, time)
      .getByRole('button', { name: `${time} as a table` })
      .click()
    expect(await panel(page, time).locator('thead th').allTextContents()).toEqual([
      'Start (Europe/Paris)',
      'Engaged',
      'Engaged, before',
      'Unengaged',
      'Unengaged, before',
    ])
  })
})

describe('by channel', () => {
  test('rates and counts are those of the API, most sessions first', async () => {
    const page = await open('demo', '/engagement')
    const result = await answer({ measures: ['sessions', 'engagement_rate'], dimensions: ['channel'], sort: '-sessions' })
    const lines = await panel(page, channels).getByRole('listitem').allTextContents()
    expect(lines.length).toBe(Math.min(8, result.rows.length))
    result.rows.slice(0, 8).forEach((row, at) => {
      const rate = valueIn(result, 'engagement_rate', row)
      if (!rate.too_few) expect(lines[at]).toBe(`${channelName(row.keys[0])}of ${count(rate.denominator)}${percent(rate.value)}`)
    })
  })

  test('a click shows only a channel, another one shows all again', async () => {
    const page = await open('demo', '/engagement')
    await panel(page, channels).getByRole('button', { name: 'Web chat' }).click()
    await page.waitForURL(/f=channel%3Awebchat/)
    await complete(page)
    const filters = [{ dimension: 'channel', values: ['webchat'] }]
    const { value } = valueIn(await answer({ measures: ['sessions'], filters }), 'sessions')
    await panel(page, funnel)
      .getByRole('link', { name: count(value), exact: true })
      .waitFor()
    await panel(page, channels).getByRole('button', { name: 'Web chat', pressed: true }).click()
    await page.waitForURL((url) => !url.searchParams.has('f'))
  })

  test('a click with Ctrl leaves a channel out', async () => {
    const page = await open('demo', '/engagement')
    await panel(page, channels)
      .getByRole('button', { name: 'Web chat' })
      .click({ modifiers: ['Control'] })
    await page.waitForURL(/f=%21channel%3Awebchat/)
    await complete(page)
    expect(await panel(page, channels).getByRole('button', { name: 'Web chat' }).count()).toBe(0)
    const filters = [{ dimension: 'channel', values: ['webchat'], exclude: true }]
    const { value } = valueIn(await answer({ measures: ['sessions'], filters }), 'sessions')
    await panel(page, funnel)
      .getByRole('link', { name: count(value), exact: true })
      .waitFor()
  })

  test('a rate opens the sessions that it counted', async () => {
    const page = await open('demo', '/engagement')
    const result = await answer({ measures: ['sessions', 'engagement_rate'], dimensions: ['channel'], sort: '-sessions' })
    await panel(page, channels).getByRole('listitem').first().getByRole('link').click()
    expect(await listed(page)).toBe(valueIn(result, 'engagement_rate', result.rows[0]).numerator)
  })

  test('is saved with the filter on screen', async () => {
    const page = await open('demo', '/engagement?f=locale:en-US')
    const result = await answer({
      measures: ['sessions', 'engagement_rate'],
      dimensions: ['channel'],
      sort: '-sessions',
      filters: [{ dimension: 'locale', values: ['en-US'] }],
    })
    const file = await saved(page, panel(page, channels).getByRole('button', { name: `${channels} as CSV` }))
    expect(file.name).toBe('engagement-by-channel.csv')
    expect(file.lines.map((line) => line.split(',').slice(0, 2))).toEqual(
      result.rows.map((row) => [channelName(row.keys[0]), String(valueIn(result, 'sessions', row).value)]),
    )
  })
})

describe('when sessions start', () => {
  test('says the zone, and a field opens its sessions by keyboard', async () => {
    const page = await open('demo', '/engagement')
    const result = await answer({ measures: ['sessions'], dimensions: ['weekday', 'hour'] })
    const most = Math.max(...result.rows.map((row) => row.values[0]?.value ?? 0))
    const row = result.rows.find(({ values }) => values[0]?.value === most)
    const [day = '', hour = ''] = [row?.labels[0], row?.keys[1]]
    expect(await panel(page, start).textContent()).toContain('Europe/Paris')
    const field = panel(page, start).getByRole('button', { name: `${day}, ${hour}: ${count(most)}`, exact: true })
    await field.focus()
    await page.keyboard.press('Enter')
    expect(await listed(page)).toBe(most)
    expect(new URL(page.url()).searchParams.getAll('f')).toEqual([`weekday:${row?.keys[0] ?? ''}`, `hour:${hour}`])
  })

  test('is counted in the zone of the address', async () => {
    const page = await open('demo', '/engagement?zone=Asia/Tokyo')
    const result = await answer({ measures: ['sessions'], dimensions: ['weekday', 'hour'], zone: 'Asia/Tokyo' })
    const row = result.rows[0]
    await panel(page, start)
      .getByRole('button', { name: `${row?.labels[0]}, ${row?.keys[1]}: ${count(row?.values[0]?.value)}`, exact: true })
      .waitFor()
  })
})

test('on a phone a field of the hours is large enough for a finger, has its figure in it and opens its sessions', async () => {
  const page = await open('demo', '/engagement', { width: 390 })
  const { rows } = await answer({ measures: ['sessions'], dimensions: ['weekday', 'hour'] })
  const [busiest] = rows.toSorted((a, b) => (b.values[0]?.value ?? 0) - (a.values[0]?.value ?? 0))
  const sessions = busiest?.values[0]?.value ?? 0
  const field = panel(page, start).getByRole('button', { name: `${busiest?.labels[0]}, ${busiest?.keys[1]}: ${count(sessions)}`, exact: true })
  expect(await field.textContent()).toBe(count(sessions))
  const box = await field.boundingBox()
  expect(box?.width).toBeGreaterThanOrEqual(24)
  expect(box?.height).toBeGreaterThanOrEqual(24)
  await field.tap()
  expect(await listed(page)).toBe(sessions)
})

describe('what was said in vain', () => {
  test('is what the API groups, and opens a session in which it was said', async () => {
    const page = await open('demo', '/engagement')
    const { groups: all } = await groups({ filters: [{ dimension: 'engagement', values: ['unengaged'] }], limit: 50 })
    const shown = await cells(panel(page, said))
    expect(shown).toEqual(all.slice(0, 10).map(({ text, utterances, sessions }) => [text, count(utterances), count(sessions)]))
    await panel(page, said)
      .getByRole('link', { name: all[0]?.text ?? '', exact: true })
      .click()
    const drawer = page.getByRole('dialog')
    await drawer.getByRole('heading', { name: 'Transcript' }).waitFor()
    expect(await drawer.textContent()).toContain(all[0]?.text)
    expect(new URL(page.url()).searchParams.get('open')).toContain(all[0]?.example.conversation_id ?? '')
    expect(new URL(page.url()).pathname).toBe('/engagement')
  })
})

test('where nothing passes the filter every panel says so', async () => {
  const page = await open('demo', '/engagement?f=channel:nowhere')
  expect(await page.getByText('No sessions here').count()).toBe(6)
  await page.getByText('Nobody wrote in vain').waitFor()
})

test('a panel that fails leaves the others alone, and tries again', async () => {
  const page = await open('demo', '/engagement')
  await failing(page, 'utterances/groups')
  await page.reload()
  const retry = panel(page, said).getByRole('button', { name: /again|retry/i })
  await retry.waitFor()
  await panel(page, funnel).getByRole('link').first().waitFor()
  await page.unroute('**/api/v1/utterances/groups')
  await retry.click()
  await panel(page, said).getByRole('row').nth(1).waitFor()
})
