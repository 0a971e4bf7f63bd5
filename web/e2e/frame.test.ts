// What is around every page, used as people do: what the numbers are of, keys, filters, and what stands there without data.
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { Bot, Result } from '../src/api/types'
import { count } from '../src/format'
import { addDays, dayOf, presets } from '../src/view/ranges'
import { allow, ask, axe, blank, close, complete, demoOwn, failing, open, serve } from './harness'
import { pages } from './pages'

const zone = 'Europe/Paris'

function params(page: Page): URLSearchParams {
  return new URL(page.url()).searchParams
}

async function sessions(filters: { dimension: string; values: string[] }[] = [], range = {}): Promise<string> {
  const { results } = await ask<{ results: Result[] }>('demo', '/queries', { queries: [{ measures: ['sessions'], zone, filters, ...range }] })
  return count(results[0]?.total.values[0]?.value)
}

/** The figure of the card of sessions on Summary. */
function figure(page: Page, text: string) {
  return page.locator('main').getByText(text, { exact: true }).first()
}

describe('the range', () => {
  test('is chosen by a letter', async () => {
    const page = await open('demo', '/data')
    for (const { name, key } of presets) {
      if (name === '28d') continue
      await page.keyboard.press(key)
      await page.waitForURL((url) => url.searchParams.get('range') === name)
    }
    await page.keyboard.press('f')
    await page.waitForURL((url) => !url.searchParams.has('range'))
  })

  test('is any days, typed or pointed at, and a link to them means the same days', async () => {
    const page = await open('demo')
    const last = addDays(dayOf(new Date(), zone), -3)
    const first = addDays(last, -6)
    await page.keyboard.press('c')
    await page.getByLabel('First day').fill(first)
    await page.getByLabel('Last day').fill(last)
    await page.getByRole('button', { name: 'Apply' }).click()
    await page.waitForURL(new RegExp(`from=${first}&to=${last}`))
    await complete(page)
    await figure(page, await sessions([], { range: { from: first, to: last } })).waitFor()
    const words = await page.getByRole('button', { name: /^Range:/ }).textContent()
    await page.reload()
    await complete(page)
    expect(await page.getByRole('button', { name: /^Range:/ }).textContent()).toBe(words)
  })

  test('steps by its own length', async () => {
    const page = await open('demo', '/?range=7d')
    const today = dayOf(new Date(), zone)
    await page.keyboard.press('ArrowLeft')
    await page.waitForURL(new RegExp(`from=${addDays(today, -14)}&to=${addDays(today, -8)}`))
    await complete(page)
    await page.getByRole('button', { name: 'The period after' }).click()
    await page.waitForURL(new RegExp(`from=${addDays(today, -7)}&to=${addDays(today, -1)}`))
  })

  test('of all time counts everything, and is compared with nothing', async () => {
    const page = await open('demo', '/?range=all')
    await figure(page, await sessions([], { range: {} })).waitFor()
    await page.getByRole('button', { name: 'Comparison: No comparison' }).waitFor()
  })

  test('that holds nothing says where there is something', async () => {
    const page = await open('demo', '/?from=2001-01-01&to=2001-01-31')
    await page.getByRole('heading', { name: 'Nothing in this range' }).waitFor()
    await page.getByRole('button', { name: 'Show the last 28 days with data' }).click()
    await page.getByRole('heading', { name: 'Summary', exact: true }).waitFor()
  })

  test('that holds only what does not count says so, and shows it', async () => {
    const page = await open('eleven', '/?range=all')
    await page.getByRole('heading', { name: 'No chats with users in this range' }).waitFor()
    await page.getByText('Test canvas (11)').waitFor()
    await page.getByRole('button', { name: 'Show them' }).click()
    await page.waitForURL((url) => url.searchParams.get('f') === 'kind:design')
    await page.getByRole('heading', { name: 'Summary', exact: true }).waitFor()
  })
})

