import { Link } from 'react-router'
import { Button } from '../parts/Button'
import { useCopy } from '../parts/useCopy'
import { useLink } from '../view/view'
import styles from './NoData.module.css'

/** Before anything has been imported: three ways to have something to see. */
export default function NoData() {
  const link = useLink()
  return (
    <section className={styles.page}>
      <h1>No conversations yet</h1>
      <p className={styles.lead}>
        Rapport reads the conversations that your bots already record, and shows who engaged with them and how it ended. Give it some:
      </p>
      <ol className={styles.ways}>
        <li>
          <h2>Upload an export</h2>
          <p>The Dataverse table conversationtranscript as CSV, JSON or JSON Lines, or Bot Framework .transcript files; zipped or not.</p>
          <Link className={styles.go} to={link('/data')}>
            Go to Data
          </Link>
        </li>
        <li>
          <h2>Import a folder</h2>
          <p>On the machine that Rapport runs on. Stop the server first, since one program at a time writes the data.</p>
          <Command text="rapport import PATH --data DIR" />
        </li>
        <li>
          <h2>Look around first</h2>
          <p>With made-up conversations of several bots, in a folder that is gone afterwards.</p>
          <Command text="rapport demo" />
        </li>
      </ol>
      <p className={styles.hint}>This page notices by itself when data has come.</p>
    </section>
  )
}

function Command({ text }: { text: string }) {
  const { copy, copied, said } = useCopy('Copied')
  return (
    <p className={styles.command}>
      <code>{text}</code>
      <Button small look="quiet" icon={copied ? 'check' : 'copy'} aria-label={`Copy: ${text}`} title={said || 'Copy'} onClick={() => copy(text)} />
      <span className="visually-hidden" role="status">
        {said}
      </span>
    </p>
  )
}
