import { useCallback, useMemo } from 'react'
import { useLocation, useNavigate, type Location } from 'react-router'
import type { Filter, Grain } from '../api/types'
import { holds, parseFilters, widened, without, writeFilters } from './filters'
import { defaultPreset, isPreset, isZone, type Span } from './ranges'

/** What every page shows its numbers of. All of it stands in the address, so that any view can be sent to somebody. */
export interface View {
  range: Span
  compare: 'previous' | 'year' | 'off'
  /** The comparison starts on the same weekday. */
  matchWeekday: boolean
  zone: string
  /** Bots chosen in the frame; none for all of them. */
  bots: string[]
  filters: Filter[]
  /** Undefined for the server's default. */
  definition: string | undefined
  /** Undefined for the one that suits the range. */
  grain: Grain | undefined
  /** The session in the drawer. */
  open: Open | undefined
}

export interface Open {
  conversation: string
  number?: number
  bot?: string
}

const grains = ['hour', 'day', 'week', 'month']
const names = ['range', 'from', 'to', 'compare', 'weekday', 'zone', 'bot', 'f', 'definition', 'grain', 'open', 'openbot']

export function parseView(search: URLSearchParams, viewersZone: string = zoneHere()): View {
  const preset = search.get('range') ?? defaultPreset
  const from = search.get('from')
  const to = search.get('to')
  const compare = search.get('compare')
  const zone = search.get('zone') ?? ''
  const grain = search.get('grain')
  const all = parseFilters(search.getAll('f'))
  const bots = all.find((filter) => filter.dimension === 'bot' && !filter.exclude)?.values ?? []
  return {
    range: from && to ? { from, to } : isPreset(preset) ? preset : defaultPreset,
    compare: compare === 'year' || compare === 'off' ? compare : 'previous',
    matchWeekday: search.get('weekday') === 'match',
    zone: isZone(zone) ? zone : viewersZone,
    bots: [...new Set([...search.getAll('bot'), ...bots])],
    filters: all.filter((filter) => filter.dimension !== 'bot' || filter.exclude),
    definition: search.get('definition') || undefined,
    grain: grain !== null && grains.includes(grain) ? (grain as Grain) : undefined,
    open: parseOpen(search.get('open'), search.get('openbot')),
  }
}

/** What differs from the defaults. Parameters of the page are not the view's. */
export function writeView(view: View): URLSearchParams {
  const search = new URLSearchParams()
  if (typeof view.range !== 'string') {
    search.set('from', view.range.from)
    search.set('to', view.range.to)
  } else if (view.range !== defaultPreset) search.set('range', view.range)
  if (view.compare !== 'previous') search.set('compare', view.compare)
  if (view.matchWeekday) search.set('weekday', 'match')
  search.set('zone', view.zone)
  for (const bot of view.bots) search.append('bot', bot)
  for (const filter of writeFilters(view.filters)) search.append('f', filter)
  if (view.definition) search.set('definition', view.definition)
  if (view.grain) search.set('grain', view.grain)
  if (view.open) {
    const { conversation, number, bot } = view.open
    // The mark that parts the number stands in some ids too: without a number such an id ends with the mark.
    search.set('open', number !== undefined ? `${conversation}~${number}` : conversation.includes('~') ? `${conversation}~` : conversation)
    if (bot) search.set('openbot', bot)
  }
  return search
}

function parseOpen(open: string | null, bot: string | null): Open | undefined {
  if (!open) return undefined
  const mark = open.lastIndexOf('~')
  const number = mark > 0 ? open.slice(mark + 1) : ''
  const numbered = /^\d{1,9}$/.test(number)
  return {
    conversation: mark > 0 && (numbered || number === '') ? open.slice(0, mark) : open,
    ...(numbered ? { number: Number(number) } : {}),
    ...(bot ? { bot } : {}),
  }
}

export function zoneHere(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
}

/** Two changes of one moment build upon each other, although the page is drawn only after both. */
const pending = new WeakMap<Location, URLSearchParams>()

function useChange(): (change: (search: URLSearchParams) => URLSearchParams, options?: { replace?: boolean }) => void {
  const location = useLocation()
  const navigate = useNavigate()
  return useCallback(
    (change, options) => {
      const next = change(new URLSearchParams(pending.get(location) ?? location.search))
      pending.set(location, next)
      void navigate({ pathname: location.pathname, search: next.toString() }, { replace: options?.replace ?? false })
    },
    [location, navigate],
  )
}