describe('what the numbers are of', () => {
  test('is compared or not with X, and with last year by choice', async () => {
    const page = await open('demo')
    await page.keyboard.press('x')
    await page.waitForURL(/compare=off/)
    await page.keyboard.press('x')
    await page.waitForURL((url) => !url.searchParams.has('compare'))
    await page.getByRole('button', { name: /^Comparison:/ }).click()
    await page.getByLabel('The same period last year').check()
    await page.getByLabel('Start on the same weekday').check()
    await page.waitForURL(/compare=year&weekday=match/)
  })

  test('is one bot by a digit, more by choice, and all of them with 0', async () => {
    const page = await open('demo')
    const { bots } = await ask<{ bots: Bot[] }>('demo', '/bots')
    const [one, two] = bots as [Bot, Bot]
    await page.keyboard.press('2')
    await page.waitForURL(new RegExp(`bot=${two.id}`))
    await complete(page)
    await figure(page, await sessions([{ dimension: 'bot', values: [two.id] }])).waitFor()
    await page.getByRole('button', { name: `Bots: ${two.name}` }).click()
    await page.getByRole('option', { name: one.name }).click()
    await page.getByRole('button', { name: 'Bots: 2 bots' }).waitFor()
    await figure(page, await sessions([{ dimension: 'bot', values: [one.id, two.id] }])).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('0')
    await page.waitForURL((url) => !url.searchParams.has('bot'))
  })

  test('is days of the viewer’s zone, or of any other', async () => {
    const page = await open('demo')
    expect(params(page).get('zone')).toBe(zone)
    await page.getByRole('button', { name: `Time zone: ${zone}` }).click()
    await page.keyboard.type('tokyo')
    await page.keyboard.press('Enter')
    await page.waitForURL(/zone=Asia%2FTokyo/)
    await page.locator('footer').getByText('Asia/Tokyo').waitFor()
  })

  test('is narrowed by filters that are added, changed, left out and taken away', async () => {
    const page = await open('demo')
    const whole = await sessions()
    await page.getByRole('button', { name: 'Filter', exact: true }).click()
    await page.getByRole('combobox').fill('chan')
    await page.keyboard.press('Enter')
    await page.getByRole('option', { name: 'Web chat' }).click()
    await page.getByRole('button', { name: 'Apply it' }).click()
    await page.waitForURL(/f=channel%3Awebchat/)
    await figure(page, await sessions([{ dimension: 'channel', values: ['webchat'] }])).waitFor()
    await page.getByRole('button', { name: 'Channel: Web chat', exact: true }).click()
    await page.getByText('Leave out').click()
    await page.getByRole('button', { name: 'Apply it' }).click()
    await page.waitForURL(/f=%21channel%3Awebchat/)
    await page.getByRole('button', { name: 'Remove: Channel is not Web chat' }).click()
    await figure(page, whole).waitFor()
  })

  test('can be narrowed too far, which one click undoes', async () => {
    const page = await open('demo', '/?f=channel:nowhere&f=locale:xx')
    await page.getByText('No session in this range passes the filters.').waitFor()
    await page.getByRole('button', { name: 'Remove the filters' }).click()
    await figure(page, await sessions()).waitFor()
  })

  test('is kept on the way to another page', async () => {
    const page = await open('demo', '/?range=91d&compare=year&f=channel:webchat')
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Topics' }).click()
    await page.waitForURL(/\/topics\?/)
    expect(params(page).toString()).toBe(
      new URLSearchParams([
        ['range', '91d'],
        ['compare', 'year'],
        ['zone', zone],
        ['f', 'channel:webchat'],
      ]).toString(),
    )
    await page.waitForFunction(() => document.title === 'Topics · Rapport')
    await page.goBack()
    await page.waitForFunction(() => document.title === 'Summary · Rapport')
  })

  test('says so when a definition is asked for that is not in force', async () => {
    allow(/status of 422/, /^status 422/)
    const page = await open('demo', '/?definition=nonsense')
    await page.getByRole('alert').getByText('is not in force').waitFor()
    await page.getByRole('button', { name: 'Count by the usual definition' }).click()
    await figure(page, await sessions()).waitFor()
  })
})

