import { useImports } from '../../api/hooks'
import { useView } from '../../view/view'
import { Agreement } from './Agreement'
import styles from './Data.module.css'
import { Freshness } from './Freshness'
import { Imports } from './Imports'
import { Jobs } from './Jobs'
import { LeftOut } from './LeftOut'
import { Reconciliation } from './Reconciliation'
import { Upload } from './Upload'

/** Whether data flows, and whether all of it is there. */
export default function Data() {
  const { zone } = useView()
  const imports = useImports()
  const some = imports.data === undefined || imports.data.length > 0
  return (
    <div className={styles.page}>
      <h1>Data</h1>
      <Upload />
      <Jobs />
      {some && (
        <div className={styles.pair}>
          <Reconciliation imports={imports} />
          <Freshness zone={zone} />
        </div>
      )}
      <Imports imports={imports} zone={zone} />
      {some && (
        <>
          <LeftOut />
          <Agreement zone={zone} />
        </>
      )}
    </div>
  )
}
