import { useStatus } from '../api/catalogue'
import { count, dateTime, relative } from '../format'
import { usePeriod } from '../view/period'
import { useView } from '../view/view'
import styles from './Frame.module.css'
import { zoneWords } from './words'

/** Of which moment and which data the numbers are, and by which rules. */
export function Footer() {
  const { zone } = useView()
  const { answer } = usePeriod()
  const { data: status } = useStatus()
  return (
    <footer className={styles.footer}>
      {answer && (
        <>
          <span>As of {dateTime(answer.as_of, zone)}</span>
          <span>{zoneWords(zone)}</span>
          <span>
            Definition {answer.definition}
            {answer.stale ? ', in its earlier wording while the new one is applied' : ''}
          </span>
          <span>Data generation {count(answer.generation)}</span>
          {answer.untimed ? <span>{count(answer.untimed)} sessions without a time left out</span> : null}
        </>
      )}
      {status?.last_import_at && <span>Last import {relative(status.last_import_at)}</span>}
      {status && <span>Rapport {status.version}</span>}
    </footer>
  )
}
