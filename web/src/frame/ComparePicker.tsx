import { usePeriod } from '../view/period'
import { useSetView, useView, type View } from '../view/view'
import { Picker } from './Picker'
import styles from './Picker.module.css'
import { compareWords, periodWords } from './words'

export function ComparePicker() {
  const view = useView()
  return (
    <Picker label="Comparison" words={compareWords(view)}>
      {() => <CompareChoice />}
    </Picker>
  )
}

const choices: { value: View['compare']; label: string }[] = [
  { value: 'previous', label: 'The period before' },
  { value: 'year', label: 'The same period last year' },
  { value: 'off', label: 'No comparison' },
]

export function CompareChoice() {
  const { range, compare, matchWeekday, zone } = useView()
  const setView = useSetView()
  const { compared } = usePeriod()
  return (
    <div className={styles.choice}>
      <fieldset className={styles.set}>
        <legend>Compare with</legend>
        {choices.map(({ value, label }) => (
          <label key={value} className={styles.radio}>
            <input type="radio" name="compare" checked={compare === value} onChange={() => setView({ compare: value })} />
            {label}
          </label>
        ))}
      </fieldset>
      <label className={styles.radio}>
        <input
          type="checkbox"
          checked={matchWeekday}
          disabled={compare === 'off'}
          onChange={(event) => setView({ matchWeekday: event.target.checked })}
        />
        Start on the same weekday
      </label>
      <p className={styles.note}>
        {range === 'all' ? 'Nothing comes before all time.' : compare === 'off' ? 'Figures stand without a change.' : periodWords(compared, zone)}
      </p>
    </div>
  )
}
