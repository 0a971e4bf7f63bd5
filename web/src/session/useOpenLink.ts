import { useCallback } from 'react'
import { useLocation } from 'react-router'
import type { Session } from '../api/types'
import { parseView, writeView } from '../view/view'

/** Without a session the conversation as a whole, such as that of a billed session. */
export type SessionRef = Pick<Session, 'conversation_id' | 'bot_id'> & Partial<Pick<Session, 'session'>>

/** The address of this very page with a session open over it. */
export function useOpenLink(): (session: SessionRef) => string {
  const { pathname, search } = useLocation()
  return useCallback(
    ({ conversation_id: conversation, session: number, bot_id: bot }) => {
      const here = new URLSearchParams(search)
      const opened = writeView({ ...parseView(here), open: { conversation, number, bot } })
      for (const name of ['open', 'openbot']) here.set(name, opened.get(name) ?? '')
      return `${pathname}?${here}`
    },
    [pathname, search],
  )
}
