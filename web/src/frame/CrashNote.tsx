import type { ReactNode } from 'react'
import { Button } from '../parts/Button'
import { ErrorBoundary } from '../parts/ErrorBoundary'
import styles from './Note.module.css'

/** A fault of the dashboard itself ends here: it says so, and the rest of the window lives on. */
export function CrashNote({ children }: { children: ReactNode }) {
  return <ErrorBoundary fallback={(fault, again) => <Crash fault={fault} again={again} />}>{children}</ErrorBoundary>
}

/** What a fault of the dashboard says of itself, and the ways out of it. */
export function Crash({ fault, again }: { fault: Error; again: () => void }) {
  const missing = isMissingCode(fault)
  return (
    <section className={styles.note} role="alert">
      <h1>{missing ? 'This could not be loaded' : 'This page failed'}</h1>
      <p>
        {missing
          ? 'The server may have stopped, or has been updated since you opened this page.'
          : `The fault is in the dashboard, not in your data: ${fault.message}`}
      </p>
      <p className={styles.actions}>
        {missing ? <Button onClick={() => location.reload()}>Load the page again</Button> : <Button onClick={again}>Try again</Button>}
        <a href="/">Go to the summary</a>
      </p>
    </section>
  )
}

/** Parts of the dashboard are fetched when they are first needed. Each browser says in words of its own that one did not come. */
function isMissingCode({ message }: Error): boolean {
  return /dynamically imported module|importing a module script|preload CSS/i.test(message)
}
