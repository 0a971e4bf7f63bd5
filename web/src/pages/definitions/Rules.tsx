import { useDefinition } from '../../api/hooks'
import type { DefinitionDetail } from '../../api/types'
import { dash } from '../../format'
import { Panel } from '../../parts/Panel'
import type { Table } from '../../parts/table'
import css from './Definitions.module.css'
import { groups, sentenceOf } from './ruleWords'

type Key = DefinitionDetail['keys'][number]

/** The rules of one definition in words, in the order in which a session lives. The table behind has every key as the file has it. */
export function Rules({ name }: { name: string }) {
  const answer = useDefinition(name)
  return (
    <Panel
      title={`The rules of ${name}`}
      help="A definition is a small file. What it does not say itself it takes over from the definition it extends. The table view shows every key as the file has it."
      answer={answer}
      minHeight={520}
      table={() => keyTable(answer.data?.keys ?? [])}
      csv={`definition-${name}`}
    >
      {() => answer.data && <InWords definition={answer.data} />}
    </Panel>
  )
}

function InWords({ definition }: { definition: DefinitionDetail }) {
  const known = new Set(groups.flatMap((group) => group.keys))
  const others = definition.keys.filter((key) => !known.has(key.key))
  const byName = new Map(definition.keys.map((key) => [key.key, key]))
  return (
    <>
      <p className={css.about}>{definition.description}</p>
      {definition.hypothesis && <p className={css.hypothesis}>A hypothesis: its rules were shaped on few records.</p>}
      {groups.map((group) => (
        <section key={group.id} className={css.group} aria-labelledby={`rules-${group.id}`}>
          <h3 id={`rules-${group.id}`}>{group.title}</h3>
          <p className={css.quiet}>{group.intro}</p>
          <Sentences keys={group.keys.flatMap((key) => byName.get(key) ?? [])} name={definition.name} />
        </section>
      ))}
      {others.length > 0 && (
        <section className={css.group} aria-labelledby="rules-others">
          <h3 id="rules-others">Other rules</h3>
          <Sentences keys={others} name={definition.name} />
        </section>
      )}
      <Sources keys={definition.keys.filter(({ source }) => source !== '')} />
    </>
  )
}

function Sentences({ keys, name }: { keys: Key[]; name: string }) {
  return (
    <ul className={css.rules}>
      {keys.map((key) => (
        <li key={key.key}>
          <span dir="auto">{sentenceOf(key)}</span>
          <small>
            <code>{key.key}</code>
            {key.from === name ? 'set here' : `from ${key.from}`}
          </small>
        </li>
      ))}
    </ul>
  )
}

/** Where each rule comes from, for whoever checks it against what is published. */
function Sources({ keys }: { keys: Key[] }) {
  if (keys.length === 0) return null
  return (
    <details className={css.sources}>
      <summary>Sources</summary>
      <dl>
        {keys.map(({ key, source }) => (
          <div key={key}>
            <dt>
              <code>{key}</code>
            </dt>
            <dd>{source}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

/** Text of several lines: what a key is set to is not cut off. */
function Long({ children }: { children: string }) {
  return (
    <span className={css.long} dir="auto">
      {children || dash}
    </span>
  )
}

function keyTable(keys: Key[]): Table<Key> {
  return {
    rows: keys,
    key: (row) => row.key,
    columns: [
      { key: 'key', title: 'Key', kind: 'text', value: (row) => row.key },
      { key: 'value', title: 'Value', kind: 'text', value: (row) => row.value, cell: (row) => <Long>{row.value}</Long> },
      { key: 'from', title: 'Set by', kind: 'text', value: (row) => row.from },
      { key: 'meaning', title: 'Meaning', kind: 'text', value: (row) => row.meaning, cell: (row) => <Long>{row.meaning}</Long>, roomy: true },
      { key: 'source', title: 'Source', kind: 'text', value: (row) => row.source, cell: (row) => <Long>{row.source}</Long>, roomy: true },
    ],
  }
}
