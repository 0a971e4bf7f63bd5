import type { Session } from '../../api/types'
import { channelName } from '../../names/channels'
import { reasonWords } from '../../names/reasons'
import { Badge, stateOf, stateWord } from '../../parts/Badge'
import { parseSort, type Column } from '../../parts/table'

/** By what the server can sort, a column is called as there. */
const all: (Column<Session> & { usual?: true })[] = [
  { key: 'started_at', title: 'Started', kind: 'time', value: (s) => s.started_at, width: 168, usual: true },
  {
    key: 'outcome',
    title: 'Outcome',
    kind: 'text',
    value: (s) => stateWord(stateOf(s)),
    cell: (s) => <Badge state={stateOf(s)} />,
    width: 172,
    usual: true,
  },
  { key: 'topic_name', title: 'Topic', kind: 'text', value: (s) => s.topic?.name ?? null, usual: true },
  { key: 'bot', title: 'Bot', kind: 'text', value: (s) => s.bot_name, usual: true },
  { key: 'channel', title: 'Channel', kind: 'text', value: (s) => channelName(s.channel), usual: true },
  { key: 'turns', title: 'Turns', kind: 'count', value: (s) => s.turns, help: 'Messages of both sides', usual: true },
  { key: 'duration', title: 'Duration', kind: 'duration', value: lasted, usual: true },
  { key: 'csat', title: 'CSAT', kind: 'count', value: (s) => s.csat, help: 'The score that the user gave, 1 to 5', usual: true },
  { key: 'engaged', title: 'Engagement', kind: 'text', value: (s) => stateWord(s.engagement === 'engaged' ? 'engaged' : 'unengaged') },
  {
    key: 'reason',
    title: 'Reason',
    kind: 'text',
    value: (s) => s.reason,
    cell: (s) => (s.engagement === 'engaged' && s.outcome !== 'resolved' ? reasonWords(s.reason).title : ''),
    sortable: false,
  },
  { key: 'locale', title: 'Locale', kind: 'text', value: (s) => s.locale },
  { key: 'started_by', title: 'Started by', kind: 'text', value: (s) => s.started_by, sortable: false },
  { key: 'user_messages', title: 'User messages', kind: 'count', value: (s) => s.user_messages },
  { key: 'bot_messages', title: 'Bot messages', kind: 'count', value: (s) => s.bot_messages },
  { key: 'ended_at', title: 'Ended', kind: 'time', value: (s) => s.ended_at },
  { key: 'kind', title: 'Kind', kind: 'text', value: (s) => s.kind, sortable: false },
  { key: 'source', title: 'Labels from', kind: 'text', value: (s) => s.source, help: 'The platform, or derived by the definition', sortable: false },
  { key: 'conversation_id', title: 'Conversation', kind: 'text', value: (s) => s.conversation_id, sortable: false },
  { key: 'session', title: 'Session', kind: 'count', value: (s) => s.session, help: 'Its number within the conversation', sortable: false },
]

function lasted(s: Session): number | null {
  return s.started_at && s.ended_at ? Date.parse(s.ended_at) - Date.parse(s.started_at) : null
}

/** The start stays: it is what a row is opened by. */
export const choices = all.slice(1).map(({ key, title }) => ({ key, title }))

export const usual = all.filter((column) => column.usual).map((column) => column.key)

/** Columns in their own order, whatever the order in which they were chosen. Names that there are not are passed over. */
export function columnsOf(keys: readonly string[]): Column<Session>[] {
  return all.filter((column, i) => i === 0 || keys.includes(column.key))
}

/** Whether an order from the address is one that the server can bring the list into. */
export function isOrder(sort: string): boolean {
  const key = parseSort(sort)?.key
  return all.some((column) => column.key === key && column.sortable !== false)
}
