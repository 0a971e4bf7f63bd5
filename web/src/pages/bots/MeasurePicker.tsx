import { useMeasureList } from '../../api/hooks'
import { Button } from '../../parts/Button'
import { PickList } from '../../parts/PickList'
import { Popover } from '../../parts/Popover'
import { usual } from './botRows'
import css from './Bots.module.css'

interface Props {
  chosen: string[]
  onChoose: (measures: string[]) => void
}

/** Which measures stand side by side. A new one is put at the end; the last one stays, since a table of names says nothing. */
export function MeasurePicker({ chosen, onChoose }: Props) {
  const measures = useMeasureList().data ?? []
  const toggle = (name: string) => {
    const next = chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name]
    if (next.length > 0) onChoose(next)
  }
  return (
    <Popover
      label="Choose measures"
      align="end"
      trigger={
        <Button small icon="columns">
          Measures
        </Button>
      }
    >
      <div className={css.picker}>
        <PickList
          label="Measures"
          placeholder="Find a measure"
          several
          picks={measures.map(({ name, label, group }) => ({ key: name, label, note: group }))}
          chosen={chosen}
          onPick={toggle}
        />
        <Button small look="quiet" icon="retry" onClick={() => onChoose(usual)}>
          The usual ones
        </Button>
      </div>
    </Popover>
  )
}
