import { useState } from 'react'
import { diffDefinitions, isRunning, useJob } from '../../api/hooks'
import { problemFrom, type ApiProblem } from '../../api/problem'
import type { Given } from '../../api/types'
import { Button } from '../../parts/Button'
import { JobProgress } from '../../parts/JobProgress'
import { ProblemNote } from '../../parts/ProblemNote'
import { Select } from '../../parts/Select'
import { useParam } from '../../view/view'
import { Comparison } from './Comparison'
import css from './Definitions.module.css'
import { diffOf } from './diff'

/** No definition has this name, since names begin with a letter or digit. */
export const ownFile = '#own'

interface Props {
  /** Of the definitions in force and the presets. */
  names: string[]
  own: string
  usual: string | undefined
}

/** Two definitions on this data: what differs, and which sessions. The job that finds it stands in the address while it is kept. */
export function Compare({ names, own, usual }: Props) {
  const options = [...new Set(names)].map((name) => ({ value: name, label: name }))
  if (own.trim() !== '') options.push({ value: ownFile, label: 'Your own, as you wrote it' })
  const there = (name: string) => options.some((option) => option.value === name)
  const [wantedA, setA] = useParam('a', '')
  const [wantedB, setB] = useParam('b', '')
  const a = there(wantedA) ? wantedA : (usual ?? options[0]?.value ?? '')
  const b = there(wantedB) ? wantedB : (options.find((option) => option.value !== a)?.value ?? '')
  const [id, setId] = useParam('diff', '')
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const { data: job, error } = useJob(id === '' ? null : id)
  const diff = diffOf(job?.result)

  const compare = async () => {
    const given = (name: string): Given => (name === ownFile ? { source: own } : { name })
    setProblem(null)
    try {
      const { id: started } = await diffDefinitions(given(a), given(b))
      // What was compared stands in the address beside what came of it.
      setA(a, { replace: true })
      setB(b, { replace: true })
      setId(started, { replace: true })
    } catch (thrown) {
      setProblem(problemFrom(thrown))
    }
  }
  return (
    <>
      <p className={`${css.quiet} ${css.help}`}>
        Reads every conversation under both definitions, whether they are in force or not. Nothing is changed.
      </p>
      <form
        className={css.pair}
        onSubmit={(event) => {
          event.preventDefault()
          void compare()
        }}
      >
        <Select label="Compare" showLabel value={a} onChange={setA} options={options} />
        <Select label="with" showLabel value={b} onChange={setB} options={options} />
        <Button type="submit" look="primary" disabled={isRunning(job) || a === b || b === ''}>
          Compare
        </Button>
      </form>
      {problem && <ProblemNote problem={problem} />}
      {error?.status === 404 && <p role="status">The server no longer keeps this comparison. Compare again to see it.</p>}
      {error && error.status !== 404 && <ProblemNote problem={error} />}
      {job && <JobProgress job={job} title={`Comparing ${job.subject}`} />}
      {diff && <Comparison diff={diff} />}
    </>
  )
}
