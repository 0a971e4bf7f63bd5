// The page about the data itself, used as an engineer does: bring files, see where every record went, take an import back.
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Bot, Import, Result } from '../src/api/types'
import { count } from '../src/format'
import { ask, blank, complete, failing, open, serveOwn, testdata } from './harness'

const file = testdata('dataverse', 'conversationtranscripts.json')
const panel = (page: Page, name: string | RegExp) => page.getByRole('region', { name })

describe('what is there', () => {
  test('adds up, as the API says', async () => {
    const page = await open('demo', '/data')
    const { imports } = await ask<{ imports: Import[] }>('demo', '/imports')
    const sum = (key: 'read' | 'accepted' | 'duplicate' | 'superseded' | 'quarantined') => imports.reduce((n, one) => n + one[key], 0)
    const words = await panel(page, 'Where every record went').getByText('read', { exact: false }).first().locator('..').textContent()
    expect(words).toBe(
      `${count(sum('read'))} read=${count(sum('accepted'))} accepted+${count(sum('duplicate'))} duplicate` +
        `+${count(sum('superseded'))} superseded+${count(sum('quarantined'))} quarantined`,
    )
    await page.getByText('Every record is accounted for.').waitFor()
  })

  test('says how fresh each bot is, the most silent first', async () => {
    const page = await open('demo', '/data')
    const { bots } = await ask<{ bots: Bot[] }>('demo', '/bots')
    const names = await page.getByRole('table', { name: 'Last session of each bot' }).getByRole('rowheader').allTextContents()
    const byAge = bots.toSorted((a, b) => (a.last_at ?? '').localeCompare(b.last_at ?? ''))
    expect(names).toEqual(byAge.map((bot) => bot.name))
    await page.getByText('These counts hold sessions of every kind, test traffic too').waitFor()
  })

  test('names the test traffic that numbers leave out, and leads to it', async () => {
    const page = await open('demo', '/data?range=all')
    const query = { measures: ['sessions'], dimensions: ['kind'], range: {}, zone: 'Europe/Paris' }
    const { results } = await ask<{ results: Result[] }>('demo', '/queries', { queries: [query] })
    const design = results[0]?.rows.find((row) => row.keys[0] === 'design')?.values[0]?.value ?? 0
    expect(design).toBeGreaterThan(0)
    await panel(page, 'Test traffic')
      .getByRole('link', { name: count(design), exact: true })
      .click()
    await complete(page, '/sessions')
    await page.getByRole('heading', { level: 2, name: `${count(design)} sessions` }).waitFor()
  })

  test('one panel that fails leaves the others alone', async () => {
    const page = await open('demo', '/data')
    await failing(page, 'imports')
    await page.reload()
    await panel(page, 'Imports').getByText('made to fail').waitFor()
    await page.getByRole('table', { name: 'Last session of each bot' }).waitFor()
    await page.unroute('**/api/v1/imports')
    await panel(page, 'Imports').getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('table', { name: 'Imports' }).waitFor()
  })

  test('where there is nothing it says how to begin', async () => {
    const page = await open('none', '/data')
    await page.getByText('Nothing has been imported yet').waitFor()
    await page.getByRole('button', { name: 'Choose files' }).waitFor()
  })
})

describe('the platform against the rules', () => {
  test('agreement is said field by field, and a difference opens its session', async () => {
    const page = await open('demo', '/data')
    const box = panel(page, 'The platform and the rules')
    await box.getByLabel('Compare with').selectOption('user-replied')
    await box.getByRole('button', { name: 'Compare', exact: true }).click()
    await box.getByText('read again by user-replied@1').waitFor()
    await box.getByRole('list', { name: 'Share of sessions in which both say the same' }).getByText('Engaged or not').waitFor()
    await box.getByLabel('Show').selectOption('type')
    const first = box.getByRole('table', { name: 'Differences' }).getByRole('row').nth(1)
    expect(await first.textContent()).toContain('Engaged or not')
    await first.getByRole('link').first().click()
    await page.getByRole('dialog').getByRole('heading', { name: 'Why' }).waitFor()
    await page.keyboard.press('j')
    await page
      .getByRole('dialog')
      .getByText(/^2 of /)
      .waitFor()
  })
})

