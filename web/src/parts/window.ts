import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, type RefObject } from 'react'

interface Ask {
  box: RefObject<HTMLElement | null>
  count: number
  rowHeight: number
  enabled: boolean
  onEnd: (() => void) | undefined
}

/** Which rows of a long table to draw, and how much room to leave for those before and after them. */
export function useWindow({ box, count, rowHeight, enabled, onEnd }: Ask) {
  const rows = useVirtualizer({
    count: enabled ? count : 0,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  const seen = rows.getVirtualItems()
  const end = enabled ? (seen.at(-1)?.index ?? -1) + 1 : count

  useEffect(() => {
    if (enabled && count > 0 && end >= count) onEnd?.()
  }, [enabled, count, end, onEnd])

  if (!enabled) return { first: 0, end: count, before: 0, after: 0 }
  return { first: seen[0]?.index ?? 0, end, before: seen[0]?.start ?? 0, after: rows.getTotalSize() - (seen.at(-1)?.end ?? 0) }
}
