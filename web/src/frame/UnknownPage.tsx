import { Link } from 'react-router'
import { useLink } from '../view/view'
import styles from './Note.module.css'

export function UnknownPage() {
  const link = useLink()
  return (
    <section className={styles.note}>
      <h1>There is no such page</h1>
      <p>The address may have been cut off when it was copied.</p>
      <p className={styles.actions}>
        <Link to={link('/')}>Go to the summary</Link>
      </p>
    </section>
  )
}
