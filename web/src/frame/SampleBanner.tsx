import { lazy, Suspense, useState } from 'react'
import { useStatus } from '../api/catalogue'
import { Button } from '../parts/Button'
import styles from './Banner.module.css'

const RemoveSample = lazy(() => import('./RemoveSample'))

/** On every page while made-up data is in, so that nobody takes it for theirs. */
export function SampleBanner() {
  const { data } = useStatus()
  const [asking, setAsking] = useState(false)
  if (!data?.sample) return null
  return (
    <aside className={styles.banner} aria-label="Sample data">
      <p>
        <strong>This is sample data</strong>
        <span className={styles.more}>, made up so that you can look around</span>
      </p>
      <Button small onClick={() => setAsking(true)}>
        Remove it
      </Button>
      {asking && (
        <Suspense fallback={null}>
          <RemoveSample onClose={() => setAsking(false)} />
        </Suspense>
      )}
    </aside>
  )
}
