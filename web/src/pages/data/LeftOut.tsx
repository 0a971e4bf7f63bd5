import { useMemo } from 'react'
import { Link } from 'react-router'
import { useAnswer, valueOf } from '../../api/hooks'
import type { Filter, Result, Row } from '../../api/types'
import { count } from '../../format'
import { channelName } from '../../names/channels'
import { BarList } from '../../parts/BarList'
import { Panel } from '../../parts/Panel'
import { widened } from '../../view/filters'
import { usePeriod } from '../../view/period'
import { useLink, useView } from '../../view/view'
import { daysOf, heavyUsers, meanings, testChannels } from './testTraffic'
import styles from './Data.module.css'

const measures = ['sessions']

const mostUsers = 100_000

/** What the headline numbers leave out on purpose, and what in them looks like testing. */
export function LeftOut() {
  const { period } = usePeriod()
  const { filters } = useView()
  // This page is about all of the data: filters of other pages are not in sight here, and do not hold.
  const without = filters.map((filter) => filter.dimension)
  const kinds = useAnswer({ measures, dimensions: ['kind'], without })
  const channels = useAnswer({ measures, dimensions: ['channel'], limit: 100, without })
  // Who is busy takes a row a user: beyond some number of them it is not asked, and said so.
  const people = useAnswer({ measures: ['users'], without })
  const crowd = people.data ? (valueOf(people.data, undefined, 'users').value ?? 0) > mostUsers : undefined
  const users = useAnswer(
    crowd === false ? { measures: ['conversations'], dimensions: ['user'], sort: '-conversations', limit: 50, without } : null,
  )
  const days = daysOf(period)

  return (
    <Panel
      title="Test traffic"
      help="Numbers count chats alone unless you filter by Kind. What people try out elsewhere, such as in the emulator or as one busy user, cannot be told for sure: look, and leave it out with a filter."
      answer={crowd ? [kinds, channels, people] : [kinds, channels, people, users]}
      minHeight={150}
      shape="bars"
    >
      {() => (
        <div className={styles.columns}>
          <div>
            <h3>Left out of every number</h3>
            <Kinds result={kinds.data} />
            {kinds.data?.untimed ? (
              <p className={styles.quiet}>{count(kinds.data.untimed)} sessions have no times. They are only counted in All time.</p>
            ) : null}
          </div>
          <div>
            <h3>Counted, and perhaps a test</h3>
            <Suspects channels={channels.data} users={users.data} days={days} />
            {crowd && <p className={styles.quiet}>More than {count(mostUsers)} users: choose a shorter range to look for those with very many conversations.</p>}
          </div>
        </div>
      )}
    </Panel>
  )
}

function Kinds({ result }: { result: Result | undefined }) {
  const rows = result?.rows.filter((row) => row.keys[0] !== 'chat') ?? []
  if (!result || rows.length === 0) return <p className={styles.quiet}>Nothing: all sessions of this period are chats.</p>
  return (
    <dl className={styles.facts}>
      {rows.map((row) => {
        const kind = row.keys[0] ?? ''
        return (
          <div key={kind}>
            <dt>
              {row.labels[0]} <span className={styles.quiet}>{meanings[kind]}</span>
            </dt>
            <dd>
              <Behind value={valueOf(result, row, 'sessions').value} filter={{ dimension: 'kind', values: [kind] }} />
            </dd>
          </div>
        )
      })}
    </dl>
  )
}

function Suspects({ channels, users, days }: { channels: Result | undefined; users: Result | undefined; days: number }) {
  const busy = useMemo(() => (users ? heavyUsers(users, days) : []), [users, days])
  const odd = channels ? testChannels(channels) : []
  if (busy.length === 0 && odd.length === 0) {
    return (
      <p className={styles.quiet}>Nothing stands out: no channel is one for testing{users ? ', and no user has conversations for every day' : ''}.</p>
    )
  }
  return (
    <div className={styles.stack}>
      {channels && odd.length > 0 && (
        <div>
          <p>Channels that are mostly used for testing:</p>
          <BarList label="Channels for testing" rows={odd.map((row) => bar(channels, row, 'sessions', 'channel'))} />
        </div>
      )}
      {users && busy.length > 0 && (
        <div>
          <p>
            Users with {days > 1 ? `more conversations than the period has days (${count(days)})` : 'very many conversations'}, as testers and
            monitors have:
          </p>
          <BarList label="Users with very many conversations" limit={5} rows={busy.map((row) => bar(users, row, 'conversations', 'user'))} />
        </div>
      )}
    </div>
  )
}

function bar(result: Result, row: Row, measure: string, dimension: string) {
  const key = row.keys[0] ?? ''
  const value = valueOf(result, row, measure).value
  return {
    key,
    label: dimension === 'channel' ? channelName(key) : (row.labels[0] ?? key),
    value,
    figure: <Behind value={value} measure={measure} filter={{ dimension, values: [key] }} />,
    aside: <LeaveOut filter={{ dimension, values: [key], exclude: true }} />,
  }
}

/** A number that leads to its sessions, under this filter alone. */
function Behind({ value, measure = 'sessions', filter }: { value: number | null; measure?: string; filter: Filter }) {
  const link = useLink()
  return <Link to={link('/sessions', { filters: [filter] }, { measure })}>{count(value)}</Link>
}

function LeaveOut({ filter }: { filter: Filter }) {
  const link = useLink()
  const { filters } = useView()
  return (
    <Link to={link('/', { filters: widened(filters, filter) })} title="To the Summary without it">
      leave out
    </Link>
  )
}
