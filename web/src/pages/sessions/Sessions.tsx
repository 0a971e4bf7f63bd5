import { useCallback, useMemo } from 'react'
import { useExportHref, useMeasureList, useSessionList, type ListAsk } from '../../api/hooks'
import { count } from '../../format'
import { Button } from '../../parts/Button'
import { DataTable } from '../../parts/DataTable'
import { Empty } from '../../parts/Empty'
import { Menu } from '../../parts/Menu'
import { NoSuchNumber } from '../../parts/NoSuchNumber'
import { Panel } from '../../parts/Panel'
import type { Table } from '../../parts/table'
import type { Session } from '../../api/types'
import { useProvideNeighbours } from '../../session/neighbours'
import { useOpenLink } from '../../session/useOpenLink'
import { useFilter, useParam, useSetView, useView } from '../../view/view'
import { choices, columnsOf, isOrder, usual } from './columns'
import { CountedIn } from './CountedIn'
import { SearchSaid } from './SearchSaid'
import styles from './Sessions.module.css'
import { useColumns } from './useColumns'

const latest = '-started_at'

const keyOf = (s: Session) => `${s.bot_id} ${s.conversation_id} ${s.session}`

export default function Sessions() {
  const { zone, open } = useView()
  const [asked, setSort] = useParam('sort', latest)
  const sort = isOrder(asked) ? asked : latest
  const [said, setSaid] = useParam('said', '')
  const [measure, setMeasure] = useParam('measure', '')
  const [side, setSide] = useParam('denominator', 'false')
  const measures = useMeasureList()
  const counted = measures.data?.find(({ name }) => name === measure)
  const denominator = side === 'true' && Boolean(counted?.denominator)
  // What a number counted, and which of its sides, is asked for once it is known what numbers there are.
  const known = measure === '' || measures.data !== undefined
  // Billed sessions are other things, and have a list of their own; what they are divided by is listed here.
  const strange = measure !== '' && known && (!counted || (counted.table === 'billed' && !denominator))
  const { shown, toggle } = useColumns()
  const openLink = useOpenLink()

  const narrower: ListAsk = {
    ...(measure && { measure }),
    ...(denominator && { denominator }),
    ...(said && { said }),
  }
  const list = useSessionList(strange || !known ? null : { ...narrower, sort, limit: 100 })
  const { rows, count: total, more, loadMore } = list
  const search = useCallback((words: string) => setSaid(words, { replace: true }), [setSaid])

  useProvideNeighbours(
    useMemo(
      () => ({
        sessions: rows.map((s) => ({ conversation: s.conversation_id, session: s.session, bot: s.bot_id })),
        count: total,
        ...(more && { more: loadMore }),
      }),
      [rows, total, more, loadMore],
    ),
  )

  const table = useMemo<Table<Session>>(() => ({ columns: columnsOf(shown), rows, key: keyOf, zone }), [shown, rows, zone])
  const current = open && rows.find((s) => s.conversation_id === open.conversation && s.session === open.number)

  const forget = () => {
    setMeasure('')
    setSide('false')
  }
  if (strange)
    return (
      <>
        <h1>Sessions</h1>
        <NoSuchNumber measure={measure} onRemove={forget} />
      </>
    )
  return (
    <>
      <h1>Sessions</h1>
      <div className={styles.tools}>
        <SearchSaid value={said} onChange={search} />
        <div className={styles.buttons}>
          <Menu
            label="Columns"
            trigger={<Button icon="columns">Columns</Button>}
            items={choices.map(({ key, title }) => ({ key, label: title, checked: shown.includes(key), onSelect: () => toggle(key) }))}
          />
          <Exports narrower={known ? narrower : undefined} sort={sort} />
        </div>
      </div>
      {measure && (
        <CountedIn
          measure={measure}
          denominator={denominator}
          onDenominator={(of) => setSide(String(of))}
          onRemove={forget}
        />
      )}
      <Panel
        title={total === undefined ? 'Sessions' : `${count(total)} ${total === 1 ? 'session' : 'sessions'}`}
        help="Click a session to read what was said and why it counts as it does. Only chats are listed unless you filter by Kind: the test canvas, autonomous runs and evaluations are left out, as they are of every number."
        answer={measure ? [measures, list] : list}
        minHeight={480}
        shape="table"
        empty={rows.length === 0 && <Nothing said={said} measure={measure} onForget={() => search('')} />}
      >
        {() => (
          <>
            <DataTable
              table={table}
              caption="Sessions"
              chosen={shown.join(',') !== usual.join(',')}
              presorted
              sort={sort}
              onSort={setSort}
              rowHref={openLink}
              {...(current && { current: keyOf(current) })}
              virtual={more || rows.length > 40}
              onEnd={loadMore}
            />
            <p className={styles.foot} aria-live="polite">
              {list.loadingMore ? 'Loading more …' : more ? `${count(rows.length)} loaded, more as you scroll` : ''}
              {list.data?.untimed ? ` ${count(list.data.untimed)} without times are only in All time.` : ''}
            </p>
          </>
        )}
      </Panel>
    </>
  )
}

/** The whole list as a file, not only what is loaded. Without what narrows it, that is not known yet. */
function Exports({ narrower, sort }: { narrower: ListAsk | undefined; sort: string }) {
  const href = useExportHref()
  const button = (
    <Button icon="download" disabled={!narrower}>
      Export
    </Button>
  )
  if (!narrower) return button
  const files = [
    { key: 'csv', label: 'Sessions, CSV', href: href('sessions', 'csv', { ...narrower, sort }) },
    { key: 'jsonl', label: 'Sessions, JSON Lines', href: href('sessions', 'jsonl', { ...narrower, sort }) },
    { key: 'parquet', label: 'Sessions, Parquet', href: href('sessions', 'parquet', { ...narrower, sort }) },
    { key: 'said', label: 'What users said, CSV', href: href('utterances', 'csv', narrower) },
    { key: 'rows', label: 'Transcripts as Dataverse rows, CSV', href: href('conversations', 'csv', narrower) },
    { key: 'odata', label: 'Transcripts as Dataverse rows, OData', href: href('conversations', 'odata', narrower) },
  ]
  return (
    <Menu
      label="Export"
      trigger={button}
      items={files.flatMap(({ key, label, href: to }) => (to ? [{ key, label, href: to, download: true }] : []))}
    />
  )
}

function Nothing({ said, measure, onForget }: { said: string; measure: string; onForget: () => void }) {
  const { filters, clear } = useFilter()
  const setView = useSetView()
  return (
    <Empty
      title="No session matches"
      action={
        <div className={styles.buttons}>
          {said && <Button onClick={onForget}>Clear the search</Button>}
          {filters.length > 0 && <Button onClick={clear}>Remove all filters</Button>}
          <Button onClick={() => setView({ range: 'all' })}>Show all time</Button>
        </div>
      }
    >
      <p>
        {said
          ? `Nobody said anything with “${said}” in it in this period.`
          : measure
            ? 'The number counts no session in this period.'
            : 'There is none in this period with these filters.'}
      </p>
    </Empty>
  )
}
