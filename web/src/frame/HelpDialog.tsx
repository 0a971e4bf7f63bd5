import { Dialog } from '../parts/Dialog'
import styles from './HelpDialog.module.css'
import { useKeysOn } from './keys'
import { shortcuts } from './shortcuts'

export default function HelpDialog({ onClose }: { onClose(): void }) {
  const [on, turn] = useKeysOn()
  return (
    <Dialog title="Keys and clicks" wide open onOpenChange={(open) => !open && onClose()}>
      <div className={styles.groups}>
        {shortcuts.map(({ title, keys }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl className={styles.keys}>
              {keys.map(([key, what]) => (
                <div key={key}>
                  <dt>
                    {key.split(/(?<=\S) (?=[→])/).map((one) => (
                      <kbd key={one}>{one}</kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <section>
          <h3>Clicks</h3>
          <ul className={styles.clicks}>
            <li>Click a bar or a row to see only that; with Ctrl or ⌘ to leave it out.</li>
            <li>Click a number to see the sessions that it counted.</li>
            <li>The address holds all that you see: copy it to share the view.</li>
          </ul>
        </section>
      </div>
      <label className={styles.turn}>
        <input type="checkbox" checked={on} onChange={(event) => turn(event.target.checked)} />
        Single keys do these things
      </label>
    </Dialog>
  )
}
