import { Fragment } from 'react'
import { useAnswer } from '../../api/hooks'
import { Funnel } from '../../charts/Funnel'
import { count, percent } from '../../format'
import { Panel } from '../../parts/Panel'
import { CountLink, SessionsLink } from '../../parts/SessionsLink'
import type { Table } from '../../parts/table'
import css from './Engagement.module.css'
import { funnelAsk, funnelSteps, type FunnelStep, type Part } from './funnelSteps'
import { NoSessions } from './NoSessions'

const colors: Record<FunnelStep['key'], string> = {
  sessions: '--series-2',
  replied: '--series-2',
  engaged: '--engaged',
  resolved: '--implied',
}

/** How far sessions get, and in words what became of the others. Every number opens its sessions. */
export function EngagementFunnel() {
  const answer = useAnswer(funnelAsk)
  const steps = answer.data ? funnelSteps(answer.data) : []
  return (
    <Panel
      title="How far sessions get"
      help={<Help steps={steps} />}
      answer={answer}
      minHeight={330}
      shape="bars"
      table={() => tableOf(steps)}
      csv="engagement-funnel"
      empty={answer.data && steps[0]?.sessions === 0 && <NoSessions />}
    >
      {() => (
        <Funnel
          label="From a session to a resolved one"
          steps={steps.map((step) => ({
            key: step.key,
            label: step.label,
            value: step.sessions,
            figure: <CountLink value={step.sessions} {...step.counted} />,
            color: colors[step.key],
            lost: <Lost step={step} />,
          }))}
        />
      )}
    </Panel>
  )
}

/** What happened between the step before and this one. */
function Lost({ step }: { step: FunnelStep }) {
  if (step.lost.length === 0 && step.besides.length === 0) return <>Nobody was lost here.</>
  return (
    <>
      {step.lost.map((part, i) => (
        <Fragment key={part.words}>
          {i > 0 && ', '}
          <Some part={part} of={step.before} />
        </Fragment>
      ))}
      {step.besides.map((part) => (
        <span key={part.words} className={css.besides}>
          Added: <Some part={part} />
        </span>
      ))}
    </>
  )
}

function Some({ part, of }: { part: Part; of?: number }) {
  return (
    <>
      <SessionsLink {...part.counted} className={css.within}>
        {count(part.sessions)}
      </SessionsLink>
      {of !== undefined && ` (${percent(part.sessions / of)})`} {part.words}
    </>
  )
}

function Help({ steps }: { steps: FunnelStep[] }) {
  return (
    <>
      {steps.map((step) => (
        <p key={step.key}>
          <b>{step.label}.</b> {step.meaning}
        </p>
      ))}
      <p>
        The percentages at the right are of all sessions, those between two steps of the step before. A session that is still open has no outcome yet.
      </p>
    </>
  )
}

function tableOf(steps: FunnelStep[]): Table<FunnelStep> {
  return {
    columns: [
      { key: 'step', title: 'Step', kind: 'text', value: (step) => step.label, sortable: false },
      {
        key: 'sessions',
        title: 'Sessions',
        kind: 'count',
        value: (step) => step.sessions,
        cell: (step) => <CountLink value={step.sessions} {...step.counted} />,
        sortable: false,
      },
      { key: 'of_all', title: 'Of all sessions', kind: 'rate', value: (step) => step.ofAll, sortable: false },
      {
        key: 'of_before',
        title: 'Of the step before',
        kind: 'rate',
        value: (step) => step.ofBefore,
        cell: (step) => percent(step.ofBefore),
        sortable: false,
      },
    ],
    rows: steps,
    key: (step) => step.key,
  }
}
