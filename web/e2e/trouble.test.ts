// What goes wrong around the dashboard: a server that is away, parts that do not come, addresses that cannot be.
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { Result } from '../src/api/types'
import { count } from '../src/format'
import { allow, ask, axe, blank, complete, open, serve } from './harness'

describe('a server that was away', () => {
  test('is found again without a click', async () => {
    const page = await open('demo')
    allow(/ERR_CONNECTION_REFUSED/)
    await page.route('**/api/v1/**', (route) => route.abort('connectionrefused'))
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Topics' }).click()
    await page.getByText('Rapport cannot be reached.').first().waitFor()
    await page.unroute('**/api/v1/**')
    // Whoever has restarted the server comes back to this window.
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })))
    await page.getByRole('table').waitFor()
    await complete(page, '/topics')
    expect(await page.getByText('Rapport cannot be reached.').count()).toBe(0)
  })

  test('is found again by one click', async () => {
    const page = await open('demo')
    allow(/ERR_CONNECTION_REFUSED/)
    await page.route('**/api/v1/queries', (route) => route.abort('connectionrefused'))
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Topics' }).click()
    const again = page.getByRole('button', { name: 'Try again' })
    await again.waitFor()
    await page.unroute('**/api/v1/queries')
    await again.click()
    await page.getByRole('table').waitFor()
    expect(await again.count()).toBe(0)
  })

  test('takes neither the page nor the way out of the drawer with it', async () => {
    const page = await blank(await serve('demo'))
    allow(/ERR_CONNECTION_REFUSED/, /SessionDrawer/, /preload|dynamically imported/)
    await page.route('**/SessionDrawer*', (route) => route.abort('connectionrefused'))
    await page.goto('/sessions?open=some')
    const drawer = page.getByRole('dialog')
    await drawer.getByText('This could not be loaded').waitFor()
    await drawer.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('heading', { level: 1, name: 'Sessions' }).waitFor()
  })
})

describe('a page whose code is on its way', () => {
  test.each(['Topics', 'Data'])('has its heading and room for it, and the heading does not move: %s', async (title) => {
    const page = await blank(await serve('demo'))
    let letGo = () => {}
    const gate = new Promise<void>((open) => (letGo = open))
    await page.route(new RegExp(`/${title}[-.][^/]*(js|tsx)$`), async (route) => {
      await gate
      await route.continue()
    })
    await page.goto(`/${title.toLowerCase()}`)
    const heading = page.getByRole('heading', { level: 1, name: title })
    await heading.waitFor()
    await page.getByText('This is sample data').waitFor() // which has a line of its own above all
    expect(await page.locator('main [data-skeleton]').count()).toBe(1)
    const before = await heading.boundingBox()
    letGo()
    await complete(page)
    expect(await heading.boundingBox()).toEqual(before)
  })
})

/** What stands in the page for whoever reads it, and what of it is chosen. */
async function shown(page: Page) {
  const main = page.getByRole('main')
  return { words: await main.innerText(), chosen: await main.locator('input:checked').evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value)) }
}

