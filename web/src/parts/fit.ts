import { useLayoutEffect, useMemo, useState, useSyncExternalStore, type RefObject } from 'react'

interface Wide {
  key: string
  /** What it takes at least, in pixels. */
  width: number
  /** Less important than the rest: the first to go. */
  roomy: boolean
}

/** Which columns to leave out so that the others fit: what a small window can do without, then from the last on; never the kept ones. */
export function givenUp(columns: readonly Wide[], room: number, kept: readonly string[]): string[] {
  const last = [...columns].reverse().filter(({ key }) => !kept.includes(key))
  const out: string[] = []
  let over = columns.reduce((sum, { width }) => sum + width, 0) - room
  for (const { key, width } of [...last.filter((one) => one.roomy), ...last.filter((one) => !one.roomy)]) {
    if (over <= 0) break
    out.push(key)
    over -= width
  }
  return out
}

interface Ask {
  /** The box that the table is in. */
  ref: RefObject<HTMLElement | null>
  columns: readonly { key: string; roomy?: boolean }[]
  /** The table is measured again when they are others. */
  rows: unknown
  /** How many of them stand there: of a long list first few, then those in sight. */
  drawn: number
  kept: readonly string[]
  enabled: boolean
}

interface Fit {
  folded: readonly string[]
  /** It is wider than its box and is scrolled sideways. */
  over: boolean
}

const whole: Fit = { folded: [], over: false }

/**
 * Leaves out columns of a table for which its box has no room. The table is drawn whole, measured, and drawn again without them before
 * anybody sees it.
 */
export function useFit({ ref, columns, rows, drawn, kept, enabled }: Ask): Fit {
  const window = useWindowWidth()
  const asked = useMemo(
    () => ({ keys: columns.map(({ key }) => key).join(' '), kept: kept.join(' '), rows, window, enabled }),
    [columns, kept, rows, window, enabled],
  )
  const [found, setFound] = useState({ asked, fit: whole })
  const fit = found.asked === asked ? found.fit : whole

  useLayoutEffect(() => {
    const element = ref.current
    if (!element) return
    const over = element.scrollWidth > element.clientWidth + 1
    const heads = over && enabled ? [...element.querySelectorAll<HTMLElement>('thead th')] : []
    const shown = columns.filter(({ key }) => !fit.folded.includes(key))
    const out = givenUp(
      shown.map(({ key, roomy = false }, i) => ({ key, roomy, width: heads[i]?.offsetWidth ?? 0 })),
      element.clientWidth,
      kept,
    )
    // Without those the next look decides whether it still is too wide.
    if (out.length > 0) setFound({ asked, fit: { folded: [...fit.folded, ...out], over: false } })
    else if (over !== fit.over) setFound({ asked, fit: { ...fit, over } })
  }, [ref, asked, columns, kept, enabled, fit, drawn])

  return fit
}

function useWindowWidth(): number {
  return useSyncExternalStore(listen, () => window.innerWidth)
}

function listen(changed: () => void) {
  window.addEventListener('resize', changed)
  return () => window.removeEventListener('resize', changed)
}
