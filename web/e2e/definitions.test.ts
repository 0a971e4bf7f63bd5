// Definitions: read the rules, compare two of them, put one in force and take it out again.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DefinitionDetail } from '../src/api/types'
import { count } from '../src/format'
import { allow, ask, axe, blank, complete, open, serveOwn, testdata } from './harness'

describe('the rules', () => {
  test('of the definition that is shown are there in words, each with its key', async () => {
    const page = await open('demo', '/definitions')
    const { keys } = await ask<DefinitionDetail>('demo', '/definitions/platform')
    const panel = page.getByRole('region', { name: 'The rules of platform' })
    expect(await panel.getByRole('listitem').count()).toBe(keys.length)
    const text = await panel.innerText()
    for (const { key } of keys) expect(text).toContain(key)
    await panel.getByText('It ends after more than 30 minutes of silence.').waitFor()
  })

  test('say where they come from when asked, from the keyboard too', async () => {
    const page = await open('demo', '/definitions')
    const { keys } = await ask<DefinitionDetail>('demo', '/definitions/platform')
    const sources = keys.map(({ source }) => source).filter((source) => source !== '')
    expect(sources.length).toBeGreaterThan(0)
    const panel = page.getByRole('region', { name: 'The rules of platform' })
    const before = await panel.innerText()
    for (const source of sources) expect(before).not.toContain(source)
    await panel.getByText('Sources', { exact: true }).focus()
    await page.keyboard.press('Enter')
    await panel.getByText(sources[0] ?? '', { exact: true }).waitFor()
    const after = await panel.innerText()
    for (const source of sources) expect(after).toContain(source)
    expect(await axe(page)).toEqual([])
  })

  test('of another are a click away, and in the address', async () => {
    const page = await open('demo', '/definitions')
    await page.getByRole('button', { name: 'Read the rules of user-replied' }).click()
    await page
      .getByRole('region', { name: 'The rules of user-replied' })
      .getByText('Engaged when the user sent a message, or the session was escalated.')
      .waitFor()
    expect(new URL(page.url()).searchParams.get('rules')).toBe('user-replied')
  })

  test('are there as a table with every key as the file has it', async () => {
    const page = await open('demo', '/definitions?rules=studio-2026')
    const panel = page.getByRole('region', { name: 'The rules of studio-2026' })
    await panel.getByRole('button', { name: /as a table/ }).click()
    const row = panel.getByRole('row').filter({ hasText: 'engagement.engaged_by' })
    expect(await row.textContent()).toContain('custom_topic, escalation, fallback, boosting, plan_step')
  })
})

interface Compared {
  result: { comparison: { differing_sessions: number; a: { engaged: number }; b: { engaged: number } } }
}

describe('a comparison', () => {
  test('says what differs on this data, and opens a session that does', async () => {
    const page = await open('demo', '/definitions?tab=compare&b=user-replied')
    await page.getByRole('button', { name: 'Compare', exact: true }).click()
    await page.getByRole('heading', { name: 'Sessions that differ' }).waitFor()
    const id = new URL(page.url()).searchParams.get('diff') ?? ''
    const { result } = await ask<Compared>('demo', `/jobs/${id}`)
    await page.getByText(`${count(result.comparison.differing_sessions)} sessions differ`).waitFor()
    const engaged = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'Engaged', exact: true }) })
    expect(await engaged.locator('td').allTextContents()).toEqual(
      expect.arrayContaining([count(result.comparison.a.engaged), count(result.comparison.b.engaged)]),
    )

    // By the field that differs, and then one of its sessions.
    await page.getByRole('list', { name: 'In how many sessions each differs' }).getByRole('button', { name: 'engagement', exact: true }).click()
    await page.getByRole('heading', { name: 'Sessions that differ in engagement' }).waitFor()
    await page
      .getByRole('table', { name: /^Sessions that differ/ })
      .getByRole('rowheader')
      .first()
      .getByRole('link')
      .click()
    await page.getByRole('dialog').getByRole('heading', { name: 'Transcript' }).waitFor()
    expect(new URL(page.url()).searchParams.get('field')).toBe('engaged')

    // The address opens it again, drawer and all.
    await page.reload()
    await page.getByRole('dialog').getByRole('heading', { name: 'Transcript' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('heading', { name: 'Sessions that differ in engagement' }).waitFor()
    expect(await axe(page)).toEqual([])
  })

  test('that the server keeps no more says so', async () => {
    allow(/404/)
    const page = await open('demo', '/definitions?tab=compare&diff=0123456789abcdef')
    await page.getByText('The server no longer keeps this comparison').waitFor()
  })
})

describe('putting in force', () => {
  let server: Awaited<ReturnType<typeof serveOwn>>
  beforeAll(async () => {
    server = await serveOwn('definitions', (folder) => ['import', '--quiet', '--data', folder, testdata('dataverse', 'conversationtranscripts.json')])
  })
  afterAll(() => server.end())

  async function visit(path: string): Promise<Page> {
    const page = await blank(server.url)
    await page.goto(path)
    await complete(page)
    return page
  }

  test('a preset: it can then be shown, and taken out again', async () => {
    const page = await visit('/definitions')
    await page.getByRole('button', { name: 'Put in force: user-replied' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Put in force' }).click()
    const card = page.getByRole('listitem').filter({ has: page.getByRole('button', { name: 'Read the rules of user-replied' }) })
    await card.getByRole('button', { name: 'Show in the dashboard' }).click()
    await page.waitForURL(/definition=user-replied/)
    await card.getByText('Shown in the dashboard').waitFor()

    await card.getByRole('button', { name: 'Take user-replied out of force' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Take out of force' }).click()
    await page.getByRole('button', { name: 'Put in force: user-replied' }).waitFor()
    // The dashboard does not go on asking for what is gone.
    await page.waitForURL((url) => !url.searchParams.has('definition'))
  })

  test('asks first, and does nothing on a no', async () => {
    const page = await visit('/definitions')
    await page.getByRole('button', { name: 'Put in force: studio-2024' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(((await (await fetch(`${server.url}/api/v1/definitions`)).json()) as { definitions: unknown[] }).definitions).toHaveLength(1)
  })

  test('one’s own, after its mistake is said in the words of the API', async () => {
    allow(/422/)
    const page = await visit('/definitions')
    const source = page.getByRole('textbox', { name: 'Your definition, as YAML' })
    const own = page.getByRole('region', { name: 'Your own definition' })
    await source.fill('name: ours\nextends: platform\nsession:\n  idle_timout: 36m\n')
    await own.getByRole('button', { name: 'Put in force' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Put in force' }).click()
    await own.getByText('did you mean "session.idle_timeout"?').waitFor()

    await source.fill('name: ours\nextends: platform\nsession:\n  idle_timeout: 36m\n')
    await own.getByRole('button', { name: 'Put in force' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Put in force' }).click()
    await page.getByRole('button', { name: 'Read the rules of ours' }).click()
    await page.getByRole('region', { name: 'The rules of ours' }).getByText('It ends after more than 36 minutes of silence.').waitFor()
  })

  test('a file of one’s own can be chosen, and compared before', async () => {
    const page = await visit('/definitions')
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'mine.yaml', mimeType: 'text/yaml', buffer: Buffer.from('name: mine\nextends: user-replied\n') })
    await page.getByRole('region', { name: 'Your own definition' }).getByRole('button', { name: 'Compare' }).click()
    await page.getByRole('button', { name: 'Compare', exact: true }).click()
    await page.getByText(/sessions differ, in|No difference/).waitFor()
  })
})
