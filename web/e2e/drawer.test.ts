// One session and its transcript, used as its readers do: open, walk, follow a reason, send the link.
import type { Locator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { Activity, Conversation, Session, SessionPage } from '../src/api/types'
import { count } from '../src/format'
import { allow, ask, axe, complete, failing, open } from './harness'

const drawer = (page: Page) => page.getByRole('dialog')
const nameOf = (s: Session) => `${s.conversation_id}~${s.session}`

async function list(sort = '-started_at', limit = 4): Promise<Session[]> {
  return (await ask<SessionPage>('demo', '/sessions/search', { zone: 'Europe/Paris', sort, limit })).sessions
}

async function conversation(s: Session): Promise<Conversation> {
  const path = `/conversations/${encodeURIComponent(s.conversation_id)}?bot=${encodeURIComponent(s.bot_id)}`
  return (await ask<{ conversation: Conversation }>('demo', path)).conversation
}

function address(s: Session, path = '/sessions'): string {
  return `${path}?${new URLSearchParams({ open: nameOf(s), openbot: s.bot_id })}`
}

function opened(page: Page): string | null {
  return new URL(page.url()).searchParams.get('open')
}

async function isOpen(page: Page, s: Session) {
  await page.waitForFunction((name) => new URL(location.href).searchParams.get('open') === name, nameOf(s))
  await drawer(page).getByRole('heading', { name: 'Why' }).waitFor()
  await complete(page)
}

/** A session of a conversation that has several. */
async function oneOfSeveral(): Promise<{ session: Session; whole: Conversation }> {
  for (const session of await list('-started_at', 400)) {
    if (session.session < 2) continue
    const whole = await conversation(session)
    if (whole.sessions.length > 1) return { session, whole }
  }
  throw new Error('no conversation has several sessions')
}

function inSight(line: Locator): Promise<boolean> {
  return line.evaluate((element) => {
    const box = element.getBoundingClientRect()
    return box.top >= 0 && box.bottom <= innerHeight && box.height > 0
  })
}

describe('opening and closing', () => {
  test('a click opens a session, Esc closes it and gives the focus back', async () => {
    const page = await open('demo', '/sessions')
    const [first] = await list()
    const row = page.getByRole('table', { name: 'Sessions' }).getByRole('rowheader').first().getByRole('link')
    await row.click()
    await isOpen(page, first!)
    await drawer(page).getByRole('heading', { name: 'Why' }).waitFor()
    await page.keyboard.press('Escape')
    await drawer(page).waitFor({ state: 'detached' })
    expect(opened(page)).toBe(null)
    await page.waitForFunction(() => document.activeElement?.closest('tbody th') !== null && document.activeElement?.tagName === 'A')
  })

  test('Esc closes the drawer alone: the filters of the view stay', async () => {
    const page = await open('demo', '/sessions?f=channel:webchat')
    await page.getByRole('table', { name: 'Sessions' }).getByRole('rowheader').first().getByRole('link').click()
    await drawer(page).getByRole('heading', { name: 'Why' }).waitFor()
    await page.keyboard.press('Escape')
    await drawer(page).waitFor({ state: 'detached' })
    expect(new URL(page.url()).searchParams.getAll('f')).toEqual(['channel:webchat'])
  })

  test('Enter on a row opens it', async () => {
    const page = await open('demo', '/sessions')
    const [, second] = await list()
    await page.getByRole('table', { name: 'Sessions' }).getByRole('rowheader').nth(1).getByRole('link').focus()
    await page.keyboard.press('Enter')
    await isOpen(page, second!)
  })

  test('a link to a session opens it over any page, and its own link can be copied', async () => {
    const [session] = await list()
    const page = await open('demo', address(session!, '/outcomes'))
    await drawer(page).getByRole('heading', { name: session!.bot_name }).waitFor()
    await drawer(page).getByRole('button', { name: 'Copy link' }).click()
    await drawer(page).getByText('Link copied').waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url())
  })

  test('a conversation that is not there says so', async () => {
    allow(/404/)
    const page = await open('demo', '/sessions?open=nobody~1')
    await drawer(page).getByText('This conversation is not here').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('heading', { level: 1, name: 'Sessions' }).waitFor()
  })

  test('a failure says so and can be tried again', async () => {
    const [session] = await list()
    const page = await open('demo', '/sessions')
    await failing(page, 'conversations/**')
    await page.goto(address(session!))
    await drawer(page).getByText('made to fail').waitFor()
    await page.unroute('**/api/v1/conversations/**')
    await drawer(page).getByRole('button', { name: 'Try again' }).click()
    await drawer(page).getByRole('heading', { name: 'Why' }).waitFor()
  })
})

