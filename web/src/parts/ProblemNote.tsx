import type { ApiProblem } from '../api/problem'
import { Button } from './Button'
import { Icon } from './Icon'
import styles from './ProblemNote.module.css'

interface Props {
  problem: Pick<ApiProblem, 'detail'> & Partial<Pick<ApiProblem, 'hint' | 'errors' | 'retryAfter'>>
  retry?: () => void
}

/** Why there is nothing to show, in the server's words, and a way to ask again. */
export function ProblemNote({ problem, retry }: Props) {
  const said = problem.detail.toLowerCase()
  const more = problem.errors?.filter((fault) => fault.message && !said.includes(fault.message.toLowerCase())) ?? []
  return (
    <div className={styles.note} role="alert">
      <Icon name="warning" size={18} />
      <div className={styles.words}>
        <p>{problem.detail}</p>
        {more.map((fault, i) => (
          <p key={i} className={styles.more}>
            {fault.message}
          </p>
        ))}
        {problem.hint && <p className={styles.more}>{problem.hint}</p>}
        {problem.retryAfter !== undefined && <p className={styles.more}>The server asks to wait {problem.retryAfter} s.</p>}
      </div>
      {retry && (
        <Button small icon="retry" onClick={retry}>
          Try again
        </Button>
      )}
    </div>
  )
}
