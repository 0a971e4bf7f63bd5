import { Link } from 'react-router'
import { useDefinitions, useStatus } from '../api/catalogue'
import { Chip } from '../parts/Chip'
import { useLink, useSetView, useView } from '../view/view'
import { Picker } from './Picker'
import styles from './Picker.module.css'

/** Which rules the numbers follow, where there is a choice. */
export function DefinitionPicker() {
  const { definition } = useView()
  const usual = useStatus().data?.definition
  const { data } = useDefinitions()
  if (!data || (data.length < 2 && !definition)) return null
  return (
    <Picker label="Definition" words={definition ?? usual ?? ''} icon="rules">
      {() => <DefinitionChoice />}
    </Picker>
  )
}

export function DefinitionChoice() {
  const { definition } = useView()
  const setView = useSetView()
  const link = useLink()
  const usual = useStatus().data?.definition
  const inForce = useDefinitions().data ?? []
  return (
    <div className={styles.choice}>
      <fieldset className={styles.set}>
        <legend>Count sessions by</legend>
        {inForce.map(({ name, ready }) => (
          <label key={name} className={styles.radio}>
            <input
              type="radio"
              name="definition"
              disabled={!ready}
              checked={(definition ?? usual) === name}
              onChange={() => setView({ definition: name === usual ? undefined : name })}
            />
            <bdi>{name}</bdi>
            {name === usual && <span className={styles.note}>usual</span>}
            {!ready && <span className={styles.note}>being applied</span>}
          </label>
        ))}
      </fieldset>
      <p className={styles.note}>
        A definition says what engages a session and how it ended. <Link to={link('/definitions')}>Read or compare them</Link>
      </p>
    </div>
  )
}

/** Says so when the numbers follow other rules than usual. */
export function DefinitionChip() {
  const { definition } = useView()
  const setView = useSetView()
  const usual = useStatus().data?.definition
  if (!definition || definition === usual) return null
  return (
    <Chip look="warn" label={`counted by the definition ${definition}`} onRemove={() => setView({ definition: undefined })}>
      Counted by {definition}
      {usual ? `, not ${usual}` : ''}
    </Chip>
  )
}
