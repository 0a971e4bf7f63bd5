import { useState } from 'react'
import { applyDefinition, dropDefinition, type Answer } from '../../api/hooks'
import type { Definition, DefinitionInForce } from '../../api/types'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { JobProgress } from '../../parts/JobProgress'
import { Panel } from '../../parts/Panel'
import { ProblemNote } from '../../parts/ProblemNote'
import { useParam, useSetView, useView } from '../../view/view'
import { DefinitionList } from './DefinitionList'
import css from './Definitions.module.css'
import { OwnDefinition } from './OwnDefinition'
import { Rules } from './Rules'
import { useChange } from './useChange'

/** What is to be done, once it is confirmed. A definition of one's own has no name before the server has read it. */
type Wish = { kind: 'apply' | 'drop'; name: string } | { kind: 'own' }

interface Props {
  inForce: Answer<DefinitionInForce[]>
  presets: Answer<Definition[]>
  usual: string | undefined
  own: string
  onOwn: (source: string) => void
  onCompare: (name: string) => void
  onCompareOwn: () => void
}

/** The definitions in force and those that could be, and the rules of the one that is read. */
export function InForce({ inForce, presets, usual, own, onOwn, onCompare, onCompareOwn }: Props) {
  const view = useView()
  const setView = useSetView()
  const shown = view.definition ?? usual
  const [chosen, setChosen] = useParam('rules', '')
  const [wish, setWish] = useState<Wish | null>(null)
  const change = useChange()
  // Until the lists are there the address is taken at its word, so that the rules need not wait for them.
  const names = inForce.data && presets.data && [...inForce.data, ...presets.data].map(({ name }) => name)
  const wanted = [chosen, shown, usual].flatMap((name) => name || [])
  const read = (names ? (wanted.find((name) => names.includes(name)) ?? names[0]) : wanted[0]) ?? ''

  const fulfil = (asked: Wish) => {
    setWish(null)
    if (asked.kind === 'own') return change.start(applyDefinition({ source: own }), true)
    if (asked.kind === 'apply') return change.start(applyDefinition({ name: asked.name }))
    // Nothing can be shown under a definition that is gone.
    if (view.definition === asked.name) setView({ definition: undefined })
    return change.start(dropDefinition(asked.name))
  }
  return (
    <div className={css.columns}>
      <div className={css.side}>
        <Panel title="Definitions" answer={[inForce, presets]} minHeight={420}>
          {() => (
            <>
              {change.problem && <ProblemNote problem={change.problem} />}
              {change.job && <JobProgress job={change.job} title={change.title} />}
              <DefinitionList
                inForce={inForce.data ?? []}
                presets={presets.data ?? []}
                shown={shown}
                usual={usual}
                read={read}
                busy={change.running}
                onRead={setChosen}
                onShow={(name) => setView({ definition: name === usual ? undefined : name })}
                onCompare={onCompare}
                onApply={(name) => setWish({ kind: 'apply', name })}
                onDrop={(name) => setWish({ kind: 'drop', name })}
              />
            </>
          )}
        </Panel>
        <OwnDefinition
          source={own}
          onSource={onOwn}
          onCompare={onCompareOwn}
          onApply={() => setWish({ kind: 'own' })}
          busy={change.running}
          problem={change.ownProblem}
        />
      </div>
      {read !== '' && <Rules name={read} />}
      {wish && <Confirmation wish={wish} onClose={() => setWish(null)} onConfirm={() => void fulfil(wish)} />}
    </div>
  )
}

function Confirmation({ wish, onClose, onConfirm }: { wish: Wish; onClose: () => void; onConfirm: () => void }) {
  const name = wish.kind === 'own' ? 'your definition' : wish.name
  const drop = wish.kind === 'drop'
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title={drop ? `Take ${name} out of force?` : `Put ${name} in force?`}
      description={
        drop
          ? 'What was derived under it is removed. The conversations stay, and so do the other definitions; it can be put in force again.'
          : 'Every conversation is read again under its rules. The others stay in force, and the dashboard goes on showing what it shows.'
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look={drop ? 'danger' : 'primary'} onClick={onConfirm}>
            {drop ? 'Take out of force' : 'Put in force'}
          </Button>
        </>
      }
    />
  )
}
