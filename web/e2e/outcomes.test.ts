// Outcomes, used as its readers do: see how sessions end, ask why, and read what the bot said last.
import { describe, expect, test } from 'vitest'
import { reasonWords } from '../src/names/reasons'
import { count, percent } from '../src/format'
import { complete, open } from './harness'
import { answer, cells, groups, listed, panel, saved, topicNames, valueIn } from './numbers'
import { channelName } from '../src/names/channels'

const ended = 'How engaged sessions ended'
const resolved = 'Resolved: confirmed or implied'
const which = 'Which sessions end how'
const topics = 'Last topic before leaving'
const messages = 'Last bot message before leaving'

const endings = [
  ['confirmed_sessions', 'confirmed_rate'],
  ['implied_sessions', 'implied_rate'],
  ['escalated_sessions', 'escalation_rate'],
  ['abandoned_sessions', 'abandon_rate'],
] as const

describe('figures', () => {
  test.each(endings.map(([, rate], at) => [rate, at] as const))('%s is that of the API and opens its sessions', async (rate, at) => {
    const page = await open('demo', '/outcomes')
    const value = valueIn(await answer({ measures: [rate] }), rate)
    const link = page.getByRole('region', { name: 'Key figures' }).getByRole('link').nth(at)
    expect(await link.textContent()).toBe(percent(value.value))
    await link.click()
    expect(await listed(page)).toBe(value.numerator)
  })
})

describe('how engaged sessions ended', () => {
  test.each(endings.map(([measure], at) => [measure, at] as const))(
    '%s: number and share are those of the API, and open its sessions',
    async (measure, at) => {
      const page = await open('demo', '/outcomes')
      const result = await answer({ measures: [measure, 'engaged_finished_sessions'] })
      const value = valueIn(result, measure).value ?? 0
      const line = panel(page, ended).getByRole('listitem').nth(at)
      expect(await line.textContent()).toContain(`${count(value)}${percent(value / (valueIn(result, 'engaged_finished_sessions').value ?? 0))}`)
      await line.getByRole('link').click()
      expect(await listed(page)).toBe(value)
    },
  )

  test('as rates over time it has those of the API', async () => {
    const page = await open('demo', '/outcomes?compare=off&show=rates')
    const { rows } = await answer({ measures: endings.map(([, rate]) => rate), dimensions: ['time'], grain: 'day' })
    await panel(page, ended)
      .getByRole('button', { name: `${ended} as a table` })
      .click()
    const shown = await cells(panel(page, ended))
    rows.forEach(({ values }, at) =>
      values.forEach((value, i) => {
        if (value.value !== null) expect(shown[at]?.[i + 1]).toBe(percent(value.value))
        else if (value.too_few) expect(shown[at]?.[i + 1]).toContain('too few')
      }),
    )
    expect(shown.length).toBe(rows.length)
  })

  test('says how much of the resolutions somebody confirmed', async () => {
    const page = await open('demo', '/outcomes')
    const result = await answer({ measures: ['confirmed_sessions', 'resolved_sessions'] })
    const share = (valueIn(result, 'confirmed_sessions').value ?? 0) / (valueIn(result, 'resolved_sessions').value ?? 0)
    expect(await panel(page, resolved).textContent()).toContain(`Users confirmed ${percent(share)} of resolutions.`)
  })
})

describe('reasons', () => {
  test.each([
    ['Why sessions escalated', 'escalated_sessions'],
    ['Why sessions were abandoned', 'abandoned_sessions'],
  ])('%s: those of the API, in words, and each opens its sessions', async (title, measure) => {
    const page = await open('demo', '/outcomes')
    const result = await answer({ measures: [measure], dimensions: ['reason'], sort: `-${measure}` })
    const rows = result.rows.filter((row) => (row.values[0]?.value ?? 0) > 0)
    const all = result.total.values[0]?.value ?? 0
    expect(await panel(page, title).getByRole('listitem').allTextContents()).toEqual(
      rows.map((row) => `${reasonWords(row.keys[0] ?? '').title}${percent((row.values[0]?.value ?? 0) / all)}${count(row.values[0]?.value)}`),
    )
    await panel(page, title).getByRole('listitem').first().getByRole('link').click()
    expect(await listed(page)).toBe(rows[0]?.values[0]?.value)
  })

  test('a click shows only the sessions with that reason, with Ctrl the others', async () => {
    const page = await open('demo', '/outcomes')
    const name = reasonWords('UserExit').title
    await panel(page, 'Why sessions were abandoned').getByRole('button', { name }).click()
    await page.waitForURL(/f=reason%3AUserExit/)
    await complete(page)
    await page.getByText('No session was handed to a person').waitFor()
    await panel(page, 'Why sessions were abandoned')
      .getByRole('button', { name })
      .click({ modifiers: ['Control'] })
    await page.waitForURL(/f=%21reason%3AUserExit/)
    await complete(page)
    expect(await panel(page, 'Why sessions were abandoned').getByRole('button', { name }).count()).toBe(0)
  })
})

