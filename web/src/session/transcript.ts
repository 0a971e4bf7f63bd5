import type { Activity } from '../api/types'

// A conversation as the lines that people read: what was said, with what happened in between folded away.

export type Line =
  | { kind: 'session'; key: string; session: number; at: string | null }
  | { kind: 'gap'; key: string; ms: number }
  | { kind: 'topic'; key: string; name: string; place: number }
  | { kind: 'message'; key: string; place: number }
  | { kind: 'note'; key: string; place: number }
  | { kind: 'system'; key: string; places: number[]; open: boolean }

/** A silence that is drawn. */
const gapMs = 5 * 60_000

/** What is no message and yet part of the story: it is shown without unfolding. */
const telling = new Set([
  'HandOff',
  'handoff.initiate',
  'EscalationRequested',
  'PRRSurveyResponse',
  'CSATSurveyResponse',
  'ErrorTraceData',
  'message/submitAction',
  'rapport.outcome',
  'rapport.csat',
])

export function isTelling(a: Activity): boolean {
  return a.note !== '' && (telling.has(a.name) || a.type === 'endOfConversation')
}

/** The topic that was entered here, of which only the last counts when several were at once. */
function entered(a: Activity): string | undefined {
  return a.evidence.findLast((e) => e.rule === 'topic.entered')?.detail
}

/** `unfolded` holds the places at which a group of system events is open; `all` opens every one. */
export function linesOf(activities: Activity[], unfolded: ReadonlySet<number>, all: boolean): Line[] {
  const lines: Line[] = []
  let session: number | null = null
  let topic = ''
  let heard: number | undefined
  let folded: number[] = []
  // Where a silence before the next message is drawn: before the session that it parts from the last one.
  let parting: number | undefined
  const several = new Set(activities.map((a) => a.session).filter((n) => n !== null)).size > 1

  const fold = () => {
    const [first] = folded
    if (first === undefined) return
    lines.push({ kind: 'system', key: `s${first}`, places: folded, open: all || folded.some((p) => unfolded.has(p)) })
    folded = []
  }

  activities.forEach((a, place) => {
    if (a.session !== null && a.session !== session) {
      fold()
      parting = lines.length
      if (several) lines.push({ kind: 'session', key: `n${a.session}-${place}`, session: a.session, at: a.at })
      session = a.session
      topic = ''
    }
    const name = entered(a)
    if (name !== undefined && name !== topic) {
      fold()
      lines.push({ kind: 'topic', key: `t${place}`, name, place })
      topic = name
    }
    const message = a.type === 'message'
    if (!message && !isTelling(a)) {
      folded.push(place)
      return
    }
    fold()
    const at = a.at === null ? undefined : Date.parse(a.at)
    if (message && at !== undefined) {
      if (heard !== undefined && at - heard >= gapMs) lines.splice(parting ?? lines.length, 0, { kind: 'gap', key: `g${place}`, ms: at - heard })
      heard = at
    }
    if (message) parting = undefined
    lines.push(message ? { kind: 'message', key: `m${place}`, place } : { kind: 'note', key: `e${place}`, place })
  })
  fold()
  return lines
}

/** The line that shows an activity. A topic's line shows the event that entered it, so that a rule about it leads there. */
export function lineOf(lines: Line[], place: number): number {
  const at = lines.findIndex((line) =>
    line.kind === 'message' || line.kind === 'note' ? line.place === place : line.kind === 'system' && line.places.includes(place),
  )
  return at >= 0 ? at : lines.findIndex((line) => line.kind === 'topic' && line.place === place)
}

export interface Stretch {
  /** Which topic the line belongs to, '' before the first. */
  topic: string
  session: number | null
}

/** What the rail beside each line says. */
export function stretches(lines: Line[], activities: Activity[]): Stretch[] {
  let topic = ''
  let session: number | null = null
  return lines.map((line) => {
    if (line.kind === 'session') {
      session = line.session
      topic = ''
    } else if (line.kind === 'topic') topic = line.name
    else if (line.kind !== 'gap') {
      const place = line.kind === 'system' ? line.places[0] : line.place
      session = (place === undefined ? undefined : activities[place]?.session) ?? session
    }
    return { topic, session }
  })
}
