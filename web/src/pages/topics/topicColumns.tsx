import { count, meanChange } from '../../format'
import { shortName } from '../../names/measures'
import { tooFewHere } from '../../parts/columns'
import { Delta } from '../../parts/Delta'
import { finePoints } from '../../parts/driver'
import { CountLink } from '../../parts/SessionsLink'
import type { Column } from '../../parts/table'
import { TopicName } from '../../parts/TopicName'
import { Whisker } from '../../parts/Whisker'
import { EndingBar } from './EndingBar'
import { type Held, held, type TopicRow } from './topicRows'

const impactTitles: Record<Held, string> = {
  resolution_rate: 'Impact on resolution',
  escalation_rate: 'Impact on escalation',
  abandon_rate: 'Impact on abandonment',
  csat_score: 'Impact on CSAT',
}

/** Which way is good, as /measures says of them. */
export const better: Record<Held, 1 | -1> = { resolution_rate: 1, escalation_rate: -1, abandon_rate: -1, csat_score: 1 }

const kindWords = { custom: 'Custom', system: 'System', '': '' }

const name: Column<TopicRow> = {
  key: 'topic',
  title: 'Topic',
  kind: 'text',
  value: (row) => row.name,
  cell: (row) => <TopicName id={row.id} name={row.name} />,
}

const sessions: Column<TopicRow> = {
  key: 'sessions',
  title: 'Sessions',
  kind: 'count',
  value: (row) => row.sessions,
  cell: (row) => <CountLink value={row.sessions} filters={[{ dimension: 'topic', values: [row.id] }]} />,
}

/** How the sessions of each topic went. */
export const rateColumns: Column<TopicRow>[] = [
  name,
  sessions,
  { key: 'share', title: 'Share', kind: 'rate', value: (row) => row.share, help: 'Of all sessions', roomy: true },
  {
    key: 'change',
    title: 'Change',
    kind: 'change',
    value: (row) => row.change?.relative ?? null,
    cell: (row) => <Delta change={row.change} better={0} unit="sessions" compact />,
    help: 'Of its sessions, since the period that it is compared with',
    roomy: true,
  },
  {
    key: 'endings',
    title: 'How they ended',
    kind: 'custom',
    value: (row) => (row.sessions === 0 ? null : row.engaged / row.sessions),
    cell: (row) => <EndingBar row={row} />,
    width: 150,
    csv: false,
    help: 'Confirmed, implied, escalated, abandoned, and unengaged or unfinished; sorted by the part that was engaged',
  },
  {
    key: 'engagement_rate',
    title: shortName('engagement_rate'),
    kind: 'rate',
    value: (row) => row.engagement.value,
    counted: (row) => row.engagement,
  },
  ...held.map(
    (measure): Column<TopicRow> => ({
      key: measure,
      title: shortName(measure),
      kind: measure === 'csat_score' ? 'mean' : 'rate',
      value: (row) => row.values[measure].value,
      counted: (row) => row.values[measure],
    }),
  ),
  { key: 'kind', title: 'Kind', kind: 'text', roomy: true, value: (row) => kindWords[row.kind], help: 'Written by the author (custom) or part of the platform (system)' },
]

/** What each topic does to the rates of all sessions. */
export function impactColumns(rows: TopicRow[]): Column<TopicRow>[] {
  return [
    name,
    sessions,
    ...held.flatMap((measure): Column<TopicRow>[] => {
      const scale = widest(rows, measure)
      const impact: Column<TopicRow> = {
        key: `${measure}_impact`,
        title: impactTitles[measure],
        kind: 'custom',
        align: 'right',
        value: (row) => row.drivers[measure]?.impact ?? null,
        cell: (row) => <Impact row={row} measure={measure} scale={scale} />,
        help: 'The value of all sessions minus what it would be without the topic’s, with its 95 % interval',
      }
      if (measure !== 'resolution_rate') return [impact]
      return [
        impact,
        {
          key: `${measure}_headroom`,
          title: 'To win',
          kind: 'count',
          value: (row) => row.drivers[measure]?.headroom ?? null,
          cell: (row) => headroom(row.drivers[measure]?.headroom),
          help: 'How many sessions more would be resolved if the topic were like the others',
        },
      ]
    }),
  ]
}

function Impact({ row, measure, scale }: { row: TopicRow; measure: Held; scale: number }) {
  const driver = row.drivers[measure]
  if (!driver || driver.impact === null) return tooFewHere
  return (
    <Whisker
      value={driver.impact}
      low={driver.impact_low}
      high={driver.impact_high}
      scale={scale}
      better={better[measure]}
      write={measure === 'csat_score' ? meanChange : finePoints}
    />
  )
}

/**
 * The end of the scale on both sides, so that whiskers of a column can be compared. Sessions without a topic are no topic, and so
 * many that nothing else could be seen: theirs may reach the end.
 */
function widest(rows: TopicRow[], measure: Held): number {
  return rows.filter((row) => row.id !== '').reduce((most, row) => {
    const driver = row.drivers[measure]
    return Math.max(most, Math.abs(driver?.impact_low ?? 0), Math.abs(driver?.impact_high ?? 0))
  }, 0)
}

/** Nothing to win is not a figure of its own. */
function headroom(sessions: number | null | undefined): string {
  return sessions === null || sessions === undefined || sessions < 0.5 ? '' : count(Math.round(sessions))
}
