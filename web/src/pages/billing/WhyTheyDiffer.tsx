import { useMemo, type ReactNode } from 'react'
import { useAnswer, valueOf } from '../../api/hooks'
import type { Filter, Result } from '../../api/types'
import { count } from '../../format'
import { Panel } from '../../parts/Panel'
import { SessionsLink } from '../../parts/SessionsLink'
import type { Table } from '../../parts/table'
import { bridge, type Counts, type Step } from './bridge'
import css from './Billing.module.css'

/** From analytics sessions to billed ones, step by step, in words and numbers that add up. */
export function WhyTheyDiffer({ without }: { without: string[] }) {
  const kinds = useAnswer({ measures: ['sessions', 'billed_sessions'], dimensions: ['topic_kind'], without })
  const rules = useAnswer({ measures: ['billed_sessions'], dimensions: ['opened_by'], without })
  const steps = useMemo(() => (kinds.data && rules.data ? bridge(countsOf(kinds.data, rules.data)) : []), [kinds.data, rules.data])
  return (
    <Panel
      title="Why they differ"
      help="An analytics session is about whether the bot helped; a billed session is a unit of use. No session of one kind is matched with one of the other: what the other steps leave is “cut in other places”."
      answer={[kinds, rules]}
      minHeight={290}
      shape="text"
      table={() => tableOf(steps)}
      csv="billed-why"
    >
      {() => (
        <ol className={css.steps}>
          {steps.map((step) => (
            <li key={step.id} data-total={step.total || undefined}>
              <span className={css.number}>
                <Number step={step} without={without} />
              </span>
              <span className={css.words}>
                <b>{step.title}</b>
                <span>{step.why}</span>
              </span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  )
}

function countsOf(kinds: Result, rules: Result): Counts {
  const custom = kinds.rows.find((row) => row.keys[0] === 'custom')
  return {
    sessions: valueOf(kinds, undefined, 'sessions').value ?? 0,
    custom: custom ? (valueOf(kinds, custom, 'sessions').value ?? 0) : 0,
    billed: valueOf(kinds, undefined, 'billed_sessions').value ?? 0,
    opened: new Map(rules.rows.map((row) => [row.keys[0] ?? '', valueOf(rules, row, 'billed_sessions').value ?? 0])),
  }
}

/** What a step counts, where it counts sessions: the last one is a difference, and opens nothing. */
const opens: Partial<Record<Step['id'], { measure: string; filters?: Filter[] }>> = {
  sessions: { measure: 'sessions' },
  without_custom: { measure: 'sessions', filters: [{ dimension: 'topic_kind', values: ['custom'], exclude: true }] },
  flow_or_skill: { measure: 'billed_sessions', filters: [{ dimension: 'opened_by', values: ['billed.flow', 'billed.skill'] }] },
  again: { measure: 'billed_sessions', filters: [{ dimension: 'opened_by', values: ['billed.max_length', 'billed.max_turns'] }] },
  billed: { measure: 'billed_sessions' },
}

function Number({ step, without }: { step: Step; without: string[] }): ReactNode {
  const text = step.total ? count(step.number) : `${step.number > 0 ? '+' : ''}${count(step.number)}`
  const to = opens[step.id]
  if (!to || step.number === 0) return text
  return (
    <SessionsLink {...to} without={without} title="Show these sessions">
      {text}
    </SessionsLink>
  )
}

function tableOf(steps: Step[]): Table<Step> {
  return {
    rows: steps,
    key: (step) => step.id,
    columns: [
      { key: 'title', title: 'Step', kind: 'text', value: (step) => step.title, sortable: false },
      { key: 'number', title: 'Sessions', kind: 'count', value: (step) => step.number, sortable: false },
      { key: 'why', title: 'Why', kind: 'text', value: (step) => step.why, sortable: false },
    ],
  }
}
