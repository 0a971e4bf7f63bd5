// A definition's keys as sentences. The API says of each key what it means; here its value becomes part of the sentence, so that
// nobody has to know the words of the file. A key or value that this page does not know yet is shown as the API gives it.

export type Group = { id: string; title: string; intro: string; keys: string[] }

/** The keys in the order in which a session lives. */
export const groups: Group[] = [
  {
    id: 'session',
    title: 'When a session starts and ends',
    intro: 'An analytics session starts with a message of either side, or with something the user did.',
    keys: [
      'session.boundaries',
      'session.idle_timeout',
      'session.idle_reset',
      'session.inactivity_message_within',
      'session.end_of_conversation_cuts',
      'session.next_after_outcome',
    ],
  },
  {
    id: 'engagement',
    title: 'What makes it engaged',
    intro: 'Every session starts unengaged. Once engaged, it stays so.',
    keys: ['engagement.engaged_by'],
  },
  {
    id: 'topics',
    title: 'Which topic it belongs to',
    intro:
      'A session belongs to the last custom topic in it; without one, to the first system topic. Whether a topic is custom is read from the transcript, else from the topic catalogue, else from the names here.',
    keys: [
      'topics.system',
      'topics.escalate',
      'topics.end_of_conversation',
      'topics.confirmed_success',
      'topics.confirmed_failure',
      'topics.fallback',
      'topics.boosting',
      'topics.inactivity',
      'topics.closing',
    ],
  },
  {
    id: 'outcome',
    title: 'How it ended',
    intro: 'An engaged session that is over was resolved, escalated or, when it was neither, abandoned.',
    keys: [
      'outcome.confirmed_by',
      'outcome.implied_by',
      'outcome.withdrawn_by',
      'outcome.escalated_by',
      'outcome.errors',
      'outcome.question_pending',
    ],
  },
  {
    id: 'billing',
    title: 'What counts as a billed session',
    intro: 'Billed sessions are cut by rules of their own, from the same messages. They change no engagement and no outcome.',
    keys: ['billing.opened_by', 'billing.idle_timeout', 'billing.max_length', 'billing.max_turns'],
  },
]

/** Each rule as something that happens. */
const events: Record<string, string> = {
  custom_topic: 'a custom topic was entered',
  escalation: 'the session was escalated',
  fallback: 'the Fallback topic ran because nothing matched',
  boosting: 'the bot looked for an answer in its knowledge (conversational boosting)',
  plan_step: 'a step of a generated plan ran',
  user_message: 'the user sent a message',
  survey_yes: 'the user said yes to “did that answer your question?”',
  csat_asked: 'the satisfaction survey was shown',
  confirmed_success_topic: 'the Confirmed Success topic was reached',
  survey_asked: 'the bot asked “did that answer your question?”',
  implied_success: 'the platform noted an implied success',
  end_of_conversation_topic: 'the End of Conversation topic was reached',
  survey_no: 'the user said no to “did that answer your question?”',
  confirmed_failure_topic: 'the Confirmed Failure topic was reached',
  escalation_request: 'the user asked for a person',
  hand_off: 'the bot handed over to a person',
  escalate_topic: 'the Escalate topic was entered',
  flow: 'a flow was called',
  skill: 'a skill was called',
}

function items(value: string): string[] {
  return value.split(', ').filter((item) => item !== '')
}

/** A sentence that says when, for a list of rules, any of which will do. */
function whenever(what: string, none: string): (value: string) => string {
  return (value) => {
    const words = items(value).map((item) => events[item] ?? item)
    const last = words.pop()
    if (last === undefined) return none
    return `${what} when ${words.length === 0 ? last : `${words.join(', ')}, or ${last}`}.`
  }
}

/** 1h30m as people say it. */
export function spell(value: string): string {
  const units: Record<string, string> = { h: 'hour', m: 'minute', s: 'second', ms: 'millisecond' }
  const parts = [...value.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)].map(([, n, unit]) => {
    const word = units[unit ?? ''] ?? unit
    return `${n} ${word}${n === '1' ? '' : 's'}`
  })
  return parts.length === 0 ? value : parts.join(' ')
}

