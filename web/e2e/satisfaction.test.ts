// Satisfaction, used as its readers do: read the score and how many gave one, ask what moves it, and read the comments.
import { describe, expect, test } from 'vitest'
import type { UtterancePage } from '../src/api/types'
import { count, mean, percent } from '../src/format'
import { ask, complete, open, serve } from './harness'
import { answer, cells, drivers, listed, panel, saved, topicNames, valueIn, zone } from './numbers'
import { channelName } from '../src/names/channels'

const scores = 'Scores'
const survey = 'Who answers the survey'
const time = 'Satisfaction over time'
const moves = 'What moves the score'
const reactions = 'Reactions to answers'
const generated = 'Generated answers'
const comments = 'Comments'

/** The days that the pages show by default: lists know no default of their own. */
async function days() {
  const { period } = await answer({ measures: ['sessions'] })
  return { range: { from: period?.from, to: period?.to } }
}

describe('figures', () => {
  test('are those of the API', async () => {
    const page = await open('demo', '/satisfaction')
    const result = await answer({ measures: ['csat_score', 'csat_top_two_rate', 'csat_response_rate', 'like_rate', 'answer_rate', 'csat_responses'] })
    const [score, ...rates] = result.total.values
    const region = page.getByRole('region', { name: 'Key figures' })
    const expected = [mean(score?.value), ...rates.slice(0, 4).map(({ value }) => percent(value))]
    for (const figure of expected) expect(await region.getByText(figure, { exact: true }).count(), figure).toBeGreaterThan(0)
    expect(await region.textContent()).toContain(`of ${count(valueIn(result, 'csat_responses').value)} answers`)
  })

  test('speak of reactions where reactions are counted, and open the sessions that have them', async () => {
    const page = await open('demo', '/satisfaction')
    const { total } = await answer({ measures: ['like_rate'] })
    const all = await ask<{ count: number }>('demo', '/sessions/search', { zone, ...(await days()), measure: 'like_rate', denominator: true })
    await page.getByRole('button', { name: 'How is Like rate counted?' }).click()
    await page.getByRole('link', { name: `Show the sessions of all ${count(total.values[0]?.denominator)}`, exact: true }).click()
    expect(await listed(page)).toBe(all.count)
    await page.getByText('Counted: reactions to answers. The list holds their sessions.').waitFor()
  })
})

describe('scores', () => {
  test('are those of the API, and each opens its sessions', async () => {
    const page = await open('demo', '/satisfaction')
    const measures = ['csat_5', 'csat_4', 'csat_3', 'csat_2', 'csat_1']
    const { total } = await answer({ measures })
    const all = total.values.reduce((sum, { value }) => sum + (value ?? 0), 0)
    const lines = await panel(page, scores).getByRole('listitem').allTextContents()
    total.values.forEach(({ value }, at) => expect(lines[at]).toContain(`${percent((value ?? 0) / all)}${count(value)}`))
    await panel(page, scores).getByRole('listitem').first().getByRole('link').click()
    expect(await listed(page)).toBe(total.values[0]?.value)
  })

  test('a click shows only the sessions with that score', async () => {
    const page = await open('demo', '/satisfaction')
    await panel(page, scores).getByRole('button', { name: '4', exact: true }).click()
    await page.waitForURL(/f=csat%3A4/)
    await complete(page)
    const { value } = valueIn(await answer({ measures: ['csat_responses'], filters: [{ dimension: 'csat', values: ['4'] }] }), 'csat_responses')
    expect(await panel(page, survey).textContent()).toContain(count(value))
  })

  test('are saved as CSV', async () => {
    const page = await open('demo', '/satisfaction')
    const { value } = valueIn(await answer({ measures: ['csat_5'] }), 'csat_5')
    const file = await saved(page, panel(page, scores).getByRole('button', { name: `${scores} as CSV` }))
    expect(file.name).toBe('csat-scores.csv')
    expect(file.lines.length).toBe(5)
    expect(file.lines[0]).toContain(`"5, very satisfied",${value},`)
  })
})

describe('who answers the survey', () => {
  test('says the share of those who were asked, and opens those who gave no score', async () => {
    const page = await open('demo', '/satisfaction')
    const rate = valueIn(await answer({ measures: ['csat_response_rate'] }), 'csat_response_rate')
    const silent = (rate.denominator ?? 0) - (rate.numerator ?? 0)
    expect(await panel(page, survey).textContent()).toContain(`${percent(rate.value)} `)
    await panel(page, survey)
      .getByRole('listitem')
      .nth(1)
      .getByRole('link', { name: count(silent), exact: true })
      .click()
    expect(await listed(page)).toBe(silent)
  })
})

