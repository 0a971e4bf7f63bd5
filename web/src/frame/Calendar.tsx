import { DayPicker } from 'react-day-picker'
import { useStatus } from '../api/catalogue'
import { dayOf, type Day } from '../view/ranges'
import { useView } from '../view/view'
import styles from './Calendar.module.css'

interface Props {
  first: Day
  last: Day
  onChange(first: Day, last: Day): void
}

/** Choosing days by pointing at them. Its days are those of no zone: noon keeps them where they are. */
export default function Calendar({ first, last, onChange }: Props) {
  const { zone } = useView()
  const { data } = useStatus()
  const today = dayOf(new Date(), zone)
  const earliest = data?.first_at ? atNoon(dayOf(new Date(data.first_at), zone)) : undefined
  return (
    <DayPicker
      mode="range"
      classNames={styles}
      weekStartsOn={1}
      labels={{
        labelDayButton: (date, { today: isToday, selected }) => `${fullDay.format(date)}${isToday ? ', today' : ''}${selected ? ', chosen' : ''}`,
      }}
      showOutsideDays
      today={atNoon(today)}
      defaultMonth={last ? atNoon(last) : undefined}
      startMonth={earliest}
      endMonth={atNoon(today)}
      disabled={[{ after: atNoon(today) }, ...(earliest ? [{ before: earliest }] : [])]}
      selected={first ? { from: atNoon(first), ...(last ? { to: atNoon(last) } : {}) } : undefined}
      onSelect={(range, clicked) => {
        // A whole range is chosen already: the next click begins another.
        if (first && last && first !== last) onChange(dayHere(clicked), dayHere(clicked))
        else if (range?.from) onChange(dayHere(range.from), dayHere(range.to ?? range.from))
      }}
    />
  )
}

const fullDay = new Intl.DateTimeFormat('en', { dateStyle: 'full' })

function atNoon(day: Day): Date {
  return new Date(`${day}T12:00:00`)
}

function dayHere(date: Date): Day {
  const two = (part: number) => String(part).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}
