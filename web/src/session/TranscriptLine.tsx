import { useEffect, useRef, type ReactNode } from 'react'
import type { Activity, Conversation } from '../api/types'
import { clock, count, dateTime, duration } from '../format'
import { Icon, type IconName } from '../parts/Icon'
import { useSetView } from '../view/view'
import { outcomeInWords } from './rules'
import styles from './Transcript.module.css'
import type { Target } from './Transcript'
import type { Line, Stretch } from './transcript'

interface Props {
  line: Line
  stretch: Stretch
  conversation: Conversation
  session: number
  zone: string
  recognition: ReadonlyMap<number, string>
  /** Set on the line that a rule led to. */
  marked: Target | null
  onFold: (places: number[], open: boolean) => void
}

/** One line of the transcript, with the rail of its topic beside it. */
export function TranscriptLine(props: Props) {
  const { line, stretch, session, marked } = props
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // Whoever follows a rule by keyboard goes on reading from there.
    if (marked) box.current?.focus({ preventScroll: true })
  }, [marked])
  const other = stretch.session !== null && stretch.session !== session
  const classes = [styles.row, stretch.topic && styles.railed, other && styles.dimmed, marked && styles.marked]
  return (
    <div ref={box} tabIndex={marked ? -1 : undefined} className={classes.filter(Boolean).join(' ')} data-kind={line.kind}>
      <Content {...props} />
    </div>
  )
}

function Content({ line, conversation, session, zone, recognition, marked, onFold }: Props): ReactNode {
  const activity = (place: number) => conversation.activities[place]
  switch (line.kind) {
    case 'session':
      return <SessionLine number={line.session} at={line.at} conversation={conversation} session={session} zone={zone} />
    case 'gap':
      return <p className={styles.gap}>{duration(line.ms)} later</p>
    case 'topic':
      return (
        <p className={styles.topic}>
          <span className="visually-hidden">Topic: </span>
          <bdi>{line.name}</bdi>
        </p>
      )
    case 'message': {
      const said = activity(line.place)
      return said && <Message said={said} recognition={recognition.get(line.place)} zone={zone} />
    }
    case 'note': {
      const happened = activity(line.place)
      return happened && <Note happened={happened} zone={zone} />
    }
    case 'system': {
      const { places, open } = line
      return (
        <div>
          <button
            type="button"
            className={styles.fold}
            aria-expanded={open}
            aria-label={`${count(places.length)} system ${places.length === 1 ? 'event' : 'events'}`}
            title={open ? 'Fold' : 'Show what happened between the messages'}
            onClick={() => onFold(places, !open)}
          >
            <Icon name={open ? 'open' : 'more'} size={12} />
            {count(places.length)}
          </button>
          {open && (
            <ol className={styles.events}>
              {places.map((place) => {
                const event = activity(place)
                return event && <SystemEvent key={place} event={event} zone={zone} marked={marked?.place === place} />
              })}
            </ol>
          )}
        </div>
      )
    }
  }
}

function SessionLine({
  number,
  at,
  conversation,
  session,
  zone,
}: {
  number: number
  at: string | null
  conversation: Conversation
  session: number
  zone: string
}) {
  const setView = useSetView()
  const its = conversation.sessions.find((s) => s.session === number)
  const words = (
    <>
      Session {count(number)}
      {at && <span className={styles.when}>{dateTime(at, zone)}</span>}
      {its && <span className={styles.when}>{outcomeInWords(its)}</span>}
    </>
  )
  return (
    <h4 className={styles.divider}>
      {number === session ? (
        <span className={styles.here}>{words}</span>
      ) : (
        <button
          type="button"
          className={styles.goto}
          onClick={() => setView({ open: { conversation: conversation.conversation_id, number, bot: conversation.bot_id } }, { replace: true })}
        >
          {words}
          <Icon name="right" size={12} />
        </button>
      )}
    </h4>
  )
}

const recognitions: Record<string, string> = { unrecognised: 'Not understood', ambiguous: 'Several topics matched' }

function Message({ said, recognition, zone }: { said: Activity; recognition: string | undefined; zone: string }) {
  const user = said.side === 'user'
  return (
    <div className={user ? styles.user : styles.bot}>
      <p className={styles.bubble} dir="auto">
        <span className="visually-hidden">{user ? 'User: ' : 'Bot: '}</span>
        {said.text || <em>a message without text</em>}
      </p>
      <p className={styles.under}>
        {said.at && <time dateTime={said.at}>{clock(said.at, zone)}</time>}
        {recognition && (
          <span className={styles.warn}>
            <Icon name="help" size={12} />
            {recognitions[recognition] ?? recognition}
          </span>
        )}
        {said.note && <span dir="auto">{said.note}</span>}
      </p>
    </div>
  )
}

function iconOf(happened: Activity): IconName {
  switch (happened.name) {
    case 'HandOff':
    case 'handoff.initiate':
    case 'EscalationRequested':
      return 'escalated'
    case 'ErrorTraceData':
      return 'warning'
    case 'message/submitAction':
      return happened.note.startsWith('liked') ? 'thumbUp' : 'thumbDown'
    case 'PRRSurveyResponse':
    case 'CSATSurveyResponse':
    case 'rapport.csat':
      return 'chat'
    default:
      return 'info'
  }
}

function Note({ happened, zone }: { happened: Activity; zone: string }) {
  return (
    <p className={styles.note}>
      <Icon name={iconOf(happened)} size={13} />
      <bdi>{happened.note}</bdi>
      {happened.at && <time dateTime={happened.at}>{clock(happened.at, zone)}</time>}
    </p>
  )
}

function SystemEvent({ event, zone, marked }: { event: Activity; zone: string; marked: boolean }) {
  return (
    <li className={marked ? styles.markedEvent : undefined}>
      <span className={styles.eventTime}>{event.at ? clock(event.at, zone) : ''}</span>
      <span className={styles.eventWords}>
        <code>{event.name || event.type}</code>
        {event.note && <bdi className={styles.eventNote}>{event.note}</bdi>}
        {event.text && <bdi className={styles.eventNote}>{event.text}</bdi>}
      </span>
    </li>
  )
}
