import { useNavigate } from 'react-router'
import { useBots } from '../api/catalogue'
import type { Grain } from '../api/types'
import { usePeriod } from '../view/period'
import { grainsOf, presets, step } from '../view/ranges'
import { useLink, useSetView, useView } from '../view/view'
import { useKeys, type Keymap } from './keys'

/** For the help: what there is, in groups. */
export const shortcuts: { title: string; keys: [string, string][] }[] = [
  {
    title: 'Range',
    keys: [
      ...presets.map(({ key, label }): [string, string] => [key.toUpperCase(), label]),
      ['C', 'Choose days'],
      ['← →', 'The period before, after'],
    ],
  },
  {
    title: 'View',
    keys: [
      ['X', 'Comparison on or off'],
      ['I', 'Next interval: hours, days, weeks, months'],
      ['1 – 9', 'One bot alone, in the order of the list'],
      ['0', 'All bots'],
      ['Esc', 'Close; with nothing open, remove all filters'],
    ],
  },
  {
    title: 'Find',
    keys: [
      ['/', 'Search in what users said'],
      ['?', 'This help'],
    ],
  },
]

export function useShortcuts({ openRange, openHelp }: { openRange(): void; openHelp(): void }): void {
  const view = useView()
  const setView = useSetView()
  const { period, grain } = usePeriod()
  const stepped = view.range === 'all' ? undefined : period
  const bots = useBots().data
  const search = useSearchKey()

  const keys: Keymap = {
    c: openRange,
    '?': openHelp,
    '/': search,
    x: () => setView(({ compare }) => ({ compare: compare === 'off' ? 'previous' : 'off' })),
    i: () => setView({ grain: next(grainsOf(period), grain) }, { replace: true }),
    ArrowLeft: stepped && (() => setView({ range: step(stepped, view.zone, -1) })),
    ArrowRight: stepped && (() => setView({ range: step(stepped, view.zone, 1) })),
    Escape: view.filters.length > 0 ? () => setView({ filters: [] }) : undefined,
    0: view.bots.length > 0 ? () => setView({ bots: [] }) : undefined,
  }
  for (const { name, key } of presets) keys[key] = () => setView({ range: name })
  bots?.slice(0, 9).forEach((bot, at) => {
    keys[String(at + 1)] = () => setView({ bots: [bot.id] })
  })
  useKeys(keys)
}

function next(grains: Grain[], grain: Grain): Grain | undefined {
  return grains[(grains.indexOf(grain) + 1) % grains.length]
}

const searchField = '[data-search]'

/** To the search field of this page, or to the list of sessions, which has one. */
function useSearchKey(): () => void {
  const navigate = useNavigate()
  const link = useLink()
  return () => {
    if (focusSearch()) return
    void navigate(link('/sessions'))
    // The page may have to be fetched first. Whoever goes on in another way is not called back.
    const watcher = new MutationObserver(() => focusSearch() && watcher.disconnect())
    watcher.observe(document.body, { childList: true, subtree: true })
    setTimeout(() => watcher.disconnect(), 3000)
  }
}

function focusSearch(): boolean {
  const field = document.querySelector<HTMLElement>(searchField)
  field?.focus()
  return field !== null
}
