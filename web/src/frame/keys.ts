import { useCallback, useEffect, useRef, useSyncExternalStore } from 'react'

/** What a key is pressed for; undefined leaves it to the browser. */
export type Keymap = Record<string, (() => void) | undefined>

const stored = 'rapport.keys'
const listeners = new Set<() => void>()
let offHere = false

function areOn(): boolean {
  try {
    return localStorage.getItem(stored) !== 'off'
  } catch {
    return !offHere
  }
}

function turn(on: boolean): void {
  offHere = !on
  try {
    if (on) localStorage.removeItem(stored)
    else localStorage.setItem(stored, 'off')
  } catch {
    // Where storage is forbidden the choice lasts as long as the page.
  }
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Whether single keys do anything: who speaks to the computer instead of typing may want them off. */
export function useKeysOn(): [boolean, (on: boolean) => void] {
  return [useSyncExternalStore(subscribe, areOn), turn]
}

/** Keys that work wherever nothing is being typed and nothing lies over the page. */
export function useKeys(keymap: Keymap): void {
  const current = useRef(keymap)
  useEffect(() => {
    current.current = keymap
  })
  const onKeyDown = useCallback((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
    const act = current.current[key]
    if (!act || isTyping(event.target) || isCovered()) return
    if (!areOn() && key !== 'Escape') return
    if (key.startsWith('Arrow') && usesArrows(event.target)) return
    event.preventDefault()
    act()
  }, [])
  useEffect(() => {
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [onKeyDown])
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('textarea, select, input:not([type=checkbox], [type=radio], [type=button])'))
  )
}

function isCovered(): boolean {
  return document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null
}

/** Some things move by arrows themselves: radio buttons, tabs, whatever can be scrolled by keyboard. */
function usesArrows(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement) || target === document.body) return false
  return !target.matches('main, a, button') || target.closest('[role="tablist"], [role="radiogroup"], [role="toolbar"], [role="grid"]') !== null
}