describe('walking through the list', () => {
  test.each([
    ['j', 'k'],
    ['ArrowRight', 'ArrowLeft'],
  ])('%s and %s', async (forth, back) => {
    const page = await open('demo', '/sessions?sort=-turns')
    const [first, second, third] = await list('-turns')
    await page.getByRole('table', { name: 'Sessions' }).getByRole('rowheader').first().getByRole('link').click()
    await isOpen(page, first!)
    await page.keyboard.press(forth)
    await isOpen(page, second!)
    await page.keyboard.press(forth)
    await isOpen(page, third!)
    await drawer(page)
      .getByText(/^3 of /)
      .waitFor()
    await page.keyboard.press(back)
    await isOpen(page, second!)
    // The arrows step through time when nothing is open; here they must not.
    expect(new URL(page.url()).searchParams.has('from')).toBe(false)
    expect(await page.locator('main tr[aria-current=true]').count()).toBe(1)
  })

  test('ends at the ends', async () => {
    const [first] = await list()
    const page = await open('demo', '/sessions')
    await page.getByRole('table', { name: 'Sessions' }).getByRole('rowheader').first().getByRole('link').click()
    await isOpen(page, first!)
    expect(await drawer(page).getByRole('button', { name: 'Previous session' }).isDisabled()).toBe(true)
    await page.keyboard.press('k')
    expect(opened(page)).toBe(nameOf(first!))
    await drawer(page).getByRole('button', { name: 'Next session' }).click()
    await isOpen(page, (await list())[1]!)
  })
})

