import { useState } from 'react'
import { useParam } from '../../view/view'
import { choices, usual } from './columns'

const place = 'rapport.sessions.columns'

function remembered(): string[] {
  try {
    const kept = localStorage.getItem(place)
    return kept === null ? usual : kept.split(',')
  } catch {
    // Storage may be forbidden: then every visit begins with the usual columns.
    return usual
  }
}

/** The chosen columns: those of the address, so that a link shows what was sent, else the viewer's own. */
export function useColumns(): { shown: string[]; toggle: (key: string) => void } {
  const [written, write] = useParam('cols', '')
  const [own, setOwn] = useState(remembered)
  const named = choices.map(({ key }) => key).filter((key) => written.split(',').includes(key))
  const shown = named.length > 0 ? named : own
  const toggle = (key: string) => {
    const next = choices.map((c) => c.key).filter((k) => (k === key ? !shown.includes(k) : shown.includes(k)))
    setOwn(next)
    try {
      localStorage.setItem(place, next.join(','))
    } catch {
      // As above.
    }
    write(next.join(','), { replace: true })
  }
  return { shown, toggle }
}
