import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { removeImport } from '../../api/hooks'
import { root } from '../../api/client'
import { problemFrom, type ApiProblem } from '../../api/problem'
import type { Import } from '../../api/types'
import { bytes, count, dateTime, duration } from '../../format'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { Icon } from '../../parts/Icon'
import { ProblemNote } from '../../parts/ProblemNote'
import { nameOf, readAgain } from './account'
import { Equation } from './Equation'
import styles from './Data.module.css'

interface Props {
  one: Import
  zone: string
  onClose: () => void
}

/** The account of one import: what came of it, why rows were put aside, and a way to take it back. */
export function ImportDialog({ one, zone, onClose }: Props) {
  const [asking, setAsking] = useState(false)
  const took = one.started_at && one.finished_at ? Date.parse(one.finished_at) - Date.parse(one.started_at) : 0
  if (asking) return <Undo one={one} onClose={onClose} onBack={() => setAsking(false)} />
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title={nameOf(one)}
      description={`${dateTime(one.started_at, zone)}${took >= 100 ? `, took ${duration(took)}` : ''}; ${count(one.inputs)} ${one.inputs === 1 ? 'file' : 'files'}, ${bytes(one.bytes)}`}
      footer={
        <>
          {one.quarantined > 0 && (
            <a className={styles.download} href={`${root}/imports/${one.id}/rejects`} download>
              <Icon name="download" size={14} />
              Rejects, JSON Lines
            </a>
          )}
          {one.removed_at ? (
            <p>Taken back {dateTime(one.removed_at, zone)}.</p>
          ) : (
            <Button look="danger" icon="trash" onClick={() => setAsking(true)}>
              Take back …
            </Button>
          )}
        </>
      }
    >
      <div className={styles.stack}>
        <Equation account={one} />
        <p>{readAgain(one.conversations)}</p>
        {one.reasons.length > 0 && (
          <div>
            <h3>Why rows were put aside</h3>
            <ul className={styles.reasons}>
              {one.reasons.map(({ reason, rows }) => (
                <li key={reason}>
                  <span>{count(rows)}</span>
                  <bdi>{reason}</bdi>
                </li>
              ))}
            </ul>
          </div>
        )}
        {one.warnings.length > 0 && (
          <div>
            <h3>Worth knowing</h3>
            <ul className={styles.bullets}>
              {one.warnings.map((warning) => (
                <li key={warning}>
                  <bdi>{warning}</bdi>
                </li>
              ))}
            </ul>
          </div>
        )}
        {one.paths.length > 1 && (
          <div>
            <h3>Files</h3>
            <ul className={styles.bullets}>
              {one.paths.map((path) => (
                <li key={path}>
                  <bdi>{path}</bdi>
                </li>
              ))}
            </ul>
          </div>
        )}
      </div>
    </Dialog>
  )
}

function Undo({ one, onClose, onBack }: { one: Import; onClose: () => void; onBack: () => void }) {
  const cache = useQueryClient()
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const [sent, setSent] = useState(false)
  const remove = async () => {
    setSent(true)
    try {
      await removeImport(one.id)
      void cache.invalidateQueries({ queryKey: ['jobs'] })
      onClose()
    } catch (thrown) {
      setProblem(problemFrom(thrown))
      setSent(false)
    }
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Take back ${nameOf(one)}?`}
      footer={
        <>
          <Button onClick={onBack}>Keep it</Button>
          <Button look="danger" icon="trash" disabled={sent} onClick={() => void remove()}>
            Take it back
          </Button>
        </>
      }
    >
      <div className={styles.stack}>
        <p>
          Of its {count(one.accepted)} accepted {one.accepted === 1 ? 'record' : 'records'}, those that no other import brought leave the data set.
          Their conversations are read again, and all numbers follow.
        </p>
        <p>The account of the import stays in the list. To undo this, import the same files again.</p>
        {problem && <ProblemNote problem={problem} />}
      </div>
    </Dialog>
  )
}
