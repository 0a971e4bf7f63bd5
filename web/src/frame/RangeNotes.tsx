import { useLocation } from 'react-router'
import { useBots, useStatus } from '../api/catalogue'
import { useAnswer, valueOf } from '../api/questions'
import type { Result, Row } from '../api/types'
import { count, day } from '../format'
import { Button } from '../parts/Button'
import { misreadTimes, useMisreadFilters } from '../view/misread'
import { usePeriod } from '../view/period'
import { addDays, dayOf } from '../view/ranges'
import { useFilter, useSetView, useView } from '../view/view'
import styles from './Banner.module.css'
import note from './Note.module.css'
import { periodWords } from './words'

/** Whether the range holds nothing although there is data elsewhere; undefined while that is not known. */
export function useNothingInRange(): boolean | undefined {
  const { sessions } = usePeriod()
  const passing = useSessionsPassing()
  if (sessions === undefined) return undefined
  // Filters by the sort of traffic let in what does not count without them.
  return sessions === 0 && passing === 0
}

function useSessionsPassing(): number | undefined {
  const understood = useMisreadFilters()?.length === 0
  const { data, refreshing } = useAnswer(understood ? { measures: ['sessions'] } : null)
  return data && !refreshing ? (valueOf(data, undefined, 'sessions').value ?? undefined) : undefined
}

/** In place of the page: says where there is something. */
export function NothingInRange() {
  const { data } = useAnswer({ measures: ['sessions'], dimensions: ['kind'], without: ['kind'] })
  const uncounted = data?.rows.filter((row) => row.keys[0] !== 'chat' && (valueOf(data, row, 'sessions').value ?? 0) > 0) ?? []
  return data && uncounted.length > 0 ? <OnlyUncounted result={data} rows={uncounted} /> : <Nothing />
}

/** There are sessions, of a kind that counts only when it is asked for: somebody tries the bot, or the bot runs by itself. */
function OnlyUncounted({ result, rows }: { result: Result; rows: Row[] }) {
  const { add } = useFilter()
  const kinds = rows.map((row) => `${row.labels[0] ?? ''} (${count(valueOf(result, row, 'sessions').value)})`)
  return (
    <section className={note.note}>
      <h1>No chats with users in this range</h1>
      <p>
        It has sessions of another kind: {kinds.join(', ')}. They count only where you ask for them, so that trying out a bot does not change its
        numbers.
      </p>
      <p className={note.actions}>
        <Button look="primary" onClick={() => add({ dimension: 'kind', values: rows.map((row) => row.keys[0] ?? '') })}>
          Show them
        </Button>
      </p>
    </section>
  )
}

function Nothing() {
  const view = useView()
  const setView = useSetView()
  const { period } = usePeriod()
  const bounds = useBounds()
  return (
    <section className={note.note}>
      <h1>Nothing in this range</h1>
      <p>
        No session started {period ? `within ${periodWords(period, view.zone)}` : 'then'}.{' '}
        {bounds && `There are some from ${day(bounds.first, view.zone)} to ${day(bounds.last, view.zone)}.`}
      </p>
      <p className={note.actions}>
        {bounds && (
          <Button
            look="primary"
            onClick={() => {
              const last = dayOf(new Date(bounds.last), view.zone)
              setView({ range: { from: addDays(last, -27), to: last } })
            }}
          >
            Show the last 28 days with data
          </Button>
        )}
        <Button onClick={() => setView({ range: 'all' })}>Show all time</Button>
      </p>
    </section>
  )
}

/** When sessions of the chosen bots started, first and last. */
function useBounds(): { first: string; last: string } | undefined {
  const { bots: chosen } = useView()
  const bots = useBots().data
  const status = useStatus().data
  if (chosen.length === 0) return status?.first_at && status.last_at ? { first: status.first_at, last: status.last_at } : undefined
  const mine = (bots ?? []).filter((bot) => chosen.includes(bot.id))
  const first = mine.flatMap((bot) => bot.first_at ?? []).sort()[0]
  const last = mine
    .flatMap((bot) => bot.last_at ?? [])
    .sort()
    .at(-1)
  return first && last ? { first, last } : undefined
}

/** In the bar above the page: that the address asks for days that there are not, and that others are shown. */
export function MisreadNote() {
  const { search } = useLocation()
  const { zone } = useView()
  const setView = useSetView()
  const said = misreadTimes(new URLSearchParams(search), zone)
  if (said.length === 0) return null
  return (
    <p className={styles.note} role="status">
      <span className={styles.words}>{said.join(' ')}</span>
      {/* Whatever is written anew is written without it. */}
      <Button small onClick={() => setView({}, { replace: true })}>
        Remove {said.length === 1 ? 'it' : 'them'} from the address
      </Button>
    </p>
  )
}

/** In the bar above the page, where it moves nothing: that the range is not the one asked for, or that the filters leave nothing of it. */
export function RangeNote() {
  const view = useView()
  const setView = useSetView()
  const { clear } = useFilter()
  const { chosen, period, sessions } = usePeriod()
  const passing = useSessionsPassing()
  const narrowed = view.filters.length > 0 || view.bots.length > 0

  if (narrowed && passing === 0 && sessions) {
    return (
      <p className={styles.note} role="status">
        No session in this range passes the filters.
        <Button small onClick={clear}>
          {view.filters.length === 0 ? 'Show all bots' : 'Remove the filters'}
        </Button>
      </p>
    )
  }
  if (chosen === 'last_with_data') {
    return (
      <p className={styles.note}>
        Nothing happened in the last 28 days. You see the 28 days up to the last session, {periodWords(period, view.zone)}.
        <Button small onClick={() => setView({ range: 'all' })}>
          Show all time
        </Button>
      </p>
    )
  }
  return null
}
