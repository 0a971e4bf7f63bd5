import { useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { auditAgreement, useDefinitions, useJob, usePresets } from '../../api/hooks'
import { problemFrom, type ApiProblem } from '../../api/problem'
import { count } from '../../format'
import { Button } from '../../parts/Button'
import { JobProgress } from '../../parts/JobProgress'
import { Panel } from '../../parts/Panel'
import { ProblemNote } from '../../parts/ProblemNote'
import { Select } from '../../parts/Select'
import type { Audit } from './audit'
import styles from './Data.module.css'
import { Differences } from './Differences'
import { Fields } from './Fields'

/** What the platform said of its sessions beside what a definition derives from the same activities. */
export function Agreement({ zone }: { zone: string }) {
  const inForce = useDefinitions()
  const presets = usePresets()
  const [definition, setDefinition] = useState('guidance-2023')
  const [asked, setAsked] = useState<string | null>(null)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const cache = useQueryClient()
  const job = useJob(asked)

  const names = useMemo(
    () => [...new Set([...(inForce.data ?? []), ...(presets.data ?? [])].map((d) => d.name))].map((name) => ({ value: name, label: name })),
    [inForce.data, presets.data],
  )
  const compare = async () => {
    setProblem(null)
    try {
      const started = await auditAgreement({ name: definition })
      setAsked(started.id)
      void cache.invalidateQueries({ queryKey: ['jobs'] })
    } catch (thrown) {
      setProblem(problemFrom(thrown))
    }
  }
  return (
    <Panel
      title="The platform and the rules"
      help="Some records say themselves how the platform counted them. This reads all of those again by the rules of a definition alone, and says where the two agree. It reads every conversation, whatever the period and the filters."
      answer={[inForce, presets]}
      minHeight={60}
    >
      {() => (
        <div className={styles.stack}>
          <form
            className={styles.ask}
            onSubmit={(e) => {
              e.preventDefault()
              void compare()
            }}
          >
            <Select label="Compare with" showLabel value={definition} options={names} onChange={setDefinition} />
            <Button type="submit" disabled={job.data?.state === 'queued' || job.data?.state === 'running'}>
              Compare
            </Button>
          </form>
          {(problem ?? job.error) && <ProblemNote problem={(problem ?? job.error) as ApiProblem} />}
          {job.data && <JobProgress job={job.data} title="Comparing" />}
          {job.data?.state === 'done' && <Outcome audit={job.data.result as Audit} zone={zone} />}
        </div>
      )}
    </Panel>
  )
}

function Outcome({ audit, zone }: { audit: Audit; zone: string }) {
  if (audit.sessions === 0) return <p role="status">No record says how the platform counted it, so there is nothing to compare.</p>
  const differ = audit.differences.length
  return (
    <>
      <p role="status">
        {count(audit.sessions)} sessions of the platform in {count(audit.conversations)} conversations, read again by {audit.definition}.{' '}
        {differ === 0 ? 'They agree in everything.' : 'A row below opens the session and its why box.'}
      </p>
      <Fields fields={audit.fields} />
      {differ > 0 && <Differences differences={audit.differences} more={audit.more} zone={zone} />}
    </>
  )
}
