import { useAnswer } from '../../api/hooks'
import { OverTime, type Course } from '../../charts/OverTime'
import { looks, seriesLook } from '../../charts/palette'
import { Segmented } from '../../parts/Segmented'
import { useParam } from '../../view/view'
import { course } from './asks'
import { NoSessions } from './NoSessions'

const layers: Course[] = [
  { measure: 'engaged_sessions', label: 'Engaged', look: looks.engaged },
  { measure: 'unengaged_sessions', label: 'Unengaged', look: looks.unengaged },
]

const starters: Course[] = [
  { measure: 'user_started_sessions', label: 'User first', look: seriesLook(1) },
  { measure: 'bot_started_sessions', label: 'Bot first', look: seriesLook(0) },
]

const rates: Course[] = [
  { measure: 'engagement_rate', label: 'All sessions', look: looks.engaged },
  { measure: 'user_started_engagement_rate', label: 'User spoke first', look: seriesLook(1) },
  { measure: 'engagement_rate_without_unanswered', label: 'User wrote', look: seriesLook(2) },
]

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
  const [chosen, choose] = useParam('show', 'sessions')
  const way = ways.find(({ value }) => value === chosen)?.value ?? 'sessions'
  const answer = useAnswer(course)
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
