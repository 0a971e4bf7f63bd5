import { useMeasures } from '../../api/hooks'
import { Chip } from '../../parts/Chip'
import { Segmented } from '../../parts/Segmented'
import { countsSessions } from '../../parts/words'
import styles from './Sessions.module.css'

interface Props {
  measure: string
  denominator: boolean
  onDenominator: (denominator: boolean) => void
  onRemove: () => void
}

/** Which number's sessions these are, in the words of its measure. */
export function CountedIn({ measure, denominator, onDenominator, onRemove }: Props) {
  const measures = useMeasures()
  const known = measures(measure)
  const label = known?.label ?? measure
  const meaning = denominator ? known?.denominator : known?.numerator
  return (
    <div className={styles.counted}>
      <Chip label={`sessions of ${label}`} onRemove={onRemove}>
        {label}
      </Chip>
      {known?.denominator && (
        <Segmented
          label="Which of its two counts"
          value={denominator ? 'of' : 'counted'}
          options={[
            { value: 'counted', label: 'Counted' },
            { value: 'of', label: 'Out of' },
          ]}
          onChange={(side) => onDenominator(side === 'of')}
        />
      )}
      {meaning && (
        <p className={styles.meaning}>
          {countsSessions(meaning) ? `The list holds ${meaning}.` : `Counted: ${meaning}. The list holds their sessions.`}
        </p>
      )}
    </div>
  )
}
