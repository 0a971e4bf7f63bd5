import { useMemo } from 'react'
import type { Session } from '../../api/types'
import { count } from '../../format'
import { Badge, stateOf, stateWord } from '../../parts/Badge'
import { Button } from '../../parts/Button'
import { DataTable } from '../../parts/DataTable'
import type { Column, Table } from '../../parts/table'
import { type NeighbourList, useProvideNeighbours } from '../../session/neighbours'
import { useOpenLink } from '../../session/useOpenLink'
import { useView } from '../../view/view'
import css from './Definitions.module.css'
import { type Diff, type Difference, telltale, telling } from './diff'
import { fieldLabel } from './ruleWords'

/** The sessions that two definitions see differently, each a click away from its transcript. */
export function Differences({ diff, field, onWhole }: { diff: Diff; field: string; onWhole: () => void }) {
  const { comparison, sessions, more } = diff
  const shown = useMemo(() => telling(sessions).filter((one) => field === '' || one.fields.includes(field)), [sessions, field])
  const table = useTable(shown, comparison.a.definition, comparison.b.definition)
  const openLink = useOpenLink()
  const { open } = useView()

  const neighbours = useMemo<NeighbourList>(
    () => ({ sessions: shown.map((one) => ({ conversation: one.conversation_id, session: numberOf(one), bot: one.bot_id })) }),
    [shown],
  )
  useProvideNeighbours(neighbours)
  const opened =
    open && shown.find((one) => one.conversation_id === open.conversation && (open.number === undefined || numberOf(one) === open.number))

  return (
    <>
      <div className={css.listHead}>
        <h3>Sessions that differ{field !== '' && ` in ${fieldLabel(field)}`}</h3>
        {field !== '' && (
          <Button small look="quiet" onClick={onWhole}>
            Show all
          </Button>
        )}
      </div>
      {more > 0 && (
        <p className={css.quiet}>
          Among the first {count(sessions.length)}; <code>rapport definitions diff --list</code> writes all of them.
        </p>
      )}
      <DataTable
        table={table}
        caption="Sessions that differ, under one definition and the other"
        csv="definitions-differences"
        limit={25}
        rowHref={(one) => openLink({ ...one, session: numberOf(one) })}
        {...(opened ? { current: keyOf(opened) } : {})}
        empty="None of the listed sessions differs in this."
      />
    </>
  )
}

function numberOf(one: Difference): number {
  return (one.a ?? one.b)?.session ?? 1
}

function keyOf(one: Difference): string {
  return `${one.bot_id}\n${one.conversation_id}\n${one.a ? 'a' : 'b'}${numberOf(one)}`
}

function useTable(rows: Difference[], a: string, b: string): Table<Difference> {
  const { zone } = useView()
  return useMemo(() => {
    const side = (key: 'a' | 'b', definition: string): Column<Difference> => ({
      key: `${key}_outcome`,
      title: definition,
      kind: 'custom',
      value: (one) => (one[key] ? stateWord(stateOf(one[key])) : 'no session here'),
      cell: (one) => <Seen session={one[key]} />,
    })
    return {
      rows,
      zone,
      key: keyOf,
      columns: [
        { key: 'started', title: 'Started', kind: 'time', value: (one) => (one.a ?? one.b)?.started_at ?? null },
        { key: 'bot', title: 'Bot', kind: 'text', value: (one) => (one.a ?? one.b)?.bot_name || one.bot_id },
        {
          key: 'fields',
          title: 'What differs',
          kind: 'text',
          value: (one) => wordsOf(one.fields),
          cell: (one) => wordsOf(telltale(one.fields)),
        },
        side('a', a),
        side('b', b),
        { key: 'topic', title: 'Topic', kind: 'text', value: topicsOf },
        { key: 'conversation', title: 'Conversation', kind: 'text', value: (one) => one.conversation_id },
      ],
    }
  }, [rows, a, b, zone])
}

function wordsOf(fields: string[]): string {
  return fields.length === 0 ? 'only one has this session' : fields.map(fieldLabel).join(', ')
}

/** The topic, or both where they differ. */
function topicsOf({ a, b }: Difference): string | null {
  const [one, other] = [a?.topic?.name, b?.topic?.name]
  if (a && b && one !== other) return `${one ?? 'none'} → ${other ?? 'none'}`
  return one ?? other ?? null
}

function Seen({ session }: { session: Session | null }) {
  return session ? <Badge state={stateOf(session)} /> : <span className={css.quiet}>no session here</span>
}
