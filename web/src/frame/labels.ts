import { useDimensions } from '../api/catalogue'
import { useAnswer } from '../api/questions'
import type { Dimension, Filter } from '../api/types'
import { channelName } from '../names/channels'

/** What a dimension, and a value of it, is called. */
export interface Labels {
  dimension(name: string): string
  value(dimension: string, key: string): string
}

export function labelsOf(dimensions: Dimension[] | undefined, open: Map<string, string> = new Map()): Labels {
  const named = new Map(dimensions?.map((dimension) => [dimension.name, dimension]))
  return {
    dimension: (name) => named.get(name)?.label ?? name,
    value: (name, key) =>
      name === 'channel'
        ? channelName(key)
        : (named.get(name)?.values.find((word) => word.key === key)?.label ?? open.get(key) ?? (key === '' ? 'none' : key)),
  }
}

/** Labels for these filters: topics and bots are called by their names, which only the data knows. */
export function useLabels(filters: Filter[]): Labels {
  const dimensions = useDimensions()
  const topics = useNames('topic', filters)
  const bots = useNames('bot', filters)
  return labelsOf(dimensions.data, new Map([...topics, ...bots]))
}

function useNames(dimension: string, filters: Filter[]): [string, string][] {
  const values = [...new Set(filters.filter((filter) => filter.dimension === dimension).flatMap((filter) => filter.values))].sort()
  const { data } = useAnswer(
    values.length === 0
      ? null
      : {
          measures: ['sessions'],
          dimensions: [dimension],
          filters: [{ dimension, values }],
          without: filters.map((filter) => filter.dimension),
          range: {},
        },
  )
  return (data?.rows ?? []).map((row) => [row.keys[0] ?? '', row.labels[0] ?? ''])
}
