import { useMemo } from 'react'
import { useAnswer, valueOf } from '../../api/hooks'
import type { Filter, Result, Row } from '../../api/types'
import { channelName } from '../../names/channels'
import { shortName } from '../../names/measures'
import { DataTable } from '../../parts/DataTable'
import { Panel } from '../../parts/Panel'
import { CountLink } from '../../parts/SessionsLink'
import type { Column, Table } from '../../parts/table'
import { useFilter } from '../../view/view'
import { held } from './topicRows'

/** The same topic where people talk to the bot. */
export function ByChannel({ filters }: { filters: Filter[] }) {
  const { toggle } = useFilter()
  const answer = useAnswer({ measures: ['sessions', 'engagement_rate', ...held], dimensions: ['channel'], filters })
  const table = useMemo(() => answer.data && tableOf(answer.data, filters), [answer.data, filters])
  return (
    <Panel title="By channel" answer={answer} minHeight={table ? 0 : 150} shape="table">
      {() =>
        table && (
          <DataTable
            table={table}
            caption="The topic by channel"
            initialSort="-sessions"
            onFilter={(row, exclude) => toggle('channel', row.keys[0] ?? '', exclude)}
            csv="topic-by-channel"
          />
        )
      }
    </Panel>
  )
}

function tableOf(result: Result, filters: Filter[]): Table<Row> {
  const rate = (measure: string, kind: 'rate' | 'mean'): Column<Row> => ({
    key: measure,
    title: shortName(measure),
    kind,
    value: (row) => valueOf(result, row, measure).value,
    counted: (row) => valueOf(result, row, measure),
  })
  return {
    rows: result.rows,
    key: (row) => row.keys[0] ?? '',
    columns: [
      { key: 'channel', title: 'Channel', kind: 'text', value: (row) => channelName(row.keys[0]) },
      {
        key: 'sessions',
        title: 'Sessions',
        kind: 'count',
        value: (row) => valueOf(result, row, 'sessions').value,
        cell: (row) => (
          <CountLink value={valueOf(result, row, 'sessions').value} filters={[...filters, { dimension: 'channel', values: [row.keys[0] ?? ''] }]} />
        ),
      },
      rate('engagement_rate', 'rate'),
      ...held.map((measure) => rate(measure, measure === 'csat_score' ? 'mean' : 'rate')),
    ],
  }
}