function named(role: string): (value: string) => string {
  return (value) => `${role}: ${value === '' ? 'none by name' : value}.`
}

const sentences: Record<string, (value: string) => string | undefined> = {
  'session.boundaries': (value) =>
    ({
      platform: 'Where the platform says when a session began and ended and how, that stands. Elsewhere the rules below decide.',
      derived: 'The rules below decide, whatever the platform said.',
    })[value],
  'session.idle_timeout': (value) => `It ends after more than ${spell(value)} of silence.`,
  'session.idle_reset': (value) =>
    ({
      any: 'A message of either side, or something the user did, breaks the silence.',
      user: 'Only what the user says or does breaks the silence.',
    })[value],
  'session.inactivity_message_within': (value) =>
    `What the bot alone says up to ${spell(value)} after that (“are you still there?”) still belongs to the session that ended.`,
  'session.end_of_conversation_cuts': (value) =>
    ({
      true: 'The bot ends it by ending the conversation.',
      false: 'The bot ending the conversation does not end it.',
    })[value],
  'session.next_after_outcome': (value) =>
    ({
      topic: 'After a hand-off or a confirmed resolution, the next session starts with the user’s message that leads to another topic.',
      user_message: 'After a hand-off or a confirmed resolution, the next session starts with the user’s next message.',
    })[value],
  'engagement.engaged_by': whenever('Engaged', 'Nothing makes a session engaged.'),
  'topics.system': named('System topics (every other topic is custom)'),
  'topics.escalate': named('Hand over to a person'),
  'topics.end_of_conversation': named('Ask whether it helped'),
  'topics.confirmed_success': named('Reached after a yes, in the classic editor'),
  'topics.confirmed_failure': named('Reached after a no, in the classic editor'),
  'topics.fallback': named('Run when nothing matched'),
  'topics.boosting': named('Look for an answer when nothing matched'),
  'topics.inactivity': named('Speak when the user is silent, and open no session'),
  'topics.closing': named('Say goodbye, and open no session after an outcome'),
  'outcome.confirmed_by': whenever('Resolved (confirmed), and over,', 'Nothing confirms a resolution.'),
  'outcome.implied_by': whenever('Resolved (implied: nobody said so)', 'Nothing implies a resolution.'),
  'outcome.withdrawn_by': whenever('An implied resolution is taken back', 'Nothing takes an implied resolution back.'),
  'outcome.escalated_by': whenever('Escalated, and over,', 'Nothing escalates.'),
  'outcome.errors': (value) =>
    ({
      reason: 'An error is only named as the reason of an abandoned session.',
      abandon: 'An error undoes an implied resolution: the session counts as abandoned.',
    })[value],
  'outcome.question_pending': (value) =>
    ({
      true: 'Nothing is implied while the bot waits for an answer to its question.',
      false: 'A question the bot still waits on changes nothing.',
    })[value],
  'billing.opened_by': whenever('A billed session starts', 'Nothing starts a billed session.'),
  'billing.idle_timeout': (value) => `It ends when the user says nothing for more than ${spell(value)}.`,
  'billing.max_length': (value) => `The user’s first message after ${spell(value)} starts the next one.`,
  'billing.max_turns': (value) => `So does the exchange after ${value} of them.`,
}

/** What a key says in words; its meaning and value as they are for one that has no sentence here. */
export function sentenceOf(key: { key: string; value: string; meaning: string }): string {
  return sentences[key.key]?.(key.value) ?? `${key.meaning}: ${key.value}`
}

const fields: Record<string, string> = {
  start: 'start',
  end: 'end',
  engaged: 'engagement',
  topic: 'topic',
  outcome: 'outcome',
  resolution: 'resolution',
  reason: 'reason',
  turns: 'turns',
  billed: 'billed sessions',
}

/** What a comparison calls a field, for people. */
export function fieldLabel(field: string): string {
  return fields[field] ?? field.replaceAll('_', ' ')
}
