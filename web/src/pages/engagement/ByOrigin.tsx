import { useAnswer, valueOf } from '../../api/hooks'
import type { Result, Row } from '../../api/types'
import { RateBars } from '../../charts/RateBars'
import { percent } from '../../format'
import { channelName } from '../../names/channels'
import { shortName } from '../../names/measures'
import { Panel } from '../../parts/Panel'
import { CountLink, SessionsLink } from '../../parts/SessionsLink'
import type { Table } from '../../parts/table'
import { useFilter } from '../../view/view'
import { languageName } from './languageName'
import { NoSessions } from './NoSessions'

interface Props {
  dimension: 'channel' | 'locale'
  title: string
}

/** The engagement rate where people come from, largest first. A click keeps only that, with Ctrl or ⌘ everything else. */
export function ByOrigin({ dimension, title }: Props) {
  const answer = useAnswer({ measures: ['sessions', 'engagement_rate'], dimensions: [dimension], sort: '-sessions' })
  const filter = useFilter()
  const result = answer.data
  const nameOf = dimension === 'locale' ? languageName : channelName
  return (
    <Panel
      title={title}
      help="The share of sessions that became engaged, most sessions first; the thin line is its 95 % interval. Click a name to show only it, with Ctrl or ⌘ to leave it out. Click a number to see its sessions."
      answer={answer}
      minHeight={260}
      shape="bars"
      table={() => tableOf(result, dimension, nameOf)}
      csv={`engagement-by-${dimension}`}
      empty={result?.rows.length === 0 && <NoSessions />}
    >
      {() =>
        result && (
          <RateBars
            label={title}
            limit={8}
            average={valueOf(result, undefined, 'engagement_rate').value}
            onFilter={(key, exclude) => filter.toggle(dimension, key, exclude)}
            rows={result.rows.map((row) => {
              const key = row.keys[0] ?? ''
              const value = valueOf(result, row, 'engagement_rate')
              return {
                key,
                label: nameOf(key),
                value,
                color: '--engaged',
                active: filter.holds(dimension, key),
                ...(value.value !== null && {
                  figure: (
                    <SessionsLink measure="engagement_rate" filters={[{ dimension, values: [key] }]}>
                      {percent(value.value)}
                    </SessionsLink>
                  ),
                }),
              }
            })}
          />
        )
      }
    </Panel>
  )
}

function tableOf(result: Result | undefined, dimension: Props['dimension'], nameOf: (key: string) => string): Table<Row> {
  const value = (row: Row, measure: string) => (result ? valueOf(result, row, measure) : { value: null })
  return {
    columns: [
      { key: dimension, title: dimension === 'locale' ? 'Language' : 'Channel', kind: 'text', value: (row) => nameOf(row.keys[0] ?? '') },
      {
        key: 'sessions',
        title: 'Sessions',
        kind: 'count',
        value: (row) => value(row, 'sessions').value,
        cell: (row) => <CountLink value={value(row, 'sessions').value} filters={[{ dimension, values: [row.keys[0] ?? ''] }]} />,
      },
      {
        key: 'engagement_rate',
        title: shortName('engagement_rate'),
        kind: 'rate',
        value: (row) => value(row, 'engagement_rate').value,
        counted: (row) => value(row, 'engagement_rate'),
      },
    ],
    rows: result?.rows ?? [],
    key: (row) => row.keys[0] ?? '',
  }
}
