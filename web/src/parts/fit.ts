import { useEffectEvent, useLayoutEffect, useRef, useState, type RefObject } from 'react'

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
  kept: readonly string[]
  enabled: boolean
}

interface Fit {
  folded: readonly string[]
  /** It is wider than its box and is scrolled sideways. */
  over: boolean
}

/**
 * Leaves out columns of a table for which its box has no room. Whatever is drawn is measured, and drawn again with fewer columns before
 * anybody sees it; what changes later, such as a name that grows or a box that shrinks, is measured when it does.
 */
export function useFit({ ref, columns, kept, enabled }: Ask): Fit {
  const asked = JSON.stringify([enabled, kept, columns.map(({ key }) => key)])
  const [found, setFound] = useState({ asked, fit: { folded: [], over: false } as Fit })
  const fit = found.asked === asked ? found.fit : whole(found.fit)
  // The width of the box in which the columns left stood once they fitted. Only a wider one is worth drawing the table whole again.
  const settled = useRef(Infinity)

  const change = (fit: Fit) => {
    settled.current = Infinity
    setFound({ asked, fit })
  }
  const roomier = (box: HTMLElement) => fit.folded.length > 0 && box.clientWidth > settled.current

  const drawn = useEffectEvent(() => {
    const box = ref.current
    if (!box) return
    if (roomier(box)) return change(whole(fit))
    const over = tooWide(box)
    const heads = over && enabled ? [...box.querySelectorAll<HTMLElement>('thead th')] : []
    const shown = columns.filter(({ key }) => !fit.folded.includes(key))
    const widths = shown.map(({ key, roomy = false }, i) => ({ key, roomy, width: heads[i]?.offsetWidth ?? 0 }))
    const out = givenUp(widths, box.clientWidth, kept)
    // Without those the next look decides whether it still is too wide.
    if (out.length > 0) return change({ folded: [...fit.folded, ...out], over: false })
    // Taken from what stays: the table drawn whole may be taller, and its scrollbar takes room.
    if (settled.current === Infinity) settled.current = box.clientWidth
    if (over !== fit.over) setFound({ asked, fit: { ...fit, over } })
  })

  // Drawn and measured in one go, for when it is drawn the box may have changed again.
  const resized = useEffectEvent(() => {
    const box = ref.current
    if (box && (roomier(box) || tooWide(box) !== fit.over)) change(whole(fit))
  })

  useLayoutEffect(() => drawn())

  useLayoutEffect(() => {
    const table = ref.current?.querySelector('table')
    // The tests' page has no layout, and nothing that tells of it.
    if (!ref.current || !table || typeof ResizeObserver === 'undefined') return
    const observer = new ResizeObserver(() => resized())
    observer.observe(ref.current)
    observer.observe(table)
    return () => observer.disconnect()
  }, [ref])

  return fit
}

/** All columns, to be measured: until then as tight as it was, so that the button for its columns stays, and the focus on it. */
function whole({ folded, over }: Fit): Fit {
  return { folded: [], over: over || folded.length > 0 }
}

function tooWide(box: HTMLElement): boolean {
  return box.scrollWidth > box.clientWidth + 1
}
