// What goes wrong around the dashboard: a server that is away, parts that do not come, addresses that cannot be.
import { describe, expect, test } from 'vitest'
import { allow, blank, complete, open, serve } from './harness'

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

  test.each(['/?zone=-05:00', '/?zone=utc', '/sessions?sort=nope', '/bots?sort=__proto__', '/topics?sort=nope&show=nope'])('is read as far as it can be: %s', async (path) => {
    const page = await open('demo', path)
    expect(await page.getByRole('alert').count()).toBe(0)
  })

  test.each([`/topics/${'x'.repeat(3000)}`, `/sessions?said=${'x'.repeat(3000)}`])('of any length keeps within the window', async (path) => {
    const page = await open('demo', path)
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0)
  })
})
