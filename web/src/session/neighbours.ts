import { useEffect, useSyncExternalStore } from 'react'
import type { Open } from '../view/view'

// The drawer goes through the list it was opened from. Lists say here which sessions they hold, in their order; the drawer takes
// the list that holds the open one.

export interface Neighbour {
  conversation: string
  session: number
  bot: string
}

export interface NeighbourList {
  sessions: Neighbour[]
  /** How many there are in all, when the list holds only its first pages. */
  count?: number | undefined
  /** Loads the next page. */
  more?: (() => void) | undefined
}

let lists: readonly NeighbourList[] = []
const listeners = new Set<() => void>()

function publish(next: readonly NeighbourList[]) {
  lists = next
  for (const tell of listeners) tell()
}

function subscribe(tell: () => void) {
  listeners.add(tell)
  return () => listeners.delete(tell)
}

/** For lists: what can be walked through while a session of it is open. `list` must be memoised. */
export function useProvideNeighbours(list: NeighbourList) {
  useEffect(() => {
    // Whoever sees a list opens something of it: the drawer is fetched before the click, and after what the page itself needs.
    const fetching = setTimeout(() => void import('./SessionDrawer').catch(() => undefined), 1000)
    return () => clearTimeout(fetching)
  }, [])
  useEffect(() => {
    publish([...lists, list])
    return () => publish(lists.filter((l) => l !== list))
  }, [list])
}

export interface Neighbourhood {
  previous?: Neighbour
  next?: Neighbour
  /** 1 is the first; 0 when no list holds the open session. */
  position: number
  count: number
  more?: () => void
}

const nowhere: Neighbourhood = { position: 0, count: 0 }

export function neighbourhood(all: readonly NeighbourList[], { conversation, number, bot }: Open): Neighbourhood {
  for (const list of all) {
    const at = list.sessions.findIndex(
      (n) => n.conversation === conversation && (number === undefined || n.session === number) && (bot === undefined || n.bot === bot),
    )
    if (at < 0) continue
    const [previous, next] = [list.sessions[at - 1], list.sessions[at + 1]]
    return {
      position: at + 1,
      count: list.count ?? list.sessions.length,
      ...(previous && { previous }),
      ...(next && { next }),
      // Near the end of what is loaded the next page is asked for before it is needed.
      ...(list.more && at >= list.sessions.length - 3 && { more: list.more }),
    }
  }
  return nowhere
}

export function useNeighbourhood(open: Open): Neighbourhood {
  return neighbourhood(
    useSyncExternalStore(subscribe, () => lists),
    open,
  )
}