describe('an address that cannot be', () => {
  test.each(['from=2026-10-10&to=2026-09-01', 'from=9999-01-01&to=9999-12-31', 'from=0000-01-01&to=2026-12-31', 'from=abc&to=def'])(
    'says what is wrong with its range and leads to one that is: %s',
    async (range) => {
      allow(/422/)
      const page = await open('demo', `/?${range}`)
      await page.getByRole('alert').first().waitFor()
      await page.getByRole('button', { name: 'Show the last 28 days' }).click()
      await complete(page)
      expect(await page.getByRole('alert').count()).toBe(0)
      expect(new URL(page.url()).searchParams.has('from')).toBe(false)
    },
  )

  // What only says how a page looks is as usual.
  test.each([
    '/?grain=nope&compare=nope&weekday=nope&moves=nope&topics=nope',
    '/bots?cols=%25&sort=__proto__',
    '/bots?cols=nope',
    '/engagement?show=nope&heat=nope',
    '/outcomes?show=nope&by=nope',
    '/satisfaction?show=nope&by=nope',
    '/topics?sort=nope&show=nope&kind=nope',
    '/sessions?sort=nope&cols=nope',
    '/definitions?tab=nope',
  ])('shows what it would show without what it does not mean: %s', async (path) => {
    const page = await open('demo', path)
    const odd = await shown(page)
    await page.goto(path.slice(0, path.indexOf('?')))
    await complete(page)
    expect(odd).toEqual(await shown(page))
  })

  test('shows the data whatever it filters by, for none of it is filtered', async () => {
    const page = await open('demo', '/data?import=nope&f=nope:1')
    await page.getByRole('table', { name: 'Last session of each bot' }).waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
    expect(await page.getByRole('dialog').count()).toBe(0)
  })

  test('of a definition that there is not reads the usual one', async () => {
    allow(/404/)
    const page = await open('demo', '/definitions?rules=nope')
    await page.getByRole('region', { name: 'The rules of platform' }).waitFor()
  })

  test.each([
    ['range=nope', 'The range “nope” is not understood and was left aside.'],
    ['zone=-05:00', 'There is no time zone “-05:00”: you see the days of Europe/Paris.'],
    ['from=2026-01-01', 'A range that has only its first day was left aside.'],
  ])('says which days are shown instead, and forgets the others with a click: %s', async (asked, words) => {
    const page = await open('demo', `/?${asked}&f=channel:webchat`)
    const { results } = await ask<{ results: Result[] }>('demo', '/queries', {
      queries: [{ measures: ['sessions'], zone: 'Europe/Paris', filters: [{ dimension: 'channel', values: ['webchat'] }] }],
    })
    await page.getByText(words).waitFor()
    await page.getByRole('link', { name: count(results[0]?.total.values[0]?.value), exact: true }).first().waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
    await page.getByRole('button', { name: 'Remove it from the address' }).click()
    await page.getByText(words).waitFor({ state: 'detached' })
    expect(new URL(page.url()).searchParams.toString()).toBe('zone=Europe%2FParis&f=channel%3Awebchat')
  })

  test.each([
    ['nope:1', 'There is nothing called “nope” to filter by.'],
    ['!kind:nope', 'Kind is never “nope”.'],
    ['nope', 'It does not say what to filter by.'],
  ])('shows no number under a filter that means nothing, and says so once: %s', async (filter, words) => {
    const page = await open('demo', `/topics?f=channel:webchat&f=${filter}`)
    await page.getByRole('alert').getByText(words).waitFor()
    expect(await page.getByRole('alert').count()).toBe(1)
    expect(await page.getByRole('main').getByRole('button').count()).toBe(1)
    expect(await axe(page)).toEqual([])
    await page.getByRole('button', { name: 'Remove this filter' }).click()
    await complete(page, '/topics')
    expect(new URL(page.url()).searchParams.getAll('f')).toEqual(['channel:webchat'])
    const narrowed = await shown(page)
    await page.goto('/topics?f=channel:webchat')
    await complete(page)
    expect(narrowed).toEqual(await shown(page))
  })

  test.each([
    ['/sessions?measure=nope&denominator=true', 0],
    ['/sessions?measure=billed_sessions&denominator=true', 0],
    ['/sessions?measure=constructor', 0],
    // The lists of that page which are by topic and by channel stay.
    ['/billing?measure=nope', 2],
    ['/billing?measure=sessions', 2],
  ])('lists nothing of a number that its list does not have, and says so once: %s', async (path, tables) => {
    const page = await open('demo', path)
    await page.getByText('The number in the address is not understood').waitFor()
    expect(await page.getByRole('main').getByRole('table').count()).toBe(tables)
    expect(await page.locator('a[href*="/exports/"]').count()).toBe(0)
    expect(await axe(page)).toEqual([])
    await page.getByRole('button', { name: 'Remove it from the address' }).click()
    await page.getByRole('heading', { level: 2, name: /^[\d,]+ (billed )?sessions$/ }).waitFor()
    expect(await page.getByRole('main').getByRole('table').count()).toBe(tables + 1)
    expect(new URL(page.url()).searchParams.toString()).toBe('zone=Europe%2FParis')
  })

  test.each([
    ['/sessions?measure=billed_sessions', 'Billing', /^[\d,]+ billed sessions$/],
    ['/billing?measure=resolved_sessions', 'Sessions', /^[\d,]+ sessions$/],
  ])('leads to the list that has the number: %s', async (path, other, heading) => {
    const page = await open('demo', path)
    await page.getByRole('link', { name: `See it on ${other}` }).click()
    await complete(page, `/${other.toLowerCase()}`)
    await page.getByRole('heading', { level: 2, name: heading }).waitFor()
    expect(new URL(page.url()).searchParams.get('measure')).toBe(new URLSearchParams(path.slice(path.indexOf('?'))).get('measure'))
  })

  // A file of other sessions than the page shows would not be noticed.
  test.each(['/sessions?measure=resolution_rate&denominator=true', '/billing?measure=billed_sessions'])(
    'offers no file until it is known what is asked for: %s',
    async (path) => {
      const page = await blank(await serve('demo'))
      let letGo = () => {}
      const gate = new Promise<void>((open) => (letGo = open))
      await page.route('**/api/v1/measures', async (route) => {
        await gate
        await route.fallback()
      })
      await page.goto(path)
      await page.getByRole('heading', { level: 1 }).waitFor()
      const billing = path.startsWith('/billing')
      const files = billing ? page.getByRole('link', { name: 'Parquet' }) : page.getByRole('button', { name: 'Export', disabled: false })
      await page.getByRole('region', { name: billing ? 'Billed sessions' : 'Sessions', exact: true }).waitFor()
      expect(await files.count()).toBe(0)
      letGo()
      await files.waitFor()
      if (!billing) await files.click()
      const file = billing ? files : page.getByRole('menuitem', { name: 'Sessions, CSV' })
      const { searchParams } = new URL((await file.getAttribute('href')) ?? '', page.url())
      for (const [name, value] of new URLSearchParams(path.slice(path.indexOf('?')))) expect(searchParams.get(name)).toBe(value)
    },
  )

  test.each([`/topics/${'x'.repeat(3000)}`, `/sessions?said=${'x'.repeat(3000)}`])('of any length keeps within the window', async (path) => {
    const page = await open('demo', path)
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0)
  })
})