describe('bringing files', () => {
  let server: Awaited<ReturnType<typeof serveOwn>>
  beforeAll(async () => {
    server = await serveOwn('uploads')
  })
  afterAll(() => server.end())

  const imports = async () => ((await (await fetch(`${server.url}/api/v1/imports`)).json()) as { imports: Import[] }).imports

  async function page() {
    const page = await blank(server.url)
    await page.goto('/data')
    await complete(page)
    return page
  }

  test('by the button: sent, imported, accounted for, counted once', async () => {
    const here = await page()
    const uploaded = here.locator('ol li', { hasText: 'conversationtranscripts.json' })
    await here.getByLabel('Files to import').setInputFiles(file)
    await uploaded.getByText('Every record is accounted for.').waitFor()
    const [first] = await imports()
    expect(first?.accepted).toBeGreaterThan(0)
    expect(await uploaded.textContent()).toContain(`${count(first?.accepted)} accepted`)
    await here.getByRole('table', { name: 'Imports' }).getByRole('rowheader', { name: 'conversationtranscripts.json' }).waitFor()

    await here.getByLabel('Files to import').setInputFiles(file)
    await uploaded
      .nth(1)
      .getByText(`${count(first?.read)} duplicate`)
      .waitFor()
    await here.getByRole('table', { name: 'Imports' }).getByRole('rowheader').nth(1).waitFor()
    // The sessions are there without a reload.
    await here.getByRole('table', { name: 'Last session of each bot' }).waitFor()
  })

  test('by drop: what cannot be read is kept, with the reason, and can be downloaded', async () => {
    const here = await page()
    const drop = await here.evaluateHandle(() => {
      const data = new DataTransfer()
      data.items.add(new File(['{"conversationtranscriptid":"x","content":"{"}\nnot json\n'], 'broken.jsonl'))
      return data
    })
    const area = here.getByRole('group', { name: 'Add conversations' })
    await area.dispatchEvent('dragover', { dataTransfer: drop })
    await area.dispatchEvent('drop', { dataTransfer: drop })
    await here.locator('ol li', { hasText: 'broken.jsonl' }).getByText('Every record is accounted for.').waitFor()
    const [latest] = await imports()
    expect(latest?.quarantined).toBeGreaterThan(0)
    await here.getByRole('table', { name: 'Imports' }).getByRole('link', { name: 'broken.jsonl' }).click()
    const details = here.getByRole('dialog', { name: 'broken.jsonl' })
    await details.getByText(latest?.reasons[0]?.reason ?? '').waitFor()
    const [download] = await Promise.all([here.waitForEvent('download'), details.getByRole('link', { name: 'Rejects, JSON Lines' }).click()])
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n')
    expect(lines).toHaveLength(latest?.quarantined ?? -1)
    // What is open stands in the address.
    await here.reload()
    await details.waitFor()
    await here.keyboard.press('Escape')
    await details.waitFor({ state: 'detached' })
    expect(new URL(here.url()).searchParams.has('import')).toBe(false)
  })

  test('an import is taken back only when asked twice', async () => {
    const here = await page()
    const before = await imports()
    const target = before.findLast((one) => one.accepted > 0)
    const row = here
      .getByRole('table', { name: 'Imports' })
      .getByRole('row', { name: /conversationtranscripts/ })
      .last()
    await row.getByRole('link').click()
    await here.getByRole('dialog').getByRole('button', { name: 'Take back' }).click()
    const sure = here.getByRole('dialog', { name: 'Take back conversationtranscripts.json?' })
    expect(await sure.textContent()).toContain(`${count(target?.accepted)} accepted records`)
    await sure.getByRole('button', { name: 'Keep it' }).click()
    expect((await imports()).every((one) => one.removed_at === null)).toBe(true)
    await here.getByRole('dialog').getByRole('button', { name: 'Take back' }).click()
    await sure.getByRole('button', { name: 'Take it back' }).click()
    await row.getByText('taken back').waitFor()
    expect((await imports()).find((one) => one.id === target?.id)?.removed_at).not.toBe(null)
  })

  test('a file that is too large is not sent at all', async () => {
    const here = await blank(server.url)
    await here.route('**/api/v1/status', async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, json: { ...((await response.json()) as object), upload_bytes: 100 } })
    })
    const before = await imports()
    await here.goto('/data')
    await complete(here)
    await here.getByLabel('Files to import').setInputFiles(file)
    await here.getByText('is larger than the 100 B that this server takes at once').waitFor()
    expect(await imports()).toHaveLength(before.length)
  })
})
