import { useAnswer } from '../../api/hooks'
import { OverTime } from '../../charts/OverTime'
import { Segmented } from '../../parts/Segmented'
import { useChoice } from '../../view/view'
import { engagementAsk } from './asks'
import { layers, rates, starters } from './courses'
import { NoSessions } from './NoSessions'

const shown = {
  sessions: {
    courses: layers,
    kind: 'stacked',
    unit: 'count',
    help: 'Sessions by when they started, engaged or not. Click a bar to see its sessions.',
  },
  starters: {
    courses: starters,
    kind: 'stacked',
    unit: 'count',
    help: 'Sessions by when they started, and by who sent the first message. Click a bar to see its sessions.',
  },
  rates: {
    courses: rates,
    kind: 'lines',
    unit: 'rate',
    help: 'The share of sessions that became engaged: of all, of those in which the user spoke first, and of those in which the user wrote at all. The band is the 95 % interval.',
  },
} as const

type Shown = keyof typeof shown

const ways: { value: Shown; label: string }[] = [
  { value: 'sessions', label: 'Engaged' },
  { value: 'starters', label: 'Who spoke first' },
  { value: 'rates', label: 'Rate' },
]

export function EngagementOverTime() {
  const [way, choose] = useChoice('show', 'sessions', ways)
  const answer = useAnswer(engagementAsk)
  const { help, ...drawn } = shown[way]
  return (
    <OverTime
      title="Engagement over time"
      help={help}
      answer={answer}
      csv="engagement-over-time"
      actions={<Segmented label="What to draw" value={way} onChange={(next) => choose(next, { replace: true })} options={ways} />}
      empty={answer.data?.total.values[0]?.value === 0 && <NoSessions />}
      {...drawn}
    />
  )
}
