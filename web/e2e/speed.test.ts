// How long it takes from the click on a tab until the page is complete, in the browser: a fresh browser each time, so that the code of the
// page and every answer are fetched. It prints what it measures, and fails only when a page is slow beyond any machine's excuse.
import { expect, test } from 'vitest'
import { blank, close, complete, type Data, serve, sessions } from './harness'
import { pages } from './pages'

const data: Data = 'million'
const rounds = Number(process.env.RAPPORT_ROUNDS ?? 3)
const beyondExcuse = 15_000 // ms

/** Milliseconds from the click on a link until the page behind it is complete. */
async function fromClick(name: string): Promise<number> {
  const from = name === 'Definitions' ? pages.Data : pages.Definitions
  const page = await blank(await serve(data))
  await page.goto(name === 'Topic' ? pages.Topics : from)
  await complete(page)
  const link =
    name === 'Topic'
      ? page.locator('main a[href^="/topics/"]').first()
      : page.getByRole('navigation').getByRole('link', { name, exact: true }).first()
  await page.waitForLoadState('networkidle') // whoever clicks has looked at the page before
  const path = new URL((await link.getAttribute('href')) ?? '', page.url()).pathname
  await link.click()
  const done = await complete(page, path)
  const clicked = await page.evaluate(() => window.clickedAt)
  await close(page)
  return done - clicked
}

function line(name: string, took: number[]): string {
  const sorted = took.toSorted((a, b) => a - b)
  const cell = (ms: number) => `${ms.toFixed(0)} ms`.padStart(9)
  return `${name.padEnd(14)}${cell(sorted[0]!)}${cell(sorted[Math.floor(sorted.length / 2)]!)}${cell(sorted.at(-1)!)}`
}

test('from the click to the page', { timeout: 1_800_000 }, async () => {
  const took = new Map<string, number[]>()
  for (let round = 0; round < rounds; round++) {
    for (const name of [...Object.keys(pages), 'Topic']) {
      took.set(name, [...(took.get(name) ?? []), await fromClick(name)])
    }
  }
  const head = `${sessions.toLocaleString('en')} sessions, ${rounds} rounds\n${''.padEnd(14)}${['best', 'median', 'worst'].map((word) => word.padStart(9)).join('')}`
  console.log([head, ...[...took].map(([name, all]) => line(name, all))].join('\n'))
  for (const [name, all] of took) expect(Math.min(...all), name).toBeLessThan(beyondExcuse)
})
