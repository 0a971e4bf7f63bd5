import { useState } from 'react'
import { cancelJob, isRunning } from '../api/hooks'
import { ApiProblem, problemFrom } from '../api/problem'
import type { Job } from '../api/types'
import { count } from '../format'
import { Button } from './Button'
import css from './JobProgress.module.css'
import { ProblemNote } from './ProblemNote'

const stages: Record<string, string> = {
  '': 'Starting',
  deriving: 'Reading every conversation',
  writing: 'Writing',
  storing: 'Storing',
}

/** How far a job is, with a way out; what went wrong when it failed. Nothing once it is done. */
export function JobProgress({ job, title }: { job: Job; title: string }) {
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  if (job.state === 'done') return null
  if (job.state === 'cancelled') {
    return <p role="status">{title}: cancelled. Nothing was changed.</p>
  }
  if (job.state === 'failed') {
    const error = new ApiProblem({ ...job.error, status: job.error?.status ?? 500 })
    return <ProblemNote problem={error} />
  }
  const known = job.total > 0
  const words = job.state === 'queued' ? 'Waiting for another job to end' : (stages[job.stage] ?? job.stage)
  return (
    <div className={css.job}>
      <div className={css.words}>
        <span role="status">
          {title}: {words}
        </span>
        <span className={css.count}>{known && `${count(job.done)} of ${count(job.total)}`}</span>
      </div>
      <progress aria-label={title} max={known ? job.total : undefined} value={known ? job.done : undefined} />
      <Button small disabled={!isRunning(job)} onClick={() => void cancelJob(job.id).catch((thrown: unknown) => setProblem(problemFrom(thrown)))}>
        Cancel
      </Button>
      {problem && <ProblemNote problem={problem} />}
    </div>
  )
}