function useSearch(): URLSearchParams {
  const { search } = useLocation()
  return useMemo(() => new URLSearchParams(search), [search])
}

/** What was read of an address. Every part of a page asks, and finding out what zone the viewer is in takes long. */
const views = new WeakMap<Location, View>()

function viewAt(location: Location): View {
  let view = views.get(location)
  if (!view) views.set(location, (view = parseView(new URLSearchParams(location.search))))
  return view
}

export function useView(): View {
  return viewAt(useLocation())
}

/** Some of the view as it shall be, or how that follows from what it is. */
export type ViewChange = Partial<View> | ((view: View) => Partial<View>)

/** Changes some of the view and keeps the rest, with the parameters of the page. */
export function useSetView(): (change: ViewChange, options?: { replace?: boolean }) => void {
  const change = useChange()
  return useCallback(
    (some, options) =>
      change((search) => {
        const view = parseView(search)
        return withView(search, { ...view, ...(typeof some === 'function' ? some(view) : some) })
      }, options),
    [change],
  )
}

function withView(search: URLSearchParams, view: View): URLSearchParams {
  const next = writeView(view)
  for (const [name, value] of search) if (!names.includes(name)) next.append(name, value)
  return next
}

/** A parameter of the page itself, left out of the address while it has its usual value. */
export function useParam(name: string, usual: string): [string, (value: string, options?: { replace?: boolean }) => void] {
  const search = useSearch()
  const change = useChange()
  const set = useCallback(
    (value: string, options?: { replace?: boolean }) =>
      change((before) => {
        if (value === usual) before.delete(name)
        else before.set(name, value)
        return before
      }, options),
    [change, name, usual],
  )
  return [search.get(name) ?? usual, set]
}

/** A parameter of the page that is one of a few: whatever else the address says, it is the usual one. */
export function useChoice<V extends string>(
  name: string,
  usual: NoInfer<V>,
  choices: readonly { value: V }[],
): [V, (value: V, options?: { replace?: boolean }) => void] {
  const [written, set] = useParam(name, usual)
  return [choices.find(({ value }) => value === written)?.value ?? usual, set]
}

/** The address of a page with this view: with `change` made to it, the page's own `params`, and the drawer closed unless told. */
export function useLink(): (path: string, change?: Partial<View>, params?: Record<string, string>) => string {
  const view = useView()
  return useCallback(
    (path, change, params) => {
      const search = writeView({ ...view, open: undefined, ...change })
      for (const [name, value] of Object.entries(params ?? {})) search.append(name, value)
      return `${path}?${search}`
    },
    [view],
  )
}

export interface Filters {
  filters: Filter[]
  holds(dimension: string, value: string, exclude?: boolean): boolean
  add(filter: Filter): void
  /** Puts a value into the filter, or takes it out again. */
  toggle(dimension: string, value: string, exclude?: boolean): void
  /** Without a value the whole dimension. */
  remove(dimension: string, value?: string, exclude?: boolean): void
  clear(): void
}

/** The filters of the view, the bots of the frame among them. */
export function useFilter(): Filters {
  const view = useView()
  const setView = useSetView()
  return useMemo(() => {
    const filters = allFilters(view)
    const set = (next: (filters: Filter[]) => Filter[]) => setView((now) => withFilters(next(allFilters(now))))
    return {
      filters,
      holds: (dimension, value, exclude) => holds(filters, dimension, value, exclude),
      add: (filter) => set((now) => widened(now, filter)),
      toggle: (dimension, value, exclude = false) =>
        set((now) =>
          holds(now, dimension, value, exclude)
            ? without(now, dimension, value, exclude)
            : // What is asked for cannot stay left out, nor the other way about.
              widened(without(now, dimension, value, !exclude), { dimension, values: [value], exclude }),
        ),
      remove: (dimension, value, exclude) => set((now) => without(now, dimension, value, exclude)),
      clear: () => set(() => []),
    }
  }, [view, setView])
}

/** Chosen bots have a place of their own in the view; to a question they are a filter like any other. */
export function withFilters(filters: Filter[]): Pick<View, 'bots' | 'filters'> {
  const bots = filters.find((filter) => filter.dimension === 'bot' && !filter.exclude)
  return { bots: bots?.values ?? [], filters: filters.filter((filter) => filter !== bots) }
}

export function allFilters(view: View): Filter[] {
  return view.bots.length > 0 ? [{ dimension: 'bot', values: view.bots }, ...view.filters] : view.filters
}