describe('keys', () => {
  test('lead to the search from any page', async () => {
    const page = await open('demo')
    await page.keyboard.press('/')
    await page.waitForURL(/\/sessions/)
    await page.waitForFunction(() => document.activeElement?.matches('input[type=search]'))
  })

  test('are explained with ? and can be turned off', async () => {
    const page = await open('demo')
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys and clicks' }).waitFor()
    expect(await axe(page)).toEqual([])
    await page.getByLabel('Single keys do these things').uncheck()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('w')
    await page.getByRole('button', { name: 'Keys and clicks' }).click()
    await page.getByLabel('Single keys do these things').check()
    expect(params(page).has('range')).toBe(false)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('w')
    await page.waitForURL(/range=7d/)
  })

  test('take all filters away with Esc', async () => {
    const page = await open('demo', '/?f=channel:webchat')
    await page.keyboard.press('Escape')
    await page.waitForURL((url) => !url.searchParams.has('f'))
  })

  test('skip to the page', async () => {
    const page = await open('demo')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')
  })
})

test('the theme that was chosen is there before anything is drawn', async () => {
  const page = await open('demo')
  await page.getByRole('button', { name: 'Theme: system' }).click()
  await page.getByText('Dark', { exact: true }).click()
  await page.addInitScript(() => {
    window.name = ''
    new MutationObserver(() => {
      if (document.querySelector('#root > *')) window.name ||= document.documentElement.dataset.theme ?? 'none'
    }).observe(document, { childList: true, subtree: true })
  })
  await page.reload()
  await page.waitForFunction(() => window.name !== '')
  expect(await page.evaluate(() => window.name)).toBe('dark')
})

describe('without data', () => {
  test('every page of numbers says how to get some', async () => {
    const page = await open('none')
    await page.getByRole('heading', { name: 'No conversations yet' }).waitFor()
    await page.getByRole('button', { name: 'Copy: rapport demo' }).click()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('rapport demo')
    await page.getByRole('link', { name: 'Go to Data' }).click()
    await page.waitForURL(/\/data/)
  })
})

describe('sample data', () => {
  test('is called so on every page', async () => {
    for (const path of Object.values(pages)) {
      const page = await open('demo', path)
      await page.getByText('This is sample data').waitFor()
      await close(page)
    }
  })

  test('is removed in two clicks', async () => {
    const server = await demoOwn('frame')
    try {
      const page = await blank(server.url)
      await page.goto('/')
      await complete(page)
      await page.getByRole('button', { name: 'Remove it' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Remove it' }).click()
      await page.getByRole('heading', { name: 'No conversations yet' }).waitFor()
      await page.getByText('This is sample data').waitFor({ state: 'detached' })
    } finally {
      server.end()
    }
  })
})

test('a server in trouble is said in words, with a way to ask again', async () => {
  const page = await blank(await serve('demo'))
  await failing(page, 'queries')
  await page.goto('/')
  await page.getByRole('alert').getByText('Made to fail').waitFor()
  await page.unroute('**/api/v1/queries')
  await page.getByRole('button', { name: 'Try again' }).first().click()
  await page.getByRole('heading', { name: 'Summary', exact: true }).waitFor()
})

test('an address that leads nowhere leads on to the summary', async () => {
  const page = await open('demo', '/no/such/page')
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor()
  await page.getByRole('link', { name: 'Go to the summary' }).click()
  await page.getByRole('heading', { name: 'Summary', exact: true }).waitFor()
})

test('a phone has every choice in one sheet', async () => {
  const page = await open('demo', '/', { width: 390 })
  await page.getByRole('button', { name: /^View:/ }).click()
  await page.getByRole('dialog', { name: 'View' }).waitFor()
  expect(await axe(page)).toEqual([])
  await page.getByRole('dialog').getByText('Bots', { exact: true }).click()
  await page.getByRole('option').first().click()
  await page.waitForURL(/bot=/)
  await page.getByRole('dialog').getByText('Range', { exact: true }).click()
  await page.getByRole('button', { name: 'Last 7 days' }).click()
  await page.waitForURL(/range=7d/)
  await page.getByRole('dialog').waitFor({ state: 'detached' })
})
