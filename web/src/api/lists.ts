import { keepPreviousData, queryOptions, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { usePeriod } from '../view/period'
import { questionOf, type Narrower, type ViewQuestion } from '../view/question'
import { writeFilters } from '../view/filters'
import { useView } from '../view/view'
import { answerOf, type Answer } from './answer'
import { api, read, root } from './client'
import { problemFrom } from './problem'
import type {
  Billed,
  BilledPage,
  Conversation,
  Full,
  Session,
  SessionPage,
  SessionQuery,
  Utterance,
  UtteranceGroups,
  UtterancePage,
  UtteranceQuery,
} from './types'

/** What a list says beside the view: which number it is behind, what was said, in which order. */
export type ListAsk = Narrower & Pick<SessionQuery, 'measure' | 'denominator' | 'dimensions' | 'grain' | 'keys' | 'said' | 'sort' | 'limit'>
export type UtteranceAsk = ListAsk & Pick<UtteranceQuery, 'recognition' | 'source' | 'contains'>

/** The rows so far, and a way to have more. */
export interface List<Row, Page> extends Answer<Page> {
  rows: Row[]
  /** How many there are in all, where the server counts them. */
  count: number | undefined
  more: boolean
  loadingMore: boolean
  loadMore(): void
}

/** The view's part of a request, for pages that write their own; null until the range is known. */
export function useViewQuery(own: Narrower = {}): ViewQuestion | null {
  const view = useView()
  const { range } = usePeriod()
  return range ? questionOf(view, range, own) : null
}

function useList<Row, Page extends { next: string; count?: number }>(
  kind: string,
  ask: ListAsk | null,
  fetchPage: (body: SessionQuery, signal: AbortSignal) => Promise<Page>,
  rowsOf: (page: Page) => Row[],
): List<Row, Page> {
  const period = usePeriod()
  const { filters, without, range, ...own } = ask ?? {}
  const question = useViewQuery({ filters, without, range })
  const body = ask && question ? { ...question, ...own } : null
  const asked = useInfiniteQuery({
    queryKey: ['list', kind, body],
    queryFn: ({ signal, pageParam }) => fetchPage(pageParam ? { ...body, cursor: pageParam } : { ...body }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
    enabled: body !== null,
    placeholderData: keepPreviousData,
  })
  const pages = asked.data?.pages
  const rows = useMemo(() => pages?.flatMap(rowsOf) ?? [], [pages, rowsOf])
  const { hasNextPage, isFetching, fetchNextPage } = asked
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage()
  }, [hasNextPage, isFetching, fetchNextPage])
  const answer = {
    data: pages?.[0],
    error: asked.error ? problemFrom(asked.error) : null,
    loading: ask !== null && asked.isPending,
    refreshing: asked.isPlaceholderData || (asked.isRefetching && !asked.isFetchingNextPage),
    retry: () => void asked.refetch(),
  }
  return {
    ...(period.state === 'error' ? { ...answer, error: period.error, loading: false, retry: period.retry } : answer),
    rows,
    count: pages?.[0]?.count,
    more: hasNextPage,
    loadingMore: asked.isFetchingNextPage,
    loadMore,
  }
}

const sessionsOf = (page: SessionPage) => page.sessions
const billedOf = (page: BilledPage) => page.billed_sessions
const utterancesOf = (page: UtterancePage) => page.utterances

export function useSessionList(ask: ListAsk | null): List<Session, SessionPage> {
  return useList('sessions', ask, (body, signal) => read(api.POST('/sessions/search', { body, signal })), sessionsOf)
}

export function useBilledList(ask: ListAsk | null): List<Billed, BilledPage> {
  return useList('billed', ask, (body, signal) => read(api.POST('/billed/search', { body, signal })), billedOf)
}

export function useUtteranceList(ask: UtteranceAsk | null): List<Utterance, UtterancePage> {
  return useList('utterances', ask, (body, signal) => read(api.POST('/utterances/search', { body, signal })), utterancesOf)
}

/** What was said, alike texts as one, the most frequent first. */
export function useUtteranceGroups(ask: Omit<UtteranceAsk, 'sort'> | null): Answer<UtteranceGroups> {
  const period = usePeriod()
  const { filters, without, range, ...own } = ask ?? {}
  const question = useViewQuery({ filters, without, range })
  const body = ask && question ? { ...question, ...own } : null
  const asked = useQuery({
    queryKey: ['utterance groups', body],
    queryFn: ({ signal }) => read(api.POST('/utterances/groups', { body: body ?? {}, signal })),
    enabled: body !== null,
    placeholderData: keepPreviousData,
  })
  return answerOf(asked, ask === null, period.state === 'error' ? period : undefined)
}

function conversationQuery(id: string, bot: string | undefined, definition: string | undefined) {
  return queryOptions({
    queryKey: ['conversation', id, bot, definition],
    queryFn: async ({ signal }) => {
      const query = { ...(bot ? { bot } : {}), ...(definition ? { definition } : {}) }
      return (await read(api.GET('/conversations/{id}', { params: { path: { id }, query }, signal }))).conversation as Full<Conversation>
    },
  })
}

/** One conversation as the view's definition reads it, with all of its sessions, activities and evidence. */
export function useConversation(id: string | null, bot?: string): Answer<Conversation> {
  const { definition } = useView()
  return answerOf(useQuery({ ...conversationQuery(id ?? '', bot, definition), enabled: id !== null }), id === null)
}

/** Fetches a conversation that is likely to be opened next. */
export function usePrefetchConversation(): (id: string, bot?: string) => void {
  const { definition } = useView()
  const cache = useQueryClient()
  return useCallback((id, bot) => void cache.prefetchQuery(conversationQuery(id, bot, definition)), [cache, definition])
}

export type ExportKind = 'sessions' | 'billed' | 'utterances' | 'conversations'
export type ExportFormat = 'csv' | 'jsonl' | 'parquet' | 'odata'

/** Where to download what the view shows, whole. Undefined until the range is known. */
export function useExportHref(): (kind: ExportKind, format: ExportFormat, extra?: UtteranceAsk & { columns?: string[] }) => string | undefined {
  const view = useView()
  const { range: viewsRange } = usePeriod()
  return useCallback(
    (kind, format, extra = {}) => {
      if (!viewsRange) return undefined
      const { filters, without, range, columns, ...own } = extra
      const question = questionOf(view, viewsRange, { filters, without, range })
      const search = new URLSearchParams()
      if (question.range?.from) search.set('from', question.range.from)
      if (question.range?.to) search.set('to', question.range.to)
      if (!question.range?.from && !question.range?.to) search.set('all', 'true')
      search.set('zone', question.zone)
      if (question.definition) search.set('definition', question.definition)
      for (const filter of writeFilters(question.filters)) search.append('filter', filter)
      for (const [name, value] of Object.entries(own)) {
        for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) search.append(name, String(one))
      }
      if (columns && columns.length > 0) search.set('columns', columns.join(','))
      return `${root}/exports/${kind}.${format}?${search}`
    },
    [view, viewsRange],
  )
}
