import { count } from '../../format'
import { Icon } from '../../parts/Icon'
import { ends, missingOf, type Account } from './account'
import styles from './Data.module.css'

/** read = accepted + duplicate + superseded + quarantined, and that it is so. */
export function Equation({ account }: { account: Account }) {
  const missing = missingOf(account)
  return (
    <div className={styles.equation}>
      <p className={styles.terms}>
        <span>
          <b>{count(account.read)}</b> read
        </span>
        {ends.map(({ key, label, meaning }, i) => (
          <span key={key} title={meaning}>
            <span className={styles.sign}>{i === 0 ? '=' : '+'}</span>
            <b>{count(account[key])}</b> {label.toLowerCase()}
          </span>
        ))}
      </p>
      {missing === 0 ? (
        <p className={styles.whole}>
          <Icon name="check" size={14} />
          Every record is accounted for.
        </p>
      ) : (
        <p className={styles.broken}>
          <Icon name="warning" size={14} />
          {count(Math.abs(missing))} records are not accounted for. Please report this.
        </p>
      )}
    </div>
  )
}
