import { useRef } from 'react'

/** Gives the focus back to where it was when a dialog opened: Radix knows where only when it drew the button that opens it. */
export function useFocusReturn() {
  const before = useRef<Element | null>(null)
  return {
    onOpenAutoFocus: () => {
      before.current = document.activeElement
    },
    onCloseAutoFocus: (e: Event) => {
      e.preventDefault()
      if (before.current instanceof HTMLElement) before.current.focus()
    },
  }
}
