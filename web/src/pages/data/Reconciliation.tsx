import type { Answer } from '../../api/hooks'
import type { Import } from '../../api/types'
import { Panel } from '../../parts/Panel'
import { Share } from '../../parts/Share'
import { ends, partsOf, sumOf } from './account'
import { Equation } from './Equation'
import styles from './Data.module.css'

/** Where all that was read is now: nothing is dropped silently. */
export function Reconciliation({ imports }: { imports: Answer<Import[]> }) {
  const standing = imports.data?.filter((one) => one.removed_at === null) ?? []
  return (
    <Panel
      title="Where every record went"
      help={
        <dl className={styles.meanings}>
          {ends.map(({ key, label, meaning }) => (
            <div key={key}>
              <dt>{label}</dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      }
      answer={imports}
      minHeight={190}
    >
      {() => {
        const total = sumOf(standing)
        return (
          <div className={styles.stack}>
            <Equation account={total} />
            <Share label="Where every record went" parts={partsOf(total)} />
          </div>
        )
      }}
    </Panel>
  )
}
