import type { Activity, Billed, Evidence, Session } from '../api/types'
import { reasonWords } from '../names/reasons'

// Why a session is what it is, in words. Rules are those of docs/state-machine.md; a rule that is not known here is said by its code.

/** What a sentence is about. */
export type Subject = 'Opened' | 'Engaged' | 'Topic' | 'Outcome' | 'Score' | 'Ended' | 'Billed' | 'Also'

export interface Sentence {
  subject: Subject
  text: string
  evidence?: Evidence
}

type Words = (detail: string, seen: Activity | undefined) => string

const quoted = (name: string) => `“${name}”`

function opener(seen: Activity | undefined): string {
  if (!seen) return 'the first message'
  const who = seen.side === 'user' ? 'the user’s' : 'the bot’s'
  return `${who} first ${seen.type === 'message' ? 'message' : 'event'}`
}

const words: Record<string, [Subject, Words]> = {
  'open.first': ['Opened', (_, seen) => `With ${opener(seen)}.`],
  'open.after_idle': ['Opened', () => 'With the first message after a silence so long that the session before had ended.'],
  'open.after_outcome': ['Opened', () => 'The session before was decided. This message of the user led to something new.'],
  'open.platform': ['Opened', (_, seen) => (seen ? `With ${opener(seen)}, by the platform’s own record.` : 'When the platform says it did.')],

  'engage.custom_topic': ['Engaged', (topic) => `The custom topic ${quoted(topic)} was entered.`],
  'engage.escalation': ['Engaged', () => 'A hand-off to a person was asked for.'],
  'engage.fallback': ['Engaged', () => 'The Fallback topic ran, which engages under this definition.'],
  'engage.boosting': ['Engaged', () => 'The bot looked for an answer in its knowledge, which engages under this definition.'],
  'engage.unknown_intent': ['Engaged', () => 'No topic matched and Fallback took over, which engages under this definition.'],
  'engage.plan_step': ['Engaged', (step) => `The bot ran a step of a plan${step ? ` (${step})` : ''}, which engages under this definition.`],
  'engage.user_message': ['Engaged', () => 'The user sent a message, which engages under this definition.'],
  'engage.platform': ['Engaged', () => 'The platform says that it was.'],

  'topic.entered': ['Also', (topic) => `The topic ${quoted(topic)} was entered.`],
  'attribute.last_custom': ['Topic', (topic) => `${quoted(topic)}: the last custom topic that was entered.`],
  'attribute.first_system': ['Topic', (topic) => `${quoted(topic)}: no custom topic was entered, so the first system topic counts.`],
  'attribute.platform': ['Topic', (topic) => `${quoted(topic)}, as the platform says.`],

  'confirm.survey_yes': ['Outcome', () => 'Resolved: asked whether that helped, the user said yes.'],
  'confirm.csat_asked': ['Outcome', () => 'Resolved: the bot asked for a score, as it does once the user has said that it helped.'],
  'confirm.confirmed_success_topic': ['Outcome', () => 'Resolved: the topic for a confirmed success was reached.'],
  'confirm.said': ['Outcome', () => 'Resolved: the bot reported it.'],
  'imply.survey_asked': ['Outcome', () => 'Resolved, implied: the bot asked whether that helped, which comes at the end of a topic.'],
  'imply.implied_success': ['Outcome', () => 'Resolved, implied: the bot reached a point that its author marked as a success.'],
  'imply.end_of_conversation_topic': ['Outcome', () => 'Resolved, implied: the topic ran to End of Conversation.'],
  'imply.plan_step': ['Outcome', () => 'Resolved, implied: the bot carried out a step of a plan.'],
  'imply.said': ['Outcome', () => 'Resolved, implied: the bot reported it.'],
  'withdraw.survey_no': ['Outcome', () => 'Not resolved after all: asked whether that helped, the user said no.'],
  'withdraw.confirmed_failure_topic': ['Outcome', () => 'Not resolved after all: the topic for a confirmed failure was reached.'],
  'withdraw.error': ['Outcome', () => 'Not resolved after all: an error was seen.'],
  'withdraw.question_pending': ['Outcome', () => 'Not resolved after all: the bot’s last question was left unanswered.'],
  'withdraw.said': ['Outcome', () => 'Not resolved after all: the bot reported that the user left.'],
  'escalate.escalation_request': ['Outcome', () => 'Escalated: the user asked for a person.'],
  'escalate.hand_off': ['Outcome', () => 'Escalated: the bot handed over to a person.'],
  'escalate.escalate_topic': ['Outcome', () => 'Escalated: the Escalate topic was entered.'],
  'escalate.said': ['Outcome', () => 'Escalated: the bot reported it.'],
  'outcome.unengaged': ['Outcome', () => 'None: only engaged sessions have an outcome.'],
  'outcome.undecided': ['Outcome', () => 'Abandoned: it ended neither resolved nor escalated.'],
  'outcome.platform': ['Outcome', (said) => `The platform says: ${said}.`],
  'reason.error': ['Also', (error) => `An error was seen${error ? `: ${error}` : ''}.`],
  'csat.answered': ['Score', (score) => `The user gave ${score} of 5.`],

  'end.idle': ['Ended', () => 'Nobody said anything for longer than the idle time-out.'],
  'end.outcome': ['Ended', () => 'The outcome was set, and something new began.'],
  'end.said': ['Ended', () => 'The bot ended the conversation, and something new began.'],
  'end.records': ['Ended', () => 'Nothing more was recorded.'],
  'end.platform': ['Ended', () => 'When the platform says it did.'],
  'glue.inactivity': ['Also', () => 'The bot’s remark soon after the time-out belongs to this session.'],
  'platform.question': ['Also', (said) => `What the platform says contradicts itself: ${said}.`],
  'platform.confirmed': ['Also', () => 'The platform calls the resolution implied, but the user said yes: it counts as confirmed.'],

  'billed.custom_topic': ['Billed', (topic) => `A billed session opened with the custom topic ${quoted(topic)}.`],
  'billed.flow': ['Billed', () => 'A billed session opened with a flow that the bot called.'],
  'billed.skill': ['Billed', () => 'A billed session opened with a skill that the bot called.'],
  'billed.max_length': ['Billed', () => 'The billed session before ran for too long: this message opened the next one.'],
  'billed.max_turns': ['Billed', () => 'The billed session before had too many turns: this message opened the next one.'],
}

