import { useMemo } from 'react'
import { useNavigate } from 'react-router'
import { useAnswer, useDimensions, valueOf } from '../../api/hooks'
import type { Result, Row, Value } from '../../api/types'
import { Heat, type HeatLine } from '../../charts/Heat'
import { count, percent, short } from '../../format'
import { zoneWords } from '../../frame/words'
import { shortName } from '../../names/measures'
import { Panel } from '../../parts/Panel'
import { Segmented } from '../../parts/Segmented'
import { useSessionsHref } from '../../parts/SessionsLink'
import type { Table } from '../../parts/table'
import { useChoice } from '../../view/view'
import { NoSessions } from './NoSessions'

const ways = [
  { value: 'sessions', label: 'Sessions' },
  { value: 'rate', label: 'Engagement rate' },
] as const

/** Days of the week and hours of the day, shaded by how many sessions start in them or by how many of those engage. */
export function WhenTheyCome() {
  const [way, choose] = useChoice('heat', 'sessions', ways)
  const asRate = way === 'rate'
  const measure = asRate ? 'engagement_rate' : 'sessions'
  const answer = useAnswer({ measures: ['sessions', 'engagement_rate'], dimensions: ['weekday', 'hour'] })
  const dimensions = useDimensions()
  const sessions = useSessionsHref()
  const go = useNavigate()
  const result = answer.data
  const cells = useMemo(() => new Map((result?.rows ?? []).map((row) => [row.keys.join(' '), row])), [result])

  const lines = (dimension: string): HeatLine[] =>
    (dimensions.data?.find(({ name }) => name === dimension)?.values ?? []).filter(({ key }) => key !== '')
  const held = (day: string, hour: string): Value | undefined => {
    const row = cells.get(`${day} ${hour}`)
    return row && result ? valueOf(result, row, measure) : undefined
  }
  return (
    <Panel
      title="When sessions start"
      help={`Weekday and hour in ${zoneWords(result?.zone ?? 'UTC')}. The darker, the more; the rate needs ten sessions in an hour. Click a field to see its sessions.`}
      answer={[answer, dimensions]}
      minHeight={230}
      actions={<Segmented label="What to shade" value={way} onChange={(next) => choose(next, { replace: true })} options={ways} />}
      table={() => tableOf(result)}
      csv="sessions-by-weekday-and-hour"
      empty={result?.rows.length === 0 && <NoSessions />}
    >
      {() =>
        result && (
          <Heat
            rows={lines('weekday').map((day) => ({ ...day, short: day.label.slice(0, 3) }))}
            columns={lines('hour').map(({ key }) => ({ key, label: key }))}
            value={(day, hour) => held(day, hour)?.value ?? null}
            write={asRate ? (value) => percent(value) : count}
            brief={asRate ? (value) => percent(value, 0) : short}
            label={asRate ? 'Engagement rate by weekday and hour' : 'Sessions by weekday and hour'}
            zone={result.zone}
            onSelect={(day, hour) =>
              void go(
                sessions({
                  measure,
                  filters: [
                    { dimension: 'weekday', values: [day] },
                    { dimension: 'hour', values: [hour] },
                  ],
                }),
              )
            }
          />
        )
      }
    </Panel>
  )
}

function tableOf(result: Result | undefined): Table<Row> {
  return {
    columns: [
      { key: 'weekday', title: 'Weekday', kind: 'text', value: (row) => row.labels[0] ?? '' },
      { key: 'hour', title: 'Hour', kind: 'text', value: (row) => row.labels[1] ?? '' },
      { key: 'sessions', title: 'Sessions', kind: 'count', value: (row) => (result ? valueOf(result, row, 'sessions').value : null) },
      {
        key: 'engagement_rate',
        title: shortName('engagement_rate'),
        kind: 'rate',
        value: (row) => (result ? valueOf(result, row, 'engagement_rate').value : null),
        counted: (row) => (result ? valueOf(result, row, 'engagement_rate') : undefined),
      },
    ],
    rows: result?.rows ?? [],
    key: (row) => row.keys.join(' '),
  }
}
