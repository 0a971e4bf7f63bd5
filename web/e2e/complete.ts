// When a page is complete: nothing is asked for any more, no skeleton is left, and every chart is drawn.
import type { Page } from 'playwright-core'

declare global {
  interface Window {
    /** Requests of the page that are under way. */
    underWay: number
    /** When somebody last clicked, by the page's clock (ms). */
    clickedAt: number
    /** Since when nothing is amiss. */
    completeSince: number | undefined
    /** What is missing from the page, which has to be at `path`; '' for nothing. */
    amiss(path?: string): string
  }
}

/** Runs in the page before anything of it does. */
export function watch() {
  window.underWay = 0
  window.clickedAt = 0
  const send = window.fetch.bind(window)
  window.fetch = async (...args) => {
    window.underWay++
    try {
      const answer = await send(...args)
      // An answer has arrived when its last byte has.
      await answer
        .clone()
        .arrayBuffer()
        .catch(() => undefined)
      return answer
    } finally {
      window.underWay--
    }
  }
  addEventListener('click', (event) => (window.clickedAt = event.timeStamp), { capture: true })
  window.amiss = (path) => {
    if (path !== undefined && location.pathname !== path) return `it is at ${location.pathname} and not at ${path}`
    if (window.underWay > 0) return `${window.underWay} requests are under way`
    if (!document.querySelector('main h1')) return 'it has no heading'
    const waiting = document.querySelector('[data-skeleton], [aria-busy="true"], [data-chart]:not([data-drawn])')
    if (waiting) return `there is still ${(waiting.cloneNode() as Element).outerHTML}`
    return ''
  }
}

/** How long nothing may change before a page is believed to be complete (ms). */
const calm = 200

/**
 * Waits until the page is complete, and says when it became so by its own clock (ms): the first frame after which nothing was amiss for a
 * while. `path` is where it has to be.
 */
export async function complete(page: Page, path?: string): Promise<number> {
  try {
    const state = await page.waitForFunction(
      ({ calm, path }) => {
        const now = performance.now()
        if (window.amiss(path)) window.completeSince = undefined
        else window.completeSince ??= now
        if (window.completeSince === undefined || now - window.completeSince < calm) return false
        const since = window.completeSince
        window.completeSince = undefined
        return { since }
      },
      { calm, path },
      { polling: 'raf' },
    )
    const { since } = (await state.jsonValue()) as { since: number }
    return since
  } catch (error) {
    const amiss = await page.evaluate((path) => window.amiss(path), path)
    throw new Error(`the page at ${page.url()} does not become complete: ${amiss}`, { cause: error })
  }
}
