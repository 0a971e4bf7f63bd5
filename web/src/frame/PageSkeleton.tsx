import { Skeleton } from '../parts/Skeleton'
import styles from './PageSkeleton.module.css'

/** A page that is on its way: its heading, and room for what comes, so that nothing moves when it does. */
export function PageSkeleton({ title }: { title: string }) {
  return (
    <>
      <h1>{title}</h1>
      <div className={styles.room} aria-busy="true">
        <Skeleton height={600} shape="table" />
      </div>
    </>
  )
}
