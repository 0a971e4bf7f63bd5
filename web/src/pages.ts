import { createElement, lazy, useState, type ComponentType } from 'react'

interface Page {
  path: string
  /** In the tab and in the window's title. */
  title: string
  component: ComponentType
  /** Fetches the page's code before somebody goes there. */
  preload(): void
  /** It has something to show while there is no data at all. */
  withoutData?: boolean
  /** Not among the tabs. */
  hidden?: boolean
}

function page(path: string, title: string, load: () => Promise<{ default: ComponentType }>, more: Pick<Page, 'withoutData' | 'hidden'> = {}): Page {
  let fetched: ComponentType | undefined
  const fetch = async () => {
    const code = await load()
    fetched = code.default
    return code
  }
  const Later = lazy(fetch)
  /** A page that is here already is drawn at once; React's lazy components wait even then. */
  function Page() {
    const [component] = useState<{ type: ComponentType }>(() => ({ type: fetched ?? Later }))
    return createElement(component.type)
  }
  return { path, title, component: Page, preload: () => void fetch().catch(() => undefined), ...more }
}

/** Every page, in the order of the tabs. Each is fetched when it is gone to, or by preloadPages before. */
export const pages: Page[] = [
  page('/', 'Summary', () => import('./pages/summary/Summary')),
  page('/bots', 'Bots', () => import('./pages/bots/Bots')),
  page('/engagement', 'Engagement', () => import('./pages/engagement/Engagement')),
  page('/outcomes', 'Outcomes', () => import('./pages/outcomes/Outcomes')),
  page('/satisfaction', 'Satisfaction', () => import('./pages/satisfaction/Satisfaction')),
  page('/topics', 'Topics', () => import('./pages/topics/Topics')),
  page('/topics/:id', 'Topic', () => import('./pages/topics/TopicDetail'), { hidden: true }),
  page('/sessions', 'Sessions', () => import('./pages/sessions/Sessions')),
  page('/billing', 'Billing', () => import('./pages/billing/Billing')),
  page('/data', 'Data', () => import('./pages/data/Data'), { withoutData: true }),
  page('/definitions', 'Definitions', () => import('./pages/definitions/Definitions'), { withoutData: true }),
]

/** Once the first page has been shown: what may be asked for next. All pages together are smaller than one picture. */
export function preloadPages(): void {
  const idle = window.requestIdleCallback ?? ((act: () => void) => setTimeout(act, 1000))
  idle(() => {
    for (const { preload } of pages) preload()
  })
}
