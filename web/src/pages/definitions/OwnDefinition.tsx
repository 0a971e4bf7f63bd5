import { useId, useState, type DragEvent } from 'react'
import type { ApiProblem } from '../../api/problem'
import { Button } from '../../parts/Button'
import { Panel } from '../../parts/Panel'
import { ProblemNote } from '../../parts/ProblemNote'
import css from './Definitions.module.css'

const example = `name: ours
extends: platform
session:
  idle_timeout: 36m`

type Props = {
  source: string
  onSource: (source: string) => void
  busy: boolean
  problem: ApiProblem | null
  onCompare: () => void
  onApply: () => void
}

/** A definition of one's own, written, pasted or dropped as a file. The server says what is wrong with it. */
export function OwnDefinition({ source, onSource, busy, problem, onCompare, onApply }: Props) {
  const id = useId()
  const [over, setOver] = useState(false)
  const take = async (file: File | undefined) => {
    if (file) onSource(await file.text())
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void take(event.dataTransfer.files[0])
  }
  return (
    <Panel title="Your own definition" answer={[]} minHeight={0}>
      {() => (
        <>
          <p className={`${css.quiet} ${css.help}`} id={`${id}-help`}>
            Start from another definition and change what differs. Write it here, or drop a YAML file.
          </p>
          {/* Dropping is a shortcut; the button below does the same from the keyboard. */}
          <textarea
            className={css.source}
            data-over={over || undefined}
            aria-label="Your definition, as YAML"
            aria-describedby={`${id}-help`}
            aria-invalid={problem !== null}
            spellCheck={false}
            rows={8}
            placeholder={example}
            value={source}
            onChange={(event) => onSource(event.target.value)}
            onDragOver={(event) => {
              event.preventDefault()
              setOver(true)
            }}
            onDragLeave={() => setOver(false)}
            onDrop={drop}
          />
          {problem && <ProblemNote problem={problem} />}
          <div className={css.actions}>
            <label className={css.file}>
              Choose a file
              <input
                type="file"
                className="visually-hidden"
                accept=".yaml,.yml,text/yaml"
                onChange={(event) => {
                  void take(event.target.files?.[0])
                  event.target.value = ''
                }}
              />
            </label>
            {source === '' ? (
              <Button small look="quiet" onClick={() => onSource(`${example}\n`)}>
                Start from an example
              </Button>
            ) : (
              <>
                <Button small onClick={onCompare}>
                  Compare
                </Button>
                <Button small disabled={busy} onClick={onApply}>
                  Put in force
                </Button>
              </>
            )}
          </div>
        </>
      )}
    </Panel>
  )
}
