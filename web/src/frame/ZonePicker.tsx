import { useMemo } from 'react'
import { useStatus } from '../api/catalogue'
import { PickList } from '../parts/PickList'
import { useSetView, useView, zoneHere } from '../view/view'
import { Picker } from './Picker'
import styles from './Picker.module.css'
import { zoneWords } from './words'

export function ZonePicker() {
  const { zone } = useView()
  return (
    <Picker label="Time zone" words={zoneWords(zone)} icon="zone">
      {(close) => <ZoneChoice onDone={close} />}
    </Picker>
  )
}

/** Whose midnight parts the days. */
export function ZoneChoice({ onDone }: { onDone?(): void }) {
  const { zone } = useView()
  const setView = useSetView()
  const servers = useStatus().data?.zone
  const picks = useMemo(() => {
    const here = zoneHere()
    const first = [...new Set([zone, here, servers ?? 'UTC', 'UTC'])]
    const rest = Intl.supportedValuesOf('timeZone').filter((name) => !first.includes(name))
    const now = new Date()
    return [...first, ...rest].map((name) => ({
      key: name,
      label: zoneWords(name),
      note: name === here ? `yours, ${offset(name, now)}` : name === servers ? `server’s, ${offset(name, now)}` : offset(name, now),
    }))
  }, [zone, servers])
  return (
    <div className={styles.choice}>
      <PickList
        label="Time zones"
        placeholder="Search for a city"
        picks={picks}
        chosen={[zone]}
        onPick={(name) => {
          setView({ zone: name })
          onDone?.()
        }}
      />
      <p className={styles.note}>Days and hours on every page are those of this zone.</p>
    </div>
  )
}

function offset(zone: string, now: Date): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'shortOffset' }).formatToParts(now)
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? ''
}
