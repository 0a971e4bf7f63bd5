import { count, percent } from '../../format'
import { BarList } from '../../parts/BarList'
import { fieldInWords, type AuditField } from './audit'

/** In which share of what was compared both sides say the same, field by field. */
export function Fields({ fields }: { fields: AuditField[] }) {
  return (
    <BarList
      label="Share of sessions in which both say the same"
      max={1}
      rows={fields.map(({ field, agree, compared }) => ({
        key: field,
        label: fieldInWords(field),
        value: compared === 0 ? null : agree / compared,
        figure: compared === 0 ? 'not compared' : percent(agree / compared),
        aside: compared === 0 ? '' : `${count(agree)} of ${count(compared)}`,
        color: '--series-2',
      }))}
    />
  )
}
