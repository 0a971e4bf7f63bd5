import { useMemo } from 'react'
import { useAnswer, useDimensions } from '../../api/hooks'
import type { Dimension, Filter } from '../../api/types'
import { Figure } from '../../parts/Figure'
import { useTopicsKnown } from '../../parts/useTopicsKnown'
import { allFilters, useView } from '../../view/view'
import { BilledBy } from './BilledBy'
import { BilledList } from './BilledList'
import css from './Billing.module.css'
import { BilledOverTime } from './BilledOverTime'
import { WhyTheyDiffer } from './WhyTheyDiffer'

const figures = ['billed_sessions', 'sessions', 'billed_turns', 'billed_per_resolved']

/** Billed sessions, and how they come to be other than analytics sessions. */
export default function Billing() {
  const { without, words } = useForeignFilters()
  const answer = useAnswer({ measures: figures, without, grain: 'auto', compare: true }) // its totals are the figures
  useTopicsKnown() // asked with the rest, and not only once names are drawn
  return (
    <>
      <h1>Billing</h1>
      {words && (
        <p className={css.note} role="note">
          {words}
        </p>
      )}
      <div className={css.figures}>
        {figures.map((measure) => (
          <Figure key={measure} measure={measure} answer={answer} trend={answer} without={without} />
        ))}
      </div>
      <div className={css.pair}>
        <BilledOverTime answer={answer} without={without} />
        <WhyTheyDiffer without={without} />
      </div>
      <BilledBy dimension="topic" title="By the topic that opened them" without={without} />
      <BilledBy dimension="channel" title="By channel" without={without} />
      <BilledList without={without} />
      <p className={css.mind}>
        This is no invoice. Licences that include sessions are not known here, and contracts since 2024 count messages or credits instead of sessions.
      </p>
    </>
  )
}

/** Filters of the view that billed sessions know nothing of, such as the outcome: left aside on this page, and said. */
function useForeignFilters(): { without: string[]; words: string | undefined } {
  const view = useView()
  const { data: dimensions } = useDimensions()
  return useMemo(() => {
    const foreign = dimensions ? foreignTo(allFilters(view), dimensions) : []
    const labels = foreign.map((one) => one.label.toLowerCase())
    const words =
      foreign.length === 0
        ? undefined
        : `Billed sessions have no ${labels.join(' and no ')}: ${foreign.length === 1 ? 'that filter is' : 'those filters are'} left aside on this page, for both kinds of sessions.`
    return { without: foreign.map((one) => one.name), words }
  }, [view, dimensions])
}

function foreignTo(filters: Filter[], dimensions: Dimension[]): Dimension[] {
  return dimensions.filter((one) => !one.tables.includes('billed') && filters.some((filter) => filter.dimension === one.name))
}
