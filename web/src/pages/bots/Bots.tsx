import { useMemo } from 'react'
import { useAnswer, useBots, useMeasureList, useMeasures, valueOf } from '../../api/hooks'
import type { Measure } from '../../api/types'
import { count, measured } from '../../format'
import { measureColumn, tooFewHere } from '../../parts/columns'
import { DataTable } from '../../parts/DataTable'
import { Delta } from '../../parts/Delta'
import { Empty } from '../../parts/Empty'
import { useMedia } from '../../parts/media'
import { Panel } from '../../parts/Panel'
import { SessionsLink } from '../../parts/SessionsLink'
import { Sparkline } from '../../parts/Sparkline'
import { orderOf, parseSort, type Column } from '../../parts/table'
import { useFilter, useLink, useParam, useView } from '../../view/view'
import { botRows, chosenMeasures, silent, usual, type BotRow } from './botRows'
import css from './Bots.module.css'
import { MeasurePicker } from './MeasurePicker'

const busiest = '-sessions'

/** So many lines can be looked at; more would be a long answer that nobody sees. */
const mostLines = 200

/** All bots side by side, by any measure. */
export default function Bots() {
  const link = useLink()
  const { filters } = useFilter()
  const { zone } = useView()
  const known = useMeasures()
  const bots = useBots()
  const [written, setWritten] = useParam('cols', usual.join(','))
  const [order, setOrder] = useParam('sort', busiest)

  // Other measures than the usual ones are asked for once it is known that there are such.
  const list = useMeasureList()
  const waits = written !== usual.join(',') && list.loading
  const measures = useMemo(() => chosenMeasures(written, known), [written, known])
  const sort = orderOf([nameColumn.key, ...measures], order, busiest)
  const sortedBy = parseSort(sort)?.key ?? ''
  const followed = measures.includes(sortedBy) ? sortedBy : (measures[0] ?? 'sessions')

  const answer = useAnswer(waits ? null : { measures, dimensions: ['bot'], compare: true })
  const byTime = useAnswer(waits || (bots.data?.length ?? 0) > mostLines ? null : { measures: [followed], dimensions: ['bot'], grain: 'auto' })

  const rows = useMemo(() => (answer.data ? botRows(answer.data, byTime.data) : []), [answer.data, byTime.data])
  // On a phone the figures come first: there is no room for the lines beside them.
  const narrow = useMedia('(max-width: 699px)')
  const columns = useMemo(
    () => [nameColumn, ...(narrow ? [] : [courseColumn(followed, known)]), ...measures.map((name) => figureColumn(name, known))],
    [narrow, measures, followed, known],
  )
  const without = bots.data && answer.data && filters.length === 0 ? silent(bots.data, rows) : []

  return (
    <>
      <h1>Bots</h1>
      <Panel
        title="All bots"
        help="Click a bot to see its Summary, a number to see its sessions, the head of a column to sort by it. The small line is the measure that the table is sorted by, over time."
        answer={waits ? list : answer}
        minHeight={320}
        shape="table"
        actions={<MeasurePicker chosen={measures} onChoose={(next) => setWritten(next.join(','), { replace: true })} />}
        empty={rows.length === 0 && <Empty title="No bot has sessions here">Choose a longer range, or take a filter away.</Empty>}
      >
        {() => (
          <>
            <p className={css.about}>
              {answer.data && words(rows.length, measures.includes('sessions') ? valueOf(answer.data, undefined, 'sessions').value : null)}
            </p>
            <DataTable
              table={{ columns, rows, key: (row) => row.id, zone }}
              caption="Bots side by side"
              sort={sort}
              onSort={(next) => setOrder(next, { replace: true })}
              rowHref={(row) => link('/', { bots: [row.id] })}
              csv="bots"
              chosen={measures.join(',') !== usual.join(',')}
            />
            {without.length > 0 && <Silent names={without.map((bot) => bot.name || bot.id)} />}
          </>
        )}
      </Panel>
    </>
  )
}

function words(bots: number, sessions: number | null): string {
  return `${count(bots)} ${bots === 1 ? 'bot' : 'bots'}${sessions === null ? '' : `, ${count(sessions)} ${sessions === 1 ? 'session' : 'sessions'}`}`
}

function Silent({ names }: { names: string[] }) {
  const shown = names.slice(0, 5)
  const more = names.length - shown.length
  return (
    <p className={css.note}>
      Without a session here:{' '}
      {shown.map((name, i) => (
        <span key={name}>
          {i > 0 && ', '}
          <bdi>{name}</bdi>
        </span>
      ))}
      {more > 0 && ` and ${count(more)} more`}.
    </p>
  )
}

const nameColumn: Column<BotRow> = { key: 'bot', title: 'Bot', kind: 'text', value: (row) => row.name }

function courseColumn(followed: string, known: (name: string) => Measure | undefined): Column<BotRow> {
  const title = `${known(followed)?.label ?? followed} over time`
  return {
    key: 'course',
    title: 'Trend',
    kind: 'custom',
    sortable: false,
    csv: false,
    width: 120,
    help: title,
    value: () => null,
    cell: (row) => (
      <span className={css.course}>
        <Sparkline values={row.course} label={title} height={22} unfinished={row.unfinished} zero={known(followed)?.kind === 'count'} />
      </span>
    ),
  }
}

function figureColumn(name: string, known: (name: string) => Measure | undefined): Column<BotRow> {
  return {
    ...measureColumn<BotRow>({ key: name, known, of: (row) => row.values[name]?.value }),
    cell: (row) => <Figure row={row} name={name} measure={known(name)} />,
  }
}

/** A number that opens its sessions, and how it changed. */
function Figure({ row, name, measure }: { row: BotRow; name: string; measure: Measure | undefined }) {
  const figure = row.values[name]
  if (!figure) return null
  const { value, before, change } = figure
  const text = value.too_few ? tooFewHere : measured(measure?.unit ?? '', measure?.kind ?? '', value.value)
  const opens = value.too_few ? (value.denominator ?? 0) > 0 : (value.value ?? 0) > 0
  return (
    <span className={css.figure}>
      {opens ? (
        <SessionsLink measure={name} denominator={value.too_few} filters={[{ dimension: 'bot', values: [row.id] }]} title="Show these sessions">
          {text}
        </SessionsLink>
      ) : (
        text
      )}
      <Delta change={change} better={measure?.better ?? 0} unit={measure?.unit} value={value} before={before} compact />
    </span>
  )
}
