import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, read } from '../api/client'
import type { Conversation } from '../api/types'

const kinds = ['chat', 'autonomous', 'design', 'evaluation', 'child']

/** What the bot did not understand, or not well enough, by place among the conversation's activities. */
export function useRecognition(conversation: Conversation | undefined, definition: string | undefined): ReadonlyMap<number, string> {
  const id = conversation?.conversation_id ?? ''
  const bot = conversation?.bot_id ?? ''
  const { data } = useQuery({
    queryKey: ['recognition', id, bot, definition],
    queryFn: async ({ signal }) => {
      const filters = [
        { dimension: 'conversation', values: [id] },
        { dimension: 'bot', values: [bot] },
        // Test traffic is left out unless it is asked for.
        { dimension: 'kind', values: kinds },
      ]
      const body = { filters, range: {}, recognition: ['unrecognised', 'ambiguous'], limit: 1000, ...(definition ? { definition } : {}) }
      return (await read(api.POST('/utterances/search', { body, signal }))).utterances
    },
    enabled: conversation !== undefined,
  })
  return useMemo(() => new Map(data?.map((said) => [said.place, said.recognition])), [data])
}
