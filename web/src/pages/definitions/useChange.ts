import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { isRunning, useJob, useJobs } from '../../api/hooks'
import { problemFrom, type ApiProblem } from '../../api/problem'
import type { Job } from '../../api/types'

const changing = ['apply', 'drop', 'refresh']

/** What is being changed: what was started here, else what is running already, such as after the page was loaded anew. */
export function useChange() {
  const cache = useQueryClient()
  const jobs = useJobs()
  const [started, setStarted] = useState<string | null>(null)
  const [problem, setProblem] = useState<{ said: ApiProblem; own: boolean } | null>(null)
  const elsewhere = jobs.data?.find((one) => changing.includes(one.kind) && isRunning(one))
  const { data: job } = useJob(started ?? elsewhere?.id ?? null)
  const done = job?.state === 'done'

  useEffect(() => {
    if (done) void cache.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'definitions' || queryKey[0] === 'definition' })
  }, [done, cache])

  return {
    job,
    running: isRunning(job),
    title: job ? titleOf(job) : '',
    /** Why it could not be started; of one's own definition, what is wrong with it. */
    problem: problem && !problem.own ? problem.said : null,
    ownProblem: problem?.own ? problem.said : null,
    start: async (asked: Promise<Job>, own = false) => {
      setProblem(null)
      try {
        setStarted((await asked).id)
      } catch (thrown) {
        setProblem({ said: problemFrom(thrown), own })
      }
    },
  }
}

function titleOf(job: Job): string {
  if (job.kind === 'drop') return `Taking ${job.subject} out of force`
  return job.kind === 'apply' ? `Putting ${job.subject} in force` : 'Bringing definitions up to date'
}
