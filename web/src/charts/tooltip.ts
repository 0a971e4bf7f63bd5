import { count, percent } from '../format'
import styles from './TimeChart.module.css'
import { written, type Bucket, type Series, type Unit } from './time'

/** What a bucket holds, built as elements: names come from whoever talks to the bot and are never read as HTML. */
export function tooltip(bucket: Bucket, at: number, series: Series[], unit: Unit, total: boolean): HTMLElement {
  const box = element('div', styles.tooltip)
  box.append(element('strong', undefined, bucket.title ?? bucket.label))
  if (bucket.partial) box.append(element('span', styles.aside, ' only a part'))
  const rows = element('div', styles.rows)
  for (const one of total ? series.toReversed() : series) {
    const swatch = element('span', styles.swatch)
    swatch.style.setProperty('--tone', `var(${one.color})`)
    swatch.dataset.pattern = one.pattern ?? 'solid'
    const name = element('bdi', styles.name, one.label)
    const value = element('b', undefined, written(unit, one.values[at]))
    rows.append(swatch, name, value, element('span', styles.aside, beside(one, at, unit)))
  }
  if (total && series.length > 1) {
    const sum = series.reduce((all, one) => all + (one.values[at] ?? 0), 0)
    rows.append(element('span'), element('span', styles.name, 'Together'), element('b', undefined, count(sum)), element('span'))
  }
  box.append(rows)
  return box
}

/** The counts, the interval and the value before, as far as they are known. */
function beside(one: Series, at: number, unit: Unit): string {
  const said: string[] = []
  const counts = one.counts?.[at]
  if (counts?.denominator !== undefined) {
    said.push(unit === 'rate' ? `${count(counts.numerator)} of ${count(counts.denominator)}` : `n = ${count(counts.denominator)}`)
  }
  const [low, high] = [one.low?.[at], one.high?.[at]]
  if (typeof low === 'number' && typeof high === 'number') {
    said.push(unit === 'rate' ? `${percent(low)} to ${percent(high)}` : `${written(unit, low)} to ${written(unit, high)}`)
  }
  const before = one.before?.[at]
  if (typeof before === 'number') said.push(`before ${written(unit, before)}`)
  return said.join(' · ')
}

function element(name: string, className?: string, text?: string): HTMLElement {
  const made = document.createElement(name)
  if (className) made.className = className
  if (text !== undefined) made.textContent = text
  return made
}
