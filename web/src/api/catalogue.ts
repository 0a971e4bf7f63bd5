import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef } from 'react'
import { answerOf, type Answer } from './answer'
import { api, read } from './client'
import { problemFrom } from './problem'
import type { Bot, Definition, DefinitionDetail, DefinitionInForce, Dimension, Measure, Status } from './types'

/** All measures, grouped as docs/metrics.md groups them. */
export function useMeasureList(): Answer<Measure[]> {
  return answerOf(useQuery({ queryKey: ['measures'], queryFn: async ({ signal }) => (await read(api.GET('/measures', { signal }))).measures }))
}

/** Measures by name; undefined until they are there. */
export function useMeasures(): (name: string) => Measure | undefined {
  const { data } = useMeasureList()
  const named = useMemo(() => new Map(data?.map((measure) => [measure.name, measure])), [data])
  return useCallback((name) => named.get(name), [named])
}

export function useDimensions(): Answer<Dimension[]> {
  return answerOf(useQuery({ queryKey: ['dimensions'], queryFn: async ({ signal }) => (await read(api.GET('/dimensions', { signal }))).dimensions }))
}

export function useBots(): Answer<Bot[]> {
  return answerOf(useQuery({ queryKey: ['bots'], queryFn: async ({ signal }) => (await read(api.GET('/bots', { signal }))).bots }))
}

/** The definitions in force. */
export function useDefinitions(): Answer<DefinitionInForce[]> {
  return answerOf(
    useQuery({ queryKey: ['definitions'], queryFn: async ({ signal }) => (await read(api.GET('/definitions', { signal }))).definitions }),
  )
}

export function usePresets(): Answer<Definition[]> {
  return answerOf(
    useQuery({ queryKey: ['presets'], queryFn: async ({ signal }) => (await read(api.GET('/definitions/presets', { signal }))).presets }),
  )
}

/** One definition with its rules; a name in force or of a preset. */
export function useDefinition(name: string | null): Answer<DefinitionDetail> {
  return answerOf(
    useQuery({
      queryKey: ['definition', name],
      queryFn: ({ signal }) => read(api.GET('/definitions/{name}', { params: { path: { name: name ?? '' } }, signal })),
      enabled: name !== null,
    }),
    name === null,
  )
}

const statusKey = ['status']

const askStatus = queryOptions({
  queryKey: statusKey,
  queryFn: ({ signal }) => read(api.GET('/status', { signal })),
  staleTime: 10_000,
  refetchInterval: 30_000,
  refetchIntervalInBackground: false,
  refetchOnWindowFocus: 'always',
})

/** Of which data the answers are. Asked again every half minute while somebody looks. */
export function useStatus(): Answer<Status> {
  return answerOf(useQuery(askStatus))
}

/**
 * Once in the frame: when the data has changed, whatever was answered before is asked again; and whatever found no server, each time
 * that there is one.
 */
export function useFreshData(): void {
  const { data, dataUpdatedAt } = useQuery(askStatus)
  const cache = useQueryClient()
  useEffect(() => {
    if (dataUpdatedAt > 0)
      void cache.refetchQueries({ type: 'active', predicate: ({ state }) => state.error !== null && problemFrom(state.error).code === 'unreachable' })
  }, [dataUpdatedAt, cache])
  const known = useRef<number | undefined>(undefined)
  const generation = data?.generation
  useEffect(() => {
    if (generation === undefined) return
    if (known.current !== undefined && known.current !== generation)
      void cache.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'status' })
    known.current = generation
  }, [generation, cache])
}

/** Asks at once whether the data has changed, for whoever has just changed it. */
export function useRefresh(): () => void {
  const cache = useQueryClient()
  return useCallback(() => void cache.invalidateQueries({ queryKey: statusKey }), [cache])
}
