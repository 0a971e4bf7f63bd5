import { useMeasures } from '../api/hooks'
import styles from './AboutColumns.module.css'
import { Button } from './Button'
import { Popover } from './Popover'
import { inWords } from './words'

interface Props {
  columns: readonly { key: string; title: string; help?: string }[]
}

const words = 'How to read this table'

/** What the columns of a table mean, for those who cannot point at their heads too. */
export function AboutColumns({ columns }: Props) {
  const explained = columns.filter(({ help }) => help)
  if (explained.length === 0) return null
  return (
    <Popover label={words} align="end" trigger={<Button small look="quiet" icon="info" aria-label={words} title={words} />}>
      <Meanings columns={explained} />
    </Popover>
  )
}

function Meanings({ columns }: Props) {
  const measures = useMeasures()
  return (
    <dl className={styles.meanings}>
      {columns.map(({ key, title, help = '' }) => (
        <div key={key}>
          <dt>{title}</dt>
          <dd>{inWords(help, measures)}</dd>
        </div>
      ))}
    </dl>
  )
}
