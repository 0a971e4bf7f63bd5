import type { ReactNode } from 'react'
import { Link } from 'react-router'

import type { Filter } from '../api/types'
import { countsBilled } from '../names/measures'
import { narrowed, without as leftAside } from '../view/filters'
import { allFilters, useLink, useView, withFilters, type View } from '../view/view'
import { count } from '../format'
import styles from './SessionsLink.module.css'

export interface SessionsOf {
  /** The measure whose sessions they are; all sessions without one. */
  measure?: string
  /** Those of its denominator. */
  denominator?: boolean
  /** On top of the view's. */
  filters?: Filter[]
  /** Dimensions whose filters of the view the number left aside. */
  without?: string[]
  /** Days or moments instead of the view's range. */
  range?: { from: string; to: string }
}

/** The address of the list of what a number counted: the same predicate, the same view. */
export function useSessionsHref(): (of: SessionsOf) => string {
  const view = useView()
  const link = useLink()
  return ({ measure, denominator, filters = [], without = [], range }) => {
    // Billed sessions are other things than analytics sessions, and are listed where they are explained, by a page that leaves aside what
    // they do not know. What they are divided by are analytics sessions.
    const billed = measure !== undefined && !denominator && countsBilled(measure)
    const kept = billed ? allFilters(view) : without.reduce((all, dimension) => leftAside(all, dimension), allFilters(view))
    const change: Partial<View> = withFilters(narrowed(kept, filters))
    if (range) change.range = range
    return link(billed ? '/billing' : '/sessions', change, {
      ...(measure !== undefined && { measure }),
      ...(denominator && { denominator: 'true' }),
    })
  }
}

interface Props extends SessionsOf {
  children: ReactNode
  /** Instead of the look that numbers have. */
  className?: string
  title?: string
}

export function SessionsLink({ children, className = styles.opens, title, ...of }: Props) {
  const href = useSessionsHref()
  return (
    <Link to={href(of)} className={className} title={title}>
      {children}
    </Link>
  )
}

/** A number that opens the sessions it counted; none opens nothing. */
export function CountLink({ value, ...of }: SessionsOf & { value: number | null | undefined; className?: string }) {
  if (!value) return <>{count(value)}</>
  return (
    <SessionsLink {...of} title={`Show ${value === 1 ? 'this session' : `these ${count(value)} sessions`}`}>
      {count(value)}
    </SessionsLink>
  )
}