describe('which sessions end how', () => {
  test.each(['channel', 'topic', 'turns', 'duration'])('by %s the rates are those of the API', async (by) => {
    const page = await open('demo', `/outcomes?by=${by}`)
    const measures = ['engaged_finished_sessions', ...endings.map(([, rate]) => rate)]
    const result = await answer({ measures, dimensions: [by] })
    const topicName = await topicNames()
    const nameOf = ([key = '']: string[], [label = '']: string[]) =>
      by === 'topic' ? topicName(key, label) : by === 'channel' ? channelName(key) : label
    const named = new Map(result.rows.map((row) => [nameOf(row.keys, row.labels), row]))
    const shown = await cells(panel(page, which))
    expect(shown.length).toBeGreaterThan(1)
    for (const [name = '', sessions, , ...rates] of shown) {
      const row = named.get(name)
      expect(row, name).toBeDefined()
      expect(sessions).toBe(count(valueIn(result, 'engaged_finished_sessions', row).value))
      endings.forEach(([, rate], i) => {
        const value = valueIn(result, rate, row)
        if (!value.too_few) expect(rates[i], `${name}: ${rate}`).toBe(percent(value.value))
      })
    }
  })

  test('a rate opens what it counted, a name filters, a topic leads to its page', async () => {
    const page = await open('demo', '/outcomes')
    const result = await answer({
      measures: ['engaged_finished_sessions', 'abandon_rate'],
      dimensions: ['channel'],
      sort: '-engaged_finished_sessions',
    })
    const top = result.rows[0]
    await panel(page, which).getByRole('row').nth(1).getByRole('link').last().click()
    expect(await listed(page)).toBe(valueIn(result, 'abandon_rate', top).numerator)
    await page.goBack()
    await complete(page, '/outcomes')
    await panel(page, which)
      .getByRole('button', { name: channelName(top?.keys[0]), exact: true })
      .click()
    await page.waitForURL((url) => url.searchParams.get('f') === `channel:${top?.keys[0] ?? ''}`)
    await complete(page)
    await panel(page, which).getByText('Topic', { exact: true }).click()
    await page.waitForURL(/by=topic/)
    await complete(page)
    await panel(page, which).getByRole('row').nth(1).getByRole('rowheader').getByRole('link').click()
    await complete(page)
    expect(new URL(page.url()).pathname).toMatch(/^\/topics\/./)
    expect(new URL(page.url()).searchParams.get('f')).toBe(`channel:${top?.keys[0] ?? ''}`)
  })

  test('is saved whole', async () => {
    const page = await open('demo', '/outcomes?by=topic')
    const result = await answer({ measures: ['engaged_finished_sessions'], dimensions: ['topic'] })
    const file = await saved(page, panel(page, which).getByRole('button', { name: 'CSV' }))
    expect(file.name).toBe('outcomes-by-topic.csv')
    expect(file.lines.length).toBe(result.rows.filter((row) => (row.values[0]?.value ?? 0) > 0).length)
  })
})

describe('before leaving', () => {
  test('the last topics are those of the API and open their sessions', async () => {
    const page = await open('demo', '/outcomes')
    const result = await answer({ measures: ['abandoned_sessions'], dimensions: ['topic'], sort: '-abandoned_sessions', limit: 10 })
    const topicName = await topicNames()
    const shown = await cells(panel(page, topics))
    expect(shown.map((row) => row.slice(0, 2))).toEqual(
      result.rows
        .filter((row) => (row.values[0]?.value ?? 0) > 0)
        .map((row) => [topicName(row.keys[0] ?? '', row.labels[0] ?? ''), count(row.values[0]?.value)]),
    )
    await panel(page, topics).getByRole('row').nth(1).getByRole('cell').first().getByRole('link').click()
    expect(await listed(page)).toBe(result.rows[0]?.values[0]?.value)
  })

  test('the last messages are those that the API groups, and open a session', async () => {
    const page = await open('demo', '/outcomes')
    const { groups: all } = await groups({ filters: [{ dimension: 'outcome', values: ['abandoned'] }], source: ['bot'], limit: 50 })
    const shown = await cells(panel(page, messages))
    expect(shown).toEqual(all.slice(0, 10).map(({ text, utterances, sessions }) => [text, count(utterances), count(sessions)]))
    await panel(page, messages).getByRole('link').first().click()
    const drawer = page.getByRole('dialog')
    await drawer.getByRole('heading', { name: 'Why' }).waitFor()
    await drawer.getByRole('heading', { name: 'Transcript' }).waitFor()
    expect(await drawer.textContent()).toContain(all[0]?.text)
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'detached' })
    expect(new URL(page.url()).pathname).toBe('/outcomes')
  })
})

test('where nobody engages the panels say so, and lead to Engagement', async () => {
  const page = await open('demo', '/outcomes?f=engagement:unengaged')
  await panel(page, ended).getByText('No engaged session has ended here').waitFor()
  await panel(page, which).getByRole('link', { name: 'See who engages' }).click()
  await complete(page, '/engagement')
  expect(new URL(page.url()).searchParams.get('f')).toBe('engagement:unengaged')
})
