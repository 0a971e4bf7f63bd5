import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState, type DragEvent } from 'react'
import { useJob, useStatus } from '../../api/hooks'
import type { Import, Job } from '../../api/types'
import { bytes } from '../../format'
import { Button } from '../../parts/Button'
import { Icon } from '../../parts/Icon'
import { JobProgress } from '../../parts/JobProgress'
import { ProblemNote } from '../../parts/ProblemNote'
import { readAgain } from './account'
import styles from './Data.module.css'
import { Equation } from './Equation'
import { useUploads, type Upload as Sending } from './useUploads'

/** Files in by drop or by button, followed until they are in the data set. */
export function Upload() {
  const status = useStatus()
  const limit = status.data?.upload_bytes
  const { uploads, add, forget } = useUploads(limit)
  const [over, setOver] = useState(false)
  const picker = useRef<HTMLInputElement>(null)

  const drop = (e: DragEvent) => {
    e.preventDefault()
    setOver(false)
    add(e.dataTransfer.files)
  }
  return (
    <section className={styles.upload} aria-labelledby="upload">
      <div
        role="group"
        aria-labelledby="upload"
        className={styles.drop}
        data-over={over || undefined}
        onDragOver={(e) => {
          e.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <Icon name="upload" size={20} />
        <div className={styles.dropWords}>
          <h2 id="upload">Add conversations</h2>
          <p>
            Drop files here: exports of the table conversationtranscript (JSON, JSON Lines, CSV), .transcript files, sessions CSV, or an archive of
            them. What is there already is counted once.
          </p>
          {limit !== undefined && <p className={styles.quiet}>Up to {bytes(limit)} a file. For more, run rapport import on the server.</p>}
        </div>
        <Button look="primary" onClick={() => picker.current?.click()}>
          Choose files
        </Button>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label="Files to import"
          onChange={(e) => {
            add(e.target.files ?? [])
            e.target.value = ''
          }}
        />
      </div>
      {uploads.length > 0 && (
        <ol className={styles.uploads}>
          {uploads.map((upload) => (
            <li key={upload.id}>
              <Progress upload={upload} onForget={() => forget(upload.id)} />
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

function Progress({ upload, onForget }: { upload: Sending; onForget: () => void }) {
  const { file, sent, job, problem } = upload
  return (
    <div className={styles.sending}>
      <div className={styles.sendingHead}>
        <b className={styles.file}>
          <bdi>{file.name}</bdi>
        </b>
        <span className={styles.quiet}>{bytes(file.size)}</span>
        {(job || problem) && <Button small look="quiet" icon="close" aria-label={`Put away: ${file.name}`} onClick={onForget} />}
      </div>
      {problem ? (
        <ProblemNote problem={problem} />
      ) : job ? (
        <Importing id={job} />
      ) : (
        <div className={styles.leaving}>
          <progress aria-label={`Sending ${file.name}`} max={file.size || 1} value={sent} />
          <span className={styles.quiet}>{sent === 0 ? 'Waiting' : `${bytes(sent)} sent`}</span>
        </div>
      )}
    </div>
  )
}

function Importing({ id }: { id: string }) {
  const { data: job, error, retry } = useJob(id)
  const cache = useQueryClient()
  const done = job?.state === 'done'
  useEffect(() => {
    // The account of an import is new even where it brought nothing new.
    if (done) void cache.invalidateQueries({ queryKey: ['imports'] })
  }, [done, cache])
  if (error) return <ProblemNote problem={error} retry={retry} />
  if (!job) return null
  return done ? <Imported job={job} /> : <JobProgress job={job} title="Importing" />
}

function Imported({ job }: { job: Job }) {
  const account = job.result as Import
  return (
    <div role="status">
      <Equation account={account} />
      <p className={styles.quiet}>{readAgain(account.conversations)}</p>
    </div>
  )
}
