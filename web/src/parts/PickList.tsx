import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import { Icon } from './Icon'
import styles from './PickList.module.css'

export interface Pick {
  key: string
  label: string
  /** Right of the label: a count, a time. */
  note?: string
}

interface Props {
  label: string
  picks: Pick[]
  chosen: string[]
  onPick(key: string): void
  /** Several may be chosen: a pick turns one on or off. */
  several?: boolean
  placeholder?: string
  /** Is what its dialog is about: the search has the focus from the beginning. */
  first?: boolean
}

/** A list to search and choose from: type to narrow it, arrows and Enter to choose, or point at one. */
export function PickList({ label, picks, chosen, onPick, several, placeholder = 'Search', first }: Props) {
  const id = useId()
  const [search, setSearch] = useState('')
  const [at, setAt] = useState(0)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (first) input.current?.focus()
  }, [first])
  const words = search.toLowerCase().split(/\s+/)
  const found = picks.filter((pick) => words.every((word) => `${pick.label} ${pick.key}`.toLowerCase().includes(word)))
  const active = Math.min(at, found.length - 1)

  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key]
    if (step !== undefined) {
      const next = Math.max(0, Math.min(found.length - 1, active + step))
      setAt(next)
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' })
    } else if (event.key === 'Enter') {
      const pick = found[active]
      if (pick) onPick(pick.key)
    } else return
    event.preventDefault()
  }

  return (
    <div className={styles.box}>
      <div className={styles.search}>
        <Icon name="search" size={14} />
        <input
          ref={input}
          type="text"
          role="combobox"
          aria-label={`${label}: search`}
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={found.length > 0 ? `${id}-${active}` : undefined}
          placeholder={placeholder}
          value={search}
          onChange={(event) => {
            setSearch(event.target.value)
            setAt(0)
          }}
          onKeyDown={onKeyDown}
          spellCheck={false}
        />
      </div>
      <div id={`${id}-list`} role="listbox" aria-label={label} aria-multiselectable={several} className={styles.list} tabIndex={-1}>
        {found.map((pick, index) => (
          <div
            key={pick.key}
            id={`${id}-${index}`}
            role="option"
            aria-selected={chosen.includes(pick.key)}
            className={index === active ? `${styles.option} ${styles.active}` : styles.option}
            // The search keeps the focus, and the keys with it.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => {
              setAt(index)
              onPick(pick.key)
            }}
            onKeyDown={onKeyDown}
            tabIndex={-1}
          >
            <span className={styles.mark}>{chosen.includes(pick.key) && <Icon name="check" size={14} />}</span>
            <bdi className={styles.words} title={pick.label}>
              {pick.label}
            </bdi>
            {pick.note && <span className={styles.note}>{pick.note}</span>}
          </div>
        ))}
      </div>
      {found.length === 0 && <p className={styles.none}>Nothing matches “{search}”.</p>}
    </div>
  )
}