/** The rules that have words, for the test that holds them against the engine's. */
export const knownRules = Object.keys(words)

/** Why, by the platform's code. "" for a code that says nothing more than the outcome. */
function reasonInWords(reason: string): string {
  return ['', 'NoError', 'Resolved'].includes(reason) ? '' : lower(reasonWords(reason).title)
}

export function sentenceOf(evidence: Evidence, seen?: Activity): Sentence {
  const known = words[evidence.rule]
  if (!known) return { subject: 'Also', text: [evidence.rule, evidence.detail].filter(Boolean).join(': '), evidence }
  return { subject: known[0], text: known[1](evidence.detail, seen), evidence }
}

/** Finds the activity that a piece of evidence saw, by its place: ids may be missing, and may stand twice. -1 for none. */
export type PlaceOf = (evidence: Evidence) => number

export function placesIn(activities: Activity[]): PlaceOf {
  const same = (e: Evidence) => JSON.stringify([e.rule, e.activity_id, e.at, e.detail])
  const places = new Map<string, number>()
  activities.forEach((a, place) => {
    for (const e of a.evidence) if (!places.has(same(e))) places.set(same(e), place)
  })
  return (evidence) => places.get(same(evidence)) ?? -1
}

const outcomeRule = /^(confirm|imply|withdraw|escalate|outcome)\./

/** The few sentences that explain a session: what opened and engaged it, set its topic and outcome, and ended it. */
export function explain(session: Session, activities: Activity[], placeOf: PlaceOf = placesIn(activities)): Sentence[] {
  const all = session.evidence
  const say = (e: Evidence) => sentenceOf(e, activities[placeOf(e)])
  const first = (prefix: string) => all.find((e) => e.rule.startsWith(prefix))
  const out: Sentence[] = []

  const opened = first('open.')
  if (opened) out.push(say(opened))
  out.push(engagement(session, all, say))
  const topic = first('attribute.')
  if (topic) out.push(say(topic))
  out.push(outcome(session, all, say))
  const score = all.findLast((e) => e.rule === 'csat.answered')
  if (score) out.push(say(score))
  for (const e of all) if (e.rule === 'platform.question' || e.rule === 'platform.confirmed') out.push(say(e))
  const ended = first('end.')
  if (ended && !session.open) out.push(say(ended))
  return out
}