describe('over time', () => {
  test('the response rate is that of the API in the grain that the reader chose', async () => {
    const page = await open('demo', '/satisfaction?compare=off&show=responses&grain=week')
    const { rows } = await answer({ measures: ['csat_response_rate'], dimensions: ['time'], grain: 'week' })
    await panel(page, time)
      .getByRole('button', { name: `${time} as a table` })
      .click()
    const shown = await cells(panel(page, time))
    expect(shown.length).toBe(rows.length)
    rows.forEach(({ values }, at) => {
      if (values[0]?.value !== null) expect(shown[at]?.[1]).toBe(percent(values[0]?.value))
    })
  })

  test('takes longer stretches of time where the short ones have too few answers', async () => {
    const page = await open('demo', '/satisfaction?compare=off')
    const [byDay, byWeek] = [
      await answer({ measures: ['csat_score'], dimensions: ['time'], grain: 'day' }),
      await answer({ measures: ['csat_score'], dimensions: ['time'], grain: 'week' }),
    ]
    const few = byDay.rows.filter(({ values }) => values[0]?.too_few).length
    expect(few, 'days with too few answers').toBeGreaterThan(byDay.rows.length / 2)
    const line = panel(page, time).getByRole('img')
    const known = byWeek.rows.flatMap(({ values }) => values[0]?.value ?? [])
    if (known.length === 0) await panel(page, time).getByText('Too few answers for a line').waitFor()
    else expect(await line.getAttribute('aria-label')).toContain(mean(Math.max(...known)))
  })
})

describe('what moves the score', () => {
  test.each(['topic', 'channel'])('by %s the scores are those of the API', async (by) => {
    const page = await open('demo', `/satisfaction?by=${by}`)
    const { drivers: all } = await drivers({ measure: 'csat_score', dimension: by })
    const topicName = await topicNames()
    const named = new Map(all.map((driver) => [by === 'topic' ? topicName(driver.key, driver.label) : channelName(driver.key), driver]))
    const shown = await cells(panel(page, moves))
    expect(shown.length).toBeGreaterThan(0)
    for (const [name = '', score, answers, sessions] of shown) {
      const driver = named.get(name)
      expect(driver, name).toBeDefined()
      expect(answers).toBe(count(driver?.value.denominator))
      expect(sessions).toBe(count(driver?.volume))
      if (!driver?.value.too_few) expect(score).toContain(mean(driver?.value.value))
    }
  })

  test('answers open their sessions', async () => {
    const page = await open('demo', '/satisfaction?by=channel')
    const { drivers: all } = await drivers({ measure: 'csat_score', dimension: 'channel' })
    const row = panel(page, moves).getByRole('row').nth(1)
    const name = (await row.getByRole('rowheader').textContent()) ?? ''
    await row.getByRole('link').first().click()
    expect(await listed(page)).toBe(all.find(({ key }) => name.startsWith(channelName(key)))?.value.denominator)
  })
})

describe('answers', () => {
  test.each([
    [reactions, 'likes'],
    [reactions, 'dislikes'],
    [generated, 'answered_answers'],
  ])('%s: %s is that of the API and opens sessions', async (title, measure) => {
    const page = await open('demo', '/satisfaction')
    const { value } = valueIn(await answer({ measures: [measure] }), measure)
    await panel(page, title)
      .getByRole('listitem')
      .getByRole('link', { name: count(value), exact: true })
      .first()
      .click()
    const sessions = await listed(page)
    expect(sessions).toBeGreaterThan(0)
    expect(sessions).toBeLessThanOrEqual(value ?? 0)
    expect(new URL(page.url()).searchParams.get('measure')).toBe(measure)
  })
})

describe('comments', () => {
  test('are those of the API, the latest first, and open their sessions', async () => {
    const page = await open('demo', '/satisfaction')
    const { period } = await answer({ measures: ['sessions'] })
    const { utterances } = await ask<UtterancePage>('demo', '/utterances/search', {
      zone,
      range: { from: period?.from, to: period?.to },
      source: ['csat_comment', 'reaction_comment'],
      limit: 10,
    })
    expect(utterances.length).toBeGreaterThan(0)
    expect((await cells(panel(page, comments))).map((row) => row[0])).toEqual(utterances.map(({ text }) => text))
    await panel(page, comments).getByRole('row').nth(1).getByRole('link').click()
    await page.getByRole('dialog').getByRole('heading', { name: 'Transcript' }).waitFor()
    expect(new URL(page.url()).searchParams.get('open')).toContain(utterances[0]?.conversation_id ?? '')
  })

  test('are all in the file, also those that are not loaded yet', async () => {
    const page = await open('demo', '/satisfaction?range=all')
    const { utterances } = await ask<UtterancePage>('demo', '/utterances/search', {
      zone,
      range: {},
      source: ['csat_comment', 'reaction_comment'],
      limit: 1000,
    })
    const loaded = await cells(panel(page, comments))
    expect(loaded.length).toBeLessThan(utterances.length)
    const href = await panel(page, comments).getByRole('link', { name: 'All comments as CSV' }).getAttribute('href')
    const file = await fetch(new URL(href ?? '', await serve('demo')))
    const lines = (await file.text()).trimEnd().split('\r\n').slice(1)
    expect(lines.map((line) => line.split(',')[0])).toEqual(utterances.map((one) => one.conversation_id))
  })
})

test('where nobody was asked the page says how to ask', async () => {
  const page = await open('demo', '/satisfaction?f=engagement:unengaged')
  const result = await answer({ measures: ['csat_asked'], filters: [{ dimension: 'engagement', values: ['unengaged'] }] })
  expect(valueIn(result, 'csat_asked').value).toBe(0)
  await page.getByText('Nobody was asked for a score here').waitFor()
  await page.getByText('rapport.csat').waitFor()
  expect(await panel(page, moves).count()).toBe(0)
})
