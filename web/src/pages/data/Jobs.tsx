import { useEffect, useRef } from 'react'
import { isRunning, useJobs, useRefresh } from '../../api/hooks'
import type { Job } from '../../api/types'
import { JobProgress } from '../../parts/JobProgress'
import styles from './Data.module.css'

const kinds: Record<string, string> = {
  import: 'Importing',
  remove: 'Taking back',
  apply: 'Applying the definition',
  drop: 'Dropping the definition',
  catalogue: 'Reading the topic catalogue',
  refresh: 'Deriving again',
  diff: 'Comparing',
  audit: 'Comparing with the platform',
}

function titleOf(job: Job): string {
  return [kinds[job.kind] ?? job.kind, job.subject].filter(Boolean).join(' ')
}

/** What the server is at, and what failed last. Nothing while it rests. */
export function Jobs() {
  const jobs = useJobs()
  const refresh = useRefresh()
  const running = jobs.data?.filter(isRunning) ?? []
  const failed = jobs.data?.filter((job) => job.state === 'failed').slice(0, 3) ?? []
  const busy = running.length > 0
  // By which have ended, and not by whether one runs: a short one is over before it is seen running.
  const ended = jobs.data
    ?.filter((job) => !isRunning(job))
    .map((job) => job.id)
    .join()
  const known = useRef(ended)
  useEffect(() => {
    if (known.current !== undefined && known.current !== ended) refresh()
    known.current = ended
  }, [ended, refresh])

  if (!busy && failed.length === 0) return null
  return (
    <section className={styles.jobs} aria-labelledby="jobs">
      <h2 id="jobs">{busy ? 'In progress' : 'Failed lately'}</h2>
      <ul>
        {[...running, ...failed].map((job) => (
          <li key={job.id}>
            <JobProgress job={job} title={titleOf(job)} />
          </li>
        ))}
      </ul>
    </section>
  )
}
