import { useState } from 'react'
import { useDimensions } from '../api/catalogue'
import { useAnswer, valueOf } from '../api/questions'
import type { Dimension, Filter } from '../api/types'
import { count } from '../format'
import { Button } from '../parts/Button'
import { Dialog } from '../parts/Dialog'
import { PickList } from '../parts/PickList'
import { ProblemNote } from '../parts/ProblemNote'
import { Segmented } from '../parts/Segmented'
import { Skeleton } from '../parts/Skeleton'
import { useFilter } from '../view/view'
import styles from './FilterBar.module.css'
import { labelsOf } from './labels'

interface Props {
  /** The filter to change; without one, first asks what to filter by. */
  filter: Filter | undefined
  onClose(): void
}

/** First by what, then which values: those that occur in the range, most sessions first. */
export default function FilterDialog({ filter, onClose }: Props) {
  const dimensions = useDimensions()
  const [name, setName] = useState(filter?.dimension)
  const dimension = dimensions.data?.find((one) => one.name === name)
  return (
    <Dialog
      title={dimension ? dimension.label : 'Filter by'}
      {...(dimension ? { description: sentence(dimension.meaning) } : {})}
      open
      onOpenChange={(open) => !open && onClose()}
    >
      <div className={styles.body}>
        {dimensions.error && <ProblemNote problem={dimensions.error} retry={dimensions.retry} />}
        {dimension ? (
          <Values
            key={dimension.name}
            dimension={dimension}
            filter={filter}
            onDone={onClose}
            {...(filter ? {} : { onBack: () => setName(undefined) })}
          />
        ) : (
          <PickList
            label="Dimensions"
            first
            picks={(dimensions.data ?? []).filter(isOffered).map((one) => ({ key: one.name, label: one.label }))}
            chosen={[]}
            onPick={setName}
          />
        )}
      </div>
    </Dialog>
  )
}

/** Time and bots have places of their own; ids are filtered by where they are met. */
function isOffered(dimension: Dimension): boolean {
  return dimension.name !== 'time' && dimension.name !== 'bot' && dimension.class !== 'identifier'
}

function sentence(text: string): string {
  return text === '' ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

function Values({ dimension, filter, onDone, onBack }: { dimension: Dimension; filter: Filter | undefined; onDone(): void; onBack?(): void }) {
  const { add, remove } = useFilter()
  const [chosen, setChosen] = useState(filter?.values ?? [])
  const [how, setHow] = useState<'is' | 'not'>(filter?.exclude ? 'not' : 'is')
  const found = useAnswer({
    measures: ['sessions'],
    dimensions: [dimension.name],
    sort: '-sessions',
    limit: 1000,
    // What is being chosen does not narrow the choice.
    without: [dimension.name],
  })
  const labels = labelsOf([dimension])
  const rows = found.data?.dimensions[0] === dimension.name ? found.data.rows : []
  const picks = rows.map((row) => ({
    key: row.keys[0] ?? '',
    label: (dimension.name !== 'channel' && row.labels[0]) || labels.value(dimension.name, row.keys[0] ?? ''),
    note: count(found.data && valueOf(found.data, row, 'sessions').value),
  }))
  const missing = [...chosen, ...dimension.values.map((word) => word.key)].filter(
    (key, at, all) => all.indexOf(key) === at && !picks.some((pick) => pick.key === key),
  )

  function apply() {
    if (filter) remove(filter.dimension, undefined, filter.exclude ?? false)
    if (chosen.length > 0) add({ dimension: dimension.name, values: chosen, exclude: how === 'not' })
    onDone()
  }

  if (found.error && !found.data) return <ProblemNote problem={found.error} retry={found.retry} />
  return (
    <>
      <Segmented
        label="How"
        value={how}
        onChange={setHow}
        options={[
          { value: 'is', label: 'Only these' },
          { value: 'not', label: 'Leave out' },
        ]}
      />
      {found.loading ? (
        <Skeleton height={320} shape="table" />
      ) : (
        <PickList
          label={`Values of ${dimension.label}`}
          first
          several
          picks={[...picks, ...missing.map((key) => ({ key, label: labels.value(dimension.name, key), note: '0' }))]}
          chosen={chosen}
          onPick={(key) => setChosen(chosen.includes(key) ? chosen.filter((one) => one !== key) : [...chosen, key])}
        />
      )}
      <div className={styles.row}>
        {onBack ? (
          <Button look="quiet" icon="left" onClick={onBack}>
            Something else
          </Button>
        ) : (
          <span />
        )}
        <Button look="primary" disabled={chosen.length === 0 && !filter} onClick={apply}>
          {chosen.length === 0 ? (filter ? 'Remove the filter' : 'Choose a value') : `Apply ${chosen.length === 1 ? 'it' : `these ${chosen.length}`}`}
        </Button>
      </div>
    </>
  )
}
