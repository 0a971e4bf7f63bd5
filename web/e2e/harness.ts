// What every browser test needs: a page of the real program with data, and the certainty that nothing went wrong unseen.
//
// RAPPORT_URL=http://127.0.0.1:5101 takes the pages from a development server instead of the program's own; answers still come from the
// program, with the data that the test asked for. CHROMIUM names the browser, /usr/bin/chromium by default.
import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, expect } from 'vitest'
import { complete, watch } from './complete'
import { type Data, serve } from './server'

export { complete } from './complete'
export { type Data, demoOwn, program, serve, serveOwn, sessions, testdata } from './server'

export type Theme = 'light' | 'dark'

export interface Look {
  theme?: Theme
  /** Of the window: 1440, 1024 or 390. */
  width?: number
  /** Of the viewer. */
  zone?: string
}

let browser: Browser | undefined
const opened = new Set<BrowserContext>()
const faults: string[] = []
const allowed: RegExp[] = []

/** Opens a page of the dashboard and waits until it is complete. It is closed after the test, which fails when anything went wrong in it. */
export async function open(data: Data, path = '/', look: Look = {}): Promise<Page> {
  const page = await blank(await serve(data), look)
  await page.goto(path)
  await complete(page)
  return page
}

/** A page that has gone nowhere yet, for a server's address. */
export async function blank(server: string, { theme = 'light', width = 1440, zone = 'Europe/Paris' }: Look = {}): Promise<Page> {
  browser ??= await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
  const pages = process.env.RAPPORT_URL ?? server
  const context = await browser.newContext({
    baseURL: pages,
    viewport: { width, height: width < 700 ? 844 : 900 },
    colorScheme: theme,
    reducedMotion: 'reduce',
    timezoneId: zone,
    locale: 'en-GB',
    hasTouch: width < 700,
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  opened.add(context)
  await context.addInitScript(watch)
  if (pages !== server) {
    await context.route(`${pages}/api/**`, async (route) => {
      const asked = route.request()
      const response = await route.fetch({ url: asked.url().replace(pages, server), headers: { ...asked.headers(), origin: server } })
      await route.fulfill({ response })
    })
  }
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  listen(page)
  return page
}

/** Closes a page before its test is over. */
export async function close(page: Page) {
  opened.delete(page.context())
  await page.context().close()
}

/** Notes what must not happen. */
function listen(page: Page) {
  const note = (text: string) => {
    if (!allowed.some((pattern) => pattern.test(text))) faults.push(`${text} (at ${page.url()})`)
  }
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') note(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => note(`error: ${error.message}`))
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url())
    if (protocol.startsWith('http') && hostname !== '127.0.0.1') note(`a request leaves the machine: ${request.url()}`)
  })
  page.on('requestfailed', (request) => {
    // Whoever goes on to another page wants the answer no more, and a download is no page.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') note(`request failed: ${request.url()} ${request.failure()?.errorText ?? ''}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400) note(`status ${response.status()}: ${response.url()}`)
  })
}

/** Says that a test makes something go wrong on purpose. It holds until the test is over. */
export function allow(...patterns: RegExp[]) {
  allowed.push(...patterns)
}

/** Lets requests to one part of the API fail, as they would when the server has trouble. */
export async function failing(page: Page, part: string, status = 500) {
  allow(/status of \d+/, new RegExp(`^status ${status}`))
  await page.route(`**/api/v1/${part}`, (route) =>
    route.fulfill({
      status,
      contentType: 'application/problem+json',
      body: JSON.stringify({ title: 'x', status, detail: 'made to fail', code: 'internal' }),
    }),
  )
}

afterEach(async () => {
  // What is still asked for by then is wanted no more.
  await Promise.all([...opened].map((context) => context.unrouteAll({ behavior: 'ignoreErrors' }).then(() => context.close())))
  opened.clear()
  const happened = faults.splice(0)
  allowed.length = 0
  expect(happened, 'what went wrong in the page').toEqual([])
})

afterAll(async () => {
  await browser?.close()
  browser = undefined
})

/** Asks the API what a page asks it, to compare. Without a body it is a GET. */
export async function ask<T>(data: Data, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${await serve(data)}/api/v1${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path}: status ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as T
}

interface Finding {
  id: string
  impact?: string | null
  nodes: { target: unknown[]; failureSummary?: string }[]
}

const axeSource = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds that is serious or critical: a line each. */
export async function axe(page: Page): Promise<string[]> {
  await page.evaluate(await axeSource)
  const findings = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<{ violations: Finding[] }> } }
    return (await axe.run()).violations
  })
  return findings
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, impact, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} (${impact ?? ''}): ${target.join(' ')}: ${failureSummary ?? ''}`),
    )
}

const pictures = resolve(import.meta.dirname, 'pictures')

/** Takes a picture of the page to e2e/pictures, for people to look at: of all of it, or of the window where something lies over the page. */
export async function picture(page: Page, name: string) {
  await mkdir(pictures, { recursive: true })
  const covered = (await page.getByRole('dialog').count()) > 0
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: !covered, animations: 'disabled' })
}
