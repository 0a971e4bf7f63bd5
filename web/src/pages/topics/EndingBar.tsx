import { endings } from '../../charts/endings'
import { Legend } from '../../charts/Legend'
import { looks } from '../../charts/palette'
import { Share } from '../../parts/Share'
import type { TopicRow } from './topicRows'

const ended = endings.map(({ measure, label, look }) => ({ key: measure, label, ...look }))
const rest = { key: 'rest', label: 'Not engaged, or no outcome', ...looks.unengaged }

/** How a topic's sessions ended, in the height of a line: the whole width is all of its sessions. */
export function EndingBar({ row }: { row: Pick<TopicRow, 'sessions' | 'endings'> }) {
  if (row.sessions === 0) return null
  const parts = ended.map((part) => ({ ...part, value: row.endings[part.key] }))
  const others = row.sessions - parts.reduce((sum, { value }) => sum + value, 0)
  return <Share compact label="How they ended" parts={[...parts, { ...rest, value: others }].filter(({ value }) => value > 0)} />
}

/** What the parts of the bars mean, once for the table. */
export function EndingLegend() {
  return <Legend items={[...ended, rest]} />
}
