import { useState } from 'react'
import { removeImport, useImports, useJob } from '../api/jobs'
import { ApiProblem, problemFrom } from '../api/problem'
import { Button } from '../parts/Button'
import { Dialog } from '../parts/Dialog'
import { ProblemNote } from '../parts/ProblemNote'

/** Takes back whatever import brought made-up data. Once it is gone, so is the banner that this belongs to. */
export default function RemoveSample({ onClose }: { onClose(): void }) {
  const imports = useImports()
  const [jobId, setJobId] = useState<string | null>(null)
  const [refused, setRefused] = useState<ApiProblem | null>(null)
  const job = useJob(jobId)
  const samples = imports.data?.filter((one) => one.sample && one.removed_at === null) ?? []
  const problem = refused ?? imports.error ?? job.error ?? (job.data?.error ? new ApiProblem(job.data.error) : null)

  async function remove() {
    setRefused(null)
    try {
      // They are taken back one after the other: when the last has ended, all have.
      for (const { id } of samples) setJobId((await removeImport(id)).id)
    } catch (thrown) {
      setRefused(problemFrom(thrown))
    }
  }

  return (
    <Dialog
      title="Remove the sample data?"
      description="What you imported yourself stays. The command rapport demo makes a sample again at any time."
      open
      onOpenChange={(open) => !open && onClose()}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button look="danger" disabled={samples.length === 0 || (jobId !== null && !problem)} onClick={() => void remove()}>
            Remove it
          </Button>
        </>
      }
    >
      {problem && <ProblemNote problem={problem} />}
      {jobId && !problem && <p role="status">Removing: {job.data?.stage || 'waiting for its turn'}</p>}
    </Dialog>
  )
}
