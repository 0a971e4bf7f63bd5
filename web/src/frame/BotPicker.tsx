import { useBots } from '../api/catalogue'
import type { Bot } from '../api/types'
import { count } from '../format'
import { Button } from '../parts/Button'
import { PickList } from '../parts/PickList'
import { ProblemNote } from '../parts/ProblemNote'
import { useSetView, useView } from '../view/view'
import { Picker } from './Picker'
import styles from './Picker.module.css'

export function botWords(chosen: string[], bots: Bot[] | undefined): string {
  const [one] = chosen
  if (one === undefined) return 'All bots'
  if (chosen.length === 1) return bots?.find((bot) => bot.id === one)?.name ?? one
  return `${chosen.length} bots`
}

export function BotPicker() {
  const { bots: chosen } = useView()
  const bots = useBots()
  return (
    <Picker label="Bots" words={botWords(chosen, bots.data)} icon="bot" align="start">
      {() => <BotChoice />}
    </Picker>
  )
}

/** Which bots; none chosen means all of them. */
export function BotChoice() {
  const { bots: chosen } = useView()
  const setView = useSetView()
  const { data, error, retry } = useBots()
  if (error && !data) return <ProblemNote problem={error} retry={retry} />
  const known = data ?? []
  const strange = chosen.filter((id) => !known.some((bot) => bot.id === id))
  const picks = [
    ...known.map((bot) => ({ key: bot.id, label: bot.name, note: count(bot.sessions) })),
    ...strange.map((id) => ({ key: id, label: id, note: 'no data' })),
  ]
  return (
    <div className={styles.choice}>
      <PickList
        label="Bots"
        several
        picks={picks}
        chosen={chosen}
        onPick={(id) => setView(({ bots }) => ({ bots: bots.includes(id) ? bots.filter((one) => one !== id) : [...bots, id] }))}
      />
      <div className={styles.foot}>
        <span className={styles.note}>Sessions of all time</span>
        <Button small disabled={chosen.length === 0} onClick={() => setView({ bots: [] })}>
          All bots
        </Button>
      </div>
    </div>
  )
}