describe('the transcript', () => {
  test('has every message in order, and every system event behind its button', async () => {
    const [session] = await list('-turns', 1)
    const { activities } = await conversation(session!)
    const page = await open('demo', address(session!))
    const said = activities.filter((a: Activity) => a.type === 'message')
    const lines = await drawer(page)
      .locator('[data-kind=message] [dir=auto]:first-child')
      .evaluateAll((all) => all.map((one) => one.textContent?.replace(/^(User|Bot): /, '')))
    expect(lines).toEqual(said.map((a) => a.text))
    const button = drawer(page).getByRole('button', { name: /^Show .* system events?$/ })
    const events = Number((await button.textContent())?.replaceAll(/[^0-9]/g, ''))
    expect(await drawer(page).locator('[data-kind=system] code').count()).toBe(0)
    await button.click()
    await drawer(page).locator('[data-kind=system] code').first().waitFor()
    expect(await drawer(page).locator('[data-kind=system] code').count()).toBe(events)
    const notes = await drawer(page).locator('[data-kind=note]').count()
    expect(said.length + events + notes).toBe(activities.length)
  })

  test('begins at the session that was opened; the others are a click away', async () => {
    const { session, whole } = await oneOfSeveral()
    const page = await open('demo', address(session))
    await drawer(page)
      .getByText(`Session ${count(session.session)} of ${count(whole.sessions.length)} in this conversation`)
      .waitFor()
    const own = drawer(page).getByRole('heading', { level: 4, name: new RegExp(`^Session ${session.session}`) })
    await page.waitForFunction((n) => {
      const heads = [...document.querySelectorAll('[role=dialog] h4')]
      const box = heads.find((head) => head.textContent?.startsWith(`Session ${n}`))?.getBoundingClientRect()
      return box !== undefined && box.top > 0 && box.bottom <= innerHeight
    }, session.session)
    expect(await own.getByRole('button').count()).toBe(0)
    const first = drawer(page)
      .getByRole('heading', { level: 4, name: /^Session 1/ })
      .getByRole('button')
    await first.click()
    await isOpen(page, { ...session, session: 1 })
    await drawer(page)
      .getByText(`Session 1 of ${count(whole.sessions.length)}`)
      .waitFor()
  })

  test('draws long silences, and marks what was not understood', async () => {
    const page = await open('demo', '/sessions?range=all&measure=unrecognised_session_rate')
    await page.getByRole('table', { name: 'Sessions' }).getByRole('rowheader').first().getByRole('link').click()
    await complete(page)
    await drawer(page).getByText('Not understood').first().waitFor()
    const { session } = await oneOfSeveral()
    await page.goto(address(session))
    await complete(page)
    await drawer(page).locator('[data-kind=gap]', { hasText: 'later' }).first().waitFor()
  })

  test('of five thousand messages draws those in sight', async () => {
    const [session] = await list()
    const page = await open('demo', '/sessions')
    await page.route('**/api/v1/conversations/**', async (route) => {
      const response = await route.fetch()
      const body = (await response.json()) as { conversation: Conversation }
      const { activities } = body.conversation
      const one = activities.find((a) => a.type === 'message')!
      for (let n = 0; n < 5000; n++) activities.push({ ...one, text: `message number ${n}`, session: session!.session, evidence: [] })
      await route.fulfill({ response, json: body })
    })
    await page.goto(address(session!))
    await complete(page)
    expect(await drawer(page).locator('[data-kind]').count()).toBeLessThan(100)
    await page.waitForFunction(() => {
      const lines = document.querySelector('[role=dialog] ol[style]')?.parentElement
      lines?.scrollTo(0, lines.scrollHeight)
      return document.querySelector('[role=dialog]')?.textContent?.includes('message number 4999')
    })
    expect(await drawer(page).locator('[data-kind]').count()).toBeLessThan(100)
  })

  test('shows whatever people write as text', async () => {
    const [session] = await list()
    const text = '<img src=x onerror="document.title=1">שלום 👋 ' + 'w'.repeat(300)
    const page = await open('demo', '/sessions')
    await page.route('**/api/v1/conversations/**', async (route) => {
      const response = await route.fetch()
      const body = (await response.json()) as { conversation: Conversation }
      for (const a of body.conversation.activities) if (a.type === 'message') a.text = text
      await route.fulfill({ response, json: body })
    })
    await page.goto(address(session!))
    await complete(page)
    await drawer(page).getByText(text).first().waitFor()
    expect(await drawer(page).locator('img').count()).toBe(0)
    const wide = await drawer(page).evaluate((box) => [...box.querySelectorAll('*')].some((e) => e.scrollWidth > box.clientWidth + 1))
    expect(wide).toBe(false)
  })
})

describe('why', () => {
  test('each sentence leads to what the rule saw', async () => {
    const page = await open('demo', '/sessions?measure=escalated_sessions')
    await page.getByRole('table', { name: 'Sessions' }).getByRole('rowheader').first().getByRole('link').click()
    await complete(page)
    const why = drawer(page).getByRole('region', { name: 'Why' })
    await why.waitFor()
    const subjects = await why.locator('ol').first().locator('li > span:first-child').allTextContents()
    expect(subjects).toEqual(expect.arrayContaining(['Opened', 'Engaged', 'Outcome', 'Ended']))
    await why.getByText('Escalated', { exact: false }).first().click()
    await page.waitForFunction(() => document.activeElement?.matches('[role=dialog] [data-kind]') ?? false)
    const line = drawer(page).locator('[data-kind]:focus')
    expect(await inSight(line)).toBe(true)
  })

  test('every rule is there, with the definition that they are of', async () => {
    const [session] = await list()
    const whole = await conversation(session!)
    const rules = whole.sessions.find((s) => s.session === session!.session)?.evidence ?? []
    const page = await open('demo', address(session!))
    const why = drawer(page).getByRole('region', { name: 'Why' })
    await why.getByText('Every rule, in order').click()
    await why.locator('details code').first().waitFor()
    expect(await why.locator('details code').allTextContents()).toEqual(rules.map((e) => e.rule))
    await why.getByRole('link', { name: session!.definition }).waitFor()
  })
})

test.each(['light', 'dark'] as const)('nothing that axe finds serious, %s', async (theme) => {
  const { session } = await oneOfSeveral()
  const page = await open('demo', address(session), { theme })
  await drawer(page).getByRole('region', { name: 'Why' }).waitFor()
  expect(await axe(page)).toEqual([])
  await page.setViewportSize({ width: 390, height: 844 })
  await complete(page)
  expect(await axe(page)).toEqual([])
})
