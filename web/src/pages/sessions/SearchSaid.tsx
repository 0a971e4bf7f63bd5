import { useEffect, useState } from 'react'
import { Icon } from '../../parts/Icon'
import styles from './Sessions.module.css'

const pause = 300

interface Props {
  value: string
  onChange: (said: string) => void
}

/** Looks for words in what users said: asks when the typing pauses, or at once with Enter. */
export function SearchSaid({ value, onChange }: Props) {
  const [typed, setTyped] = useState({ text: value, of: value })
  // The address changed by itself, such as by going back.
  if (typed.of !== value) setTyped({ text: value, of: value })
  const { text } = typed

  useEffect(() => {
    if (text === value) return
    const timer = setTimeout(() => onChange(text), pause)
    return () => clearTimeout(timer)
  }, [text, value, onChange])

  return (
    <form
      role="search"
      className={styles.search}
      onSubmit={(e) => {
        e.preventDefault()
        onChange(text)
      }}
    >
      <Icon name="search" size={14} />
      <input
        type="search"
        aria-label="Search in what users said"
        placeholder="Search in what users said"
        data-search
        value={text}
        onChange={(e) => setTyped({ text: e.target.value, of: value })}
      />
    </form>
  )
}
