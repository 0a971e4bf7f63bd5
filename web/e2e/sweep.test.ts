// Every page in every look: nothing fails, nothing leaves the machine, axe finds nothing serious, nothing is wider than the window. And a
// picture of each, for people to look at.
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { ask, axe, close, complete, type Data, open, picture, type Theme } from './harness'
import { pages } from './pages'

const all = [...Object.keys(pages), 'Topic', 'Session']

/** Where a page is with this data; undefined where the data has nothing to show on it. */
async function addressOf(data: Data, name: string): Promise<string | undefined> {
  const path = name === 'Topic' ? await aTopic(data) : name === 'Session' ? await aSession(data) : pages[name as keyof typeof pages]
  // The recorded conversations are test traffic of 2024: they are shown when somebody asks for them.
  return path && data === 'eleven' ? `${path}${path.includes('?') ? '&' : '?'}range=all&f=kind:design` : path
}

function everything(data: Data) {
  return data === 'eleven' ? { range: {}, filters: [{ dimension: 'kind', values: ['design'] }] } : {}
}

async function aTopic(data: Data): Promise<string | undefined> {
  const { results } = await ask<{ results: { rows: { keys: string[] }[] }[] }>(data, '/queries', {
    queries: [{ measures: ['sessions'], dimensions: ['topic'], sort: '-sessions', limit: 2, ...everything(data) }],
  })
  const id = results[0]?.rows.map(({ keys }) => keys[0]).find(Boolean)
  return id && `/topics/${encodeURIComponent(id)}`
}

async function aSession(data: Data): Promise<string | undefined> {
  if (data === 'million') return undefined // its sessions have no transcripts
  const found = await ask<{ sessions: { conversation_id: string; session: number; bot_id: string }[] }>(data, '/sessions/search', {
    measure: 'engaged_sessions',
    limit: 1,
    ...everything(data),
  })
  const [one] = found.sessions
  return one && `/sessions?open=${encodeURIComponent(`${one.conversation_id}~${one.session}`)}&openbot=${encodeURIComponent(one.bot_id)}`
}

/** What is wrong with a page as it stands, a line each. */
async function faultsOf(page: Page): Promise<string[]> {
  const faults = await axe(page)
  const { wider, headings } = await page.evaluate(() => ({
    wider: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    headings: document.querySelectorAll('h1').length,
  }))
  if (wider > 0) faults.push(`the page is ${wider} pixels wider than its window`)
  if (headings !== 1) faults.push(`the page has ${headings} headings of the first rank`)
  const title = await page.title()
  if (!title.includes('Rapport')) faults.push(`the window is called "${title}"`)
  return faults
}

interface Looks {
  width: number
  themes: Theme[]
}

/** Looks at a page in every way and takes a picture of each. It returns what is wrong, each fault once, with the looks that have it. */
async function sweep(data: Data, name: string, looks: Looks[]): Promise<string[]> {
  const path = await addressOf(data, name)
  const faults = new Map<string, string[]>()
  for (const { width, themes } of path ? looks : []) {
    const page = await open(data, path, { theme: themes[0]!, width })
    for (const theme of themes) {
      await page.emulateMedia({ colorScheme: theme })
      await complete(page)
      await picture(page, `${data}/${name.toLowerCase()}-${theme}-${width}`)
      for (const fault of await faultsOf(page)) faults.set(fault, [...(faults.get(fault) ?? []), `${theme} ${width}`])
    }
    await close(page)
  }
  return [...faults].map(([fault, where]) => `${fault} [${where.join(', ')}]`)
}

const everyLook: Looks[] = [1440, 1024, 390].map((width) => ({ width, themes: ['light', 'dark'] }))
const twoLooks: Looks[] = [
  { width: 1440, themes: ['light'] },
  { width: 390, themes: ['dark'] },
]

test.each(all)('demo: %s', { timeout: 120_000 }, async (name) => {
  expect(await sweep('demo', name, everyLook)).toEqual([])
})

describe.each<Data>(['none', 'eleven', 'million'])('%s', (data) => {
  test.each(all)('%s', { timeout: 240_000 }, async (name) => {
    expect(await sweep(data, name, twoLooks)).toEqual([])
  })
})
