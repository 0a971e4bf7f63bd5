import { useState } from 'react'
import { useBots, useDefinitions } from '../api/catalogue'
import { Button } from '../parts/Button'
import { Dialog } from '../parts/Dialog'
import { Popover } from '../parts/Popover'
import { Segmented } from '../parts/Segmented'
import { usePeriod } from '../view/period'
import { useView } from '../view/view'
import { BotChoice, BotPicker, botWords } from './BotPicker'
import { CompareChoice, ComparePicker } from './ComparePicker'
import styles from './Controls.module.css'
import { DefinitionChoice, DefinitionPicker } from './DefinitionPicker'
import { RangeChoice, RangePicker } from './RangePicker'
import { useTheme, type Theme } from './theme'
import { compareWords, rangeWords, zoneWords } from './words'
import { ZoneChoice, ZonePicker } from './ZonePicker'

interface Props {
  rangeOpen: boolean
  onRangeOpen(open: boolean): void
  onHelp(): void
}

/** What the numbers are of, in one row. */
export function Controls({ rangeOpen, onRangeOpen, onHelp }: Props) {
  return (
    <>
      <BotPicker />
      <div className={styles.right}>
        <RangePicker open={rangeOpen} onOpenChange={onRangeOpen} />
        <ComparePicker />
        <DefinitionPicker />
        <ZonePicker />
        <ThemeToggle />
        <Button look="quiet" icon="help" aria-label="Keys and clicks" title="Keys and clicks (?)" onClick={onHelp} />
      </div>
    </>
  )
}

const themes: { value: Theme; label: string }[] = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
]

function ThemeChoice() {
  const [theme, choose] = useTheme()
  return <Segmented label="Theme" value={theme} onChange={choose} options={themes} />
}

function ThemeToggle() {
  const [theme] = useTheme()
  return (
    <Popover label="Theme" align="end" trigger={<Button look="quiet" icon={theme} aria-label={`Theme: ${theme}`} title="Theme" />}>
      <ThemeChoice />
    </Popover>
  )
}

/** The same on a phone: one button that says what is chosen, and a sheet with every choice. */
export function FoldedControls({ rangeOpen, onRangeOpen, onHelp }: Props) {
  const view = useView()
  const period = usePeriod()
  const bots = useBots().data
  const definitions = useDefinitions().data ?? []
  const [section, setSection] = useState('range')
  const range = rangeWords(view, period)
  const words = botWords(view.bots, bots)
  const sections = [
    { name: 'range', label: 'Range', words: range, choice: <RangeChoice onDone={() => onRangeOpen(false)} /> },
    { name: 'compare', label: 'Comparison', words: compareWords(view), choice: <CompareChoice /> },
    { name: 'bots', label: 'Bots', words, choice: <BotChoice /> },
    { name: 'zone', label: 'Time zone', words: zoneWords(view.zone), choice: <ZoneChoice /> },
    ...(definitions.length > 1 || view.definition
      ? [{ name: 'definition', label: 'Definition', words: view.definition ?? 'usual', choice: <DefinitionChoice /> }]
      : []),
  ]
  return (
    <>
      <Button className={styles.fold} icon="settings" onClick={() => onRangeOpen(true)} aria-label={`View: ${words}, ${range}`}>
        <bdi>
          {words} · {range}
        </bdi>
      </Button>
      <Dialog title="View" open={rangeOpen} onOpenChange={onRangeOpen}>
        <div className={styles.sheet}>
          {sections.map(({ name, label, words: chosen, choice }) => (
            <details key={name} name="view" open={section === name} onToggle={(event) => event.currentTarget.open && setSection(name)}>
              <summary>
                <span>{label}</span>
                <bdi className={styles.chosen}>{chosen}</bdi>
              </summary>
              {section === name && choice}
            </details>
          ))}
          <div className={styles.row}>
            <span>Theme</span>
            <ThemeChoice />
          </div>
          <Button
            icon="help"
            onClick={() => {
              onRangeOpen(false)
              onHelp()
            }}
          >
            Keys and clicks
          </Button>
        </div>
      </Dialog>
    </>
  )
}
