import { useEffect, useState } from 'react'

/** Copies text, and has words for a moment on how it went. Browsers that are not told to trust the page, such as one without TLS, refuse. */
export function useCopy(done: string): { copy(text: string): void; copied: boolean; said: string } {
  const [said, setSaid] = useState('')
  useEffect(() => {
    if (!said) return
    const timer = setTimeout(() => setSaid(''), 2000)
    return () => clearTimeout(timer)
  }, [said])

  const write = async (text: string) => {
    try {
      await navigator.clipboard.writeText(text)
      setSaid(done)
    } catch {
      setSaid('The browser does not allow copying')
    }
  }
  return { copy: (text) => void write(text), copied: said === done, said }
}
