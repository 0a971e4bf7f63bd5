import type { ReactNode } from 'react'
import type { Session } from '../api/types'
import { channelName } from '../names/channels'
import { Badge, stateOf } from '../parts/Badge'
import { count, dateTime, duration } from '../format'
import styles from './SessionDrawer.module.css'

const kinds: Record<string, string> = {
  design: 'Test canvas',
  autonomous: 'Autonomous run',
  evaluation: 'Evaluation',
  child: 'Connected agent',
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <bdi>{children}</bdi>
      </dd>
    </div>
  )
}

/** What is known of a session at a glance. */
export function Facts({ session, sessions, zone }: { session: Session; sessions: number; zone: string }) {
  const { started_at: from, ended_at: to } = session
  const kind = kinds[session.kind]
  return (
    <section className={styles.facts} aria-label="This session">
      <p className={styles.badges}>
        <Badge state={stateOf(session)} />
        {session.engagement === 'engaged' && stateOf(session) !== 'engaged' && <Badge state="engaged" />}
        {sessions > 1 && (
          <span className={styles.ordinal}>
            Session {count(session.session)} of {count(sessions)} in this conversation
          </span>
        )}
      </p>
      <dl>
        <Fact name="Started">{from ? dateTime(from, zone) : 'unknown'}</Fact>
        <Fact name="Duration">{from && to ? duration(Date.parse(to) - Date.parse(from)) : duration(null)}</Fact>
        <Fact name="Turns">
          {count(session.turns)} ({count(session.user_messages)} by the user)
        </Fact>
        <Fact name="Started by">{session.started_by === 'user' ? 'the user' : session.started_by === 'bot' ? 'the bot' : 'nobody'}</Fact>
        <Fact name="Channel">{[channelName(session.channel), session.locale].filter(Boolean).join(', ')}</Fact>
        {session.csat !== null && <Fact name="CSAT">{count(session.csat)} of 5</Fact>}
        {kind && <Fact name="Kind">{kind}</Fact>}
      </dl>
    </section>
  )
}
