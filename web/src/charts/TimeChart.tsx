import { useCallback, useMemo } from 'react'
import type { EChartsType } from 'echarts'

import { Chart } from './Chart'
import { Legend } from './Legend'
import { optionOf } from './option'
import { seriesAt, summary, type Bucket, type Series, type Unit } from './time'
import styles from './TimeChart.module.css'
import { useWidth } from './width'

interface Props {
  buckets: Bucket[]
  /** At most six; the rest as one more, "other". Of a stack from the bottom up. */
  series: Series[]
  kind: 'stacked' | 'lines'
  unit: Unit
  zone: string
  height?: number
  /** What the chart is of, for those who do not see it. */
  label: string
  /** Lines of rates on the room they need, where small moves matter and the axis says so. */
  zoom?: boolean
  /** The highest that a mean can be: the axis does not go beyond. */
  most?: number
  /** The names of the series stand beside the chart already. */
  named?: boolean
  onSelect?: (bucket: number, series: string) => void
}

/** Figures over time: a stack of bars or lines, with the unfinished bucket hatched and the comparison dotted. */
export function TimeChart({ buckets, series, kind, unit, zone, height = 240, label, zoom = false, most, named = false, onSelect }: Props) {
  const [box, width] = useWidth()
  const ends = kind === 'lines' && series.length > 1 && width >= 380 ? endRoom(series) : 0
  const option = useMemo(
    () => optionOf({ buckets, series, kind, unit, zoom, ends, height, most }),
    [buckets, series, kind, unit, zoom, ends, height, most],
  )
  const pick = useCallback(
    ({ x, y }: { x: number; y: number }, chart: EChartsType) => {
      if (!chart.containPixel('grid', [x, y])) return
      const [at, height] = chart.convertFromPixel('grid', [x, y])
      const bucket = Math.min(Math.max(Math.round(at ?? 0), 0), buckets.length - 1)
      const one = seriesAt(series, bucket, height ?? 0, kind)
      if (one) onSelect?.(bucket, one.key)
    },
    [buckets, series, kind, onSelect],
  )

  return (
    <div ref={box} className={styles.chart}>
      {series.length > 1 && ends === 0 && !named && <Legend items={series} />}
      <Chart option={option} label={summary(label, buckets, series, unit, zone)} height={height} onPick={onSelect && pick} />
      <p className={styles.axis}>
        {series.some((one) => one.before) && <span className={styles.before}>before</span>}
        {kind === 'stacked' && buckets.some((bucket) => bucket.partial) && <span>hatched: only a part</span>}
        {kind === 'lines' && buckets.at(-1)?.partial && <span>dashed: only a part</span>}
        {zoom && unit === 'rate' && <span>axis not from zero</span>}
        <span>{zone}</span>
      </p>
    </div>
  )
}

/** The width that the longest name needs, within reason: about 6.6 pixels a letter. */
function endRoom(series: Series[]): number {
  const longest = Math.max(...series.map((one) => one.label.length))
  return Math.min(Math.round(longest * 6.6) + 20, 140)
}
