import { lazy, Suspense, useState } from 'react'
import type { Filter } from '../api/types'
import { Button } from '../parts/Button'
import { Chip } from '../parts/Chip'
import { useFilter, useView } from '../view/view'
import { DefinitionChip } from './DefinitionPicker'
import styles from './FilterBar.module.css'
import { useLabels, type Labels } from './labels'

const FilterDialog = lazy(() => import('./FilterDialog'))

/** What the page is narrowed to, each a chip to change or take away. */
export function FilterBar() {
  const { filters } = useView()
  const { remove, clear } = useFilter()
  const [editing, setEditing] = useState<Filter | 'new' | null>(null)
  const labels = useLabels(filters)
  return (
    <div className={styles.bar} role="group" aria-label="Filters">
      {filters.map((filter) => {
        const words = filterWords(filter, labels)
        return (
          <Chip
            key={`${filter.exclude}${filter.dimension}`}
            label={words}
            onClick={() => setEditing(filter)}
            onRemove={() => remove(filter.dimension, undefined, filter.exclude ?? false)}
          >
            {words}
          </Chip>
        )
      })}
      <DefinitionChip />
      <Button look="quiet" small icon="plus" onClick={() => setEditing('new')}>
        Filter
      </Button>
      {filters.length > 1 && (
        <Button look="quiet" small onClick={clear}>
          Clear all
        </Button>
      )}
      {editing !== null && (
        <Suspense fallback={null}>
          <FilterDialog filter={editing === 'new' ? undefined : editing} onClose={() => setEditing(null)} />
        </Suspense>
      )}
    </div>
  )
}

export function filterWords(filter: Filter, labels: Labels): string {
  const values = filter.values.map((value) => labels.value(filter.dimension, value))
  const shown = values.length > 3 ? [...values.slice(0, 2), `${values.length - 2} more`] : values
  const list = shown.length > 1 ? `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}` : (shown[0] ?? '')
  return `${labels.dimension(filter.dimension)}${filter.exclude ? ' is not ' : ': '}${list}`
}
