import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { billedWithin, explain, knownRules, placesIn, sentenceOf } from './rules'
import { activity, evidence, session } from './samples'

/** The codes that the engine can write. */
function engineRules(): string[] {
  const folder = resolve(import.meta.dirname, '../../../internal/session')
  const source = readdirSync(folder)
    .filter((f) => f.endsWith('.go') && !f.endsWith('_test.go'))
    .map((f) => readFileSync(resolve(folder, f), 'utf8'))
    .join('\n')
  return [...source.matchAll(/\b(?:Rule|BilledRule)\s*=\s*"([a-z]+\.[a-z_]+)"/g)].map((m) => m[1]!)
}

test('every rule of the engine has words, and no other', () => {
  expect(engineRules().length).toBeGreaterThan(40)
  expect([...knownRules].sort()).toEqual(engineRules().sort())
})

test('a rule without words is said by its code', () => {
  expect(sentenceOf(evidence('engage.tomorrow', 'a card')).text).toBe('engage.tomorrow: a card')
  expect(sentenceOf(evidence('engage.tomorrow')).text).toBe('engage.tomorrow')
})

const sentences = (s: Parameters<typeof explain>[0], a: Parameters<typeof explain>[1] = []) => explain(s, a).map((x) => `${x.subject}: ${x.text}`)

test('a derived session is explained from opening to end', () => {
  const opening = evidence('open.first', '', '2026-06-01T10:00:00.000Z', 'a1')
  const s = session({
    outcome: 'resolved',
    resolution: 'implied',
    reason: 'Resolved',
    evidence: [
      opening,
      evidence('topic.entered', 'Returns'),
      evidence('engage.custom_topic', 'Returns'),
      evidence('imply.end_of_conversation_topic'),
      evidence('attribute.last_custom', 'Returns'),
      evidence('csat.answered', '2'),
      evidence('csat.answered', '4'),
      evidence('end.idle'),
    ],
  })
  expect(sentences(s, [activity({ id: 'a1', side: 'bot', evidence: [opening] })])).toEqual([
    'Opened: With the bot’s first message.',
    'Engaged: The custom topic “Returns” was entered.',
    'Topic: “Returns”: the last custom topic that was entered.',
    'Outcome: Resolved, implied: the topic ran to End of Conversation.',
    'Score: The user gave 4 of 5.',
    'Ended: Nobody said anything for longer than the idle time-out.',
  ])
})

test('the last thing that decided is the outcome', () => {
  const s = session({
    outcome: 'abandoned',
    reason: 'UserExit',
    evidence: [evidence('imply.survey_asked'), evidence('withdraw.survey_no')],
  })
  expect(sentences(s)).toContain('Outcome: Not resolved after all: asked whether that helped, the user said no. The reason: the user left.')
})

test('an abandoned session with an error names the error, and leads to it', () => {
  const error = evidence('reason.error', 'OpenAIModelTokenLimit SystemError', null, 'e')
  const s = session({ outcome: 'abandoned', reason: 'SystemError', evidence: [error, evidence('outcome.undecided')] })
  const said = explain(s, []).find((x) => x.subject === 'Outcome')
  expect(said?.text).toBe('Abandoned: it ended neither resolved nor escalated. An error was seen: OpenAIModelTokenLimit SystemError.')
  expect(said?.evidence).toBe(error)
})

test('where the platform decided, what bears it out stands beside it', () => {
  const asked = evidence('escalate.escalation_request', '', null, 'x')
  const s = session({
    source: 'platform',
    outcome: 'escalated',
    reason: 'AgentTransferRequestedByUser',
    evidence: [
      evidence('open.platform'),
      evidence('engage.escalation'),
      asked,
      evidence('end.platform'),
      evidence('engage.platform', 'Engaged'),
      evidence('outcome.platform', 'HandOff AgentTransferRequestedByUser'),
    ],
  })
  expect(sentences(s)).toEqual([
    'Opened: When the platform says it did.',
    'Engaged: The platform says so. A hand-off to a person was asked for.',
    'Outcome: Escalated, as the platform says: the user asked for a person.',
    'Ended: When the platform says it did.',
  ])
  expect(explain(s, []).find((x) => x.subject === 'Outcome')?.evidence).toBe(asked)
})

test('unengaged sessions say so, with what the platform did not count', () => {
  const seen = evidence('engage.custom_topic', 'Returns')
  const base = { engagement: 'unengaged', outcome: 'none', reason: 'NoError' }
  expect(sentences(session({ ...base, evidence: [evidence('outcome.unengaged')] }))).toEqual([
    'Engaged: Not: nothing that engages happened, such as entering a custom topic.',
    'Outcome: None: only engaged sessions have an outcome.',
  ])
  expect(sentences(session({ ...base, source: 'platform', evidence: [seen, evidence('outcome.platform', 'None')] }))[0]).toBe(
    'Engaged: Not, says the platform, although here: the custom topic “Returns” was entered.',
  )
})

test('an open session has no outcome yet and no end', () => {
  const said = sentences(session({ open: true, outcome: 'none', evidence: [evidence('open.first'), evidence('end.idle')] }))
  expect(said).toContain('Outcome: None yet: the session may still go on.')
  expect(said.some((x) => x.startsWith('Ended'))).toBe(false)
})

test('evidence is found by what it says, though ids are missing or stand twice', () => {
  const second = evidence('topic.entered', 'B', '2026-06-01T10:01:00.000Z', 'same')
  const activities = [
    activity({ id: 'same', evidence: [evidence('topic.entered', 'A', '2026-06-01T10:00:00.000Z', 'same')] }),
    activity({ id: 'same', evidence: [second] }),
  ]
  expect(placesIn(activities)(second)).toBe(1)
  expect(placesIn(activities)(evidence('end.records'))).toBe(-1)
})

test('billed sessions are said where they opened', () => {
  const opened = evidence('billed.custom_topic', 'Returns', '2026-06-01T10:00:00.000Z')
  const billed = [
    {
      conversation_id: 'c',
      bot_id: 'b',
      bot_name: 'Bot',
      billed_session: 1,
      started_at: null,
      ended_at: null,
      opened_by: 'billed.custom_topic',
      channel: '',
      kind: 'chat',
      topic: null,
      turns: 1,
      definition: 'd',
      evidence: [opened],
    },
  ]
  const activities = [activity({ session: 2, evidence: [opened] })]
  expect(billedWithin(billed, activities, 1)).toEqual([])
  expect(billedWithin(billed, activities, 2).map((x) => x.text)).toEqual(['A billed session opened with the custom topic “Returns”.'])
})