function engagement(session: Session, all: Evidence[], say: (e: Evidence) => Sentence): Sentence {
  const platform = all.find((e) => e.rule === 'engage.platform')
  const seen = all.find((e) => e.rule.startsWith('engage.') && e !== platform)
  if (session.engagement === 'unengaged') {
    const text =
      session.source === 'platform'
        ? seen
          ? `Not, says the platform, although here: ${lower(say(seen).text)}`
          : 'Not: the platform says so, and nothing in it engages.'
        : session.open
          ? 'Not yet: nothing that engages has happened so far.'
          : 'Not: nothing that engages happened, such as entering a custom topic.'
    return seen ? { subject: 'Engaged', text, evidence: seen } : { subject: 'Engaged', text }
  }
  if (platform && seen) return { subject: 'Engaged', text: `The platform says so. ${say(seen).text}`, evidence: seen }
  const by = seen ?? platform
  return by ? say(by) : { subject: 'Engaged', text: 'Yes.' }
}

function outcome(session: Session, all: Evidence[], say: (e: Evidence) => Sentence): Sentence {
  if (session.open) return { subject: 'Outcome', text: 'None yet: the session may still go on.' }
  const deciding = all.filter((e) => outcomeRule.test(e.rule))
  const platform = deciding.find((e) => e.rule === 'outcome.platform')
  const reason = reasonInWords(session.reason)
  if (!platform) {
    const by = deciding.at(-1)
    if (!by) return { subject: 'Outcome', text: outcomeInWords(session) + (reason ? `: ${reason}.` : '.') }
    const said = say(by)
    const error = all.findLast((e) => e.rule === 'reason.error')
    if (session.outcome === 'abandoned' && error) return { ...said, text: `${said.text} ${say(error).text}`, evidence: error }
    return session.outcome === 'abandoned' && reason ? { ...said, text: `${said.text} The reason: ${reason}.` } : said
  }
  const text = `${outcomeInWords(session)}, as the platform says${reason ? `: ${reason}.` : '.'}`
  // What bears it out in the transcript is a better place to look at than the platform's own line.
  const borneOut = deciding.findLast((e) => e !== platform && agrees(e.rule, session))
  const error = session.outcome === 'abandoned' ? all.findLast((e) => e.rule === 'reason.error') : undefined
  const at = borneOut ?? error
  if (!at) return { subject: 'Outcome', text, evidence: platform }
  const seen = seenAs(say(at).text)
  // The platform's reason often says the very same.
  return { subject: 'Outcome', text: text.endsWith(`: ${lower(seen)}`) ? text : `${text} ${seen}`, evidence: at }
}

function agrees(rule: string, session: Session): boolean {
  if (session.outcome === 'escalated') return rule.startsWith('escalate.')
  if (session.outcome !== 'resolved') return false
  return rule.startsWith(session.resolution === 'confirmed' ? 'confirm.' : 'imply.')
}

/** "Escalated: the user asked." said again after the outcome: only what was seen. */
function seenAs(text: string): string {
  const colon = text.indexOf(': ')
  if (colon < 0 || colon > 30 || !/^(Resolved|Escalated)/.test(text)) return text
  const rest = text.slice(colon + 2)
  return rest.charAt(0).toUpperCase() + rest.slice(1)
}

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)

export function outcomeInWords(session: Pick<Session, 'outcome' | 'resolution' | 'open' | 'engagement'>): string {
  if (session.open) return 'Unfinished'
  switch (session.outcome) {
    case 'resolved':
      return session.resolution === 'implied' ? 'Resolved, implied' : 'Resolved, confirmed'
    case 'escalated':
      return 'Escalated'
    case 'abandoned':
      return 'Abandoned'
    default:
      return session.engagement === 'engaged' ? 'No outcome' : 'None'
  }
}

/** What opened the billed sessions that began within these activities. */
export function billedWithin(billed: Billed[], activities: Activity[], session: number, placeOf: PlaceOf = placesIn(activities)): Sentence[] {
  const out: Sentence[] = []
  for (const b of billed) {
    for (const e of b.evidence) {
      const seen = activities[placeOf(e)]
      if (seen?.session === session) out.push(sentenceOf(e, seen))
    }
  }
  return out
}
