import type { BarSeriesOption, EChartsOption, LineSeriesOption } from 'echarts'

import { mean, percent, short } from '../format'
import type { Pattern } from './palette'
import { spread } from './spread'
import type { Bucket, Series, Unit } from './time'
import styles from './TimeChart.module.css'
import { tooltip } from './tooltip'

export interface Drawing {
  buckets: Bucket[]
  series: Series[]
  kind: 'stacked' | 'lines'
  unit: Unit
  /** Rates on the room they need instead of 0 to 100 %. */
  zoom: boolean
  /** Room for the names of lines at their ends, in pixels; none without. */
  ends: number
  height: number
  /** The highest that a figure can be, where it has such an end. */
  most?: number
}

const hatch = { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [1.2, 3.8], rotation: -Math.PI / 4, color: 'var(--pattern)' }
const dots = {
  symbol: 'circle',
  symbolSize: 0.7,
  dashArrayX: [
    [0, 5],
    [2.5, 2.5],
  ],
  dashArrayY: [5, 0],
  color: 'var(--pattern)',
}
const decals: Record<Pattern, BarSeriesOption['itemStyle']> = { solid: {}, hatch: { decal: hatch }, dots: { decal: dots } }

const dashes: Record<Pattern, 'solid' | number[]> = { solid: 'solid', hatch: [8, 3], dots: [2, 3] }

/** The drawing as ECharts wants it. Nothing moves, nothing lights up, and every text of ours is set as text. */
export function optionOf(drawing: Drawing): EChartsOption {
  const { buckets, series, kind, unit, ends } = drawing
  const apart = spread(series, drawing)
  return {
    animation: false,
    grid: { left: 4, right: Math.max(ends, 12), top: 12, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: {
      type: 'category',
      data: buckets.map((bucket) => bucket.label),
      boundaryGap: kind === 'stacked' || buckets.length === 1,
      axisLine: { lineStyle: { color: 'var(--line-2)' } },
      axisTick: { show: false },
      axisLabel: { color: 'var(--ink-2)', fontSize: 12, hideOverlap: true, margin: 10 },
    },
    yAxis: {
      type: 'value',
      ...scaleOf(drawing),
      splitNumber: 4,
      axisLabel: { color: 'var(--ink-2)', fontSize: 12, formatter: (v: number) => tick(unit, v) },
      splitLine: { lineStyle: { color: 'var(--line)' } },
    },
    tooltip: {
      trigger: 'axis',
      transitionDuration: 0,
      appendTo: 'body',
      className: styles.box,
      padding: 0,
      borderWidth: 0,
      backgroundColor: 'transparent',
      extraCssText: 'box-shadow: none',
      axisPointer: {
        type: kind === 'stacked' ? 'shadow' : 'line',
        lineStyle: { color: 'var(--line-2)', type: 'solid' },
        shadowStyle: { color: 'var(--ink)', opacity: 0.05 },
      },
      formatter: (params) => {
        const at = [params].flat()[0]?.dataIndex ?? 0
        const bucket = buckets[at]
        return bucket ? tooltip(bucket, at, series, unit, kind === 'stacked') : ''
      },
    },
    series: kind === 'stacked' ? stacked(drawing) : series.flatMap((one, i) => lines(one, drawing, apart[i] ?? 0)),
  }
}

interface Extent {
  min: number
  max: number
}

function scaleOf({ series, unit, kind, zoom, most }: Drawing) {
  if (unit === 'rate' && !zoom && kind === 'lines') return { min: 0, max: 1, interval: 0.25 }
  if (kind === 'lines' && (zoom || unit === 'mean'))
    return { scale: true, ...(most !== undefined && { max: (shown: Extent) => (shown.max + (shown.max - shown.min) / 4 > most ? most : null) }) }
  const top = Math.max(0, ...series.flatMap((one) => one.values.map((v) => v ?? 0)))
  return { min: 0, ...(unit === 'count' && { minInterval: 1 }), ...(top === 0 && { max: 1 }) }
}

function tick(unit: Unit, v: number): string {
  return unit === 'rate' ? percent(v, 0) : unit === 'mean' ? mean(v, 1) : short(v)
}

const plain = { silent: true, emphasis: { disabled: true }, animation: false } as const

function stacked({ buckets, series }: Drawing): (BarSeriesOption | LineSeriesOption)[] {
  const bars = series.map((one): BarSeriesOption => ({
    ...plain,
    type: 'bar',
    stack: 'all',
    barCategoryGap: buckets.length > 60 ? '8%' : '24%',
    barMaxWidth: 48,
    itemStyle: { color: `var(${one.color})`, ...decals[one.pattern ?? 'solid'] },
    data: one.values.map((value, i) => ({
      value: value ?? 0,
      // What is not over is faint behind its own pattern, whatever the series' is.
      ...(buckets[i]?.partial && { itemStyle: { color: `var(${one.color})`, opacity: 0.45, decal: hatch } }),
    })),
  }))
  const before = totalsBefore(series, buckets.length)
  if (!before) return bars
  return [...bars, { ...plain, ...dotted('var(--ink)'), data: before }]
}

function totalsBefore(series: Series[], buckets: number): (number | null)[] | undefined {
  if (!series.some((one) => one.before)) return undefined
  return Array.from({ length: buckets }, (_, i) => {
    const known = series.flatMap((one) => one.before?.[i] ?? [])
    return known.length > 0 ? known.reduce((a, b) => a + b, 0) : null
  })
}

function dotted(color: string): LineSeriesOption {
  return { type: 'line', symbol: 'none', lineStyle: { color, width: 1.5, type: [1, 4], cap: 'round' }, z: 3 }
}

function lines(one: Series, { buckets, ends }: Drawing, apart: number): LineSeriesOption[] {
  const color = `var(${one.color})`
  // A name at its end tells a line from the others; without one its dashes do.
  const style = { color, width: 2, type: ends > 0 ? 'solid' : dashes[one.pattern ?? 'solid'] }
  const last = buckets.at(-1)?.partial === true && buckets.length > 1
  const over = last ? [...one.values.slice(0, -1), null] : one.values
  const label = { formatter: () => one.label, color: 'var(--ink)', fontSize: 12, width: ends - 12, overflow: 'truncate' } as const
  const named: LineSeriesOption = ends > 0 ? { endLabel: { show: true, offset: [0, apart], ...label } } : {}
  const all: LineSeriesOption[] = []
  if (one.low && one.high) all.push(...band(one, color))
  all.push({
    ...plain,
    type: 'line',
    // A bucket between two without a figure has no line, and is a dot.
    data: over.map((value, i) => ({ value, symbol: buckets.length <= 14 || !joined(over, i) ? 'circle' : 'none' })),
    symbolSize: 5,
    itemStyle: { color },
    lineStyle: style,
    z: 4,
    ...(!last && named),
  })
  if (last) {
    const from = buckets.length - 2
    const data = one.values.map((v, i) => (i >= from ? v : null))
    all.push({
      ...plain,
      type: 'line',
      data,
      symbol: 'circle',
      symbolSize: 5,
      itemStyle: { color, opacity: 0.5 },
      lineStyle: { color, width: 1.5, type: [2, 4] },
      z: 4,
      ...named,
    })
  }
  if (one.before) all.push({ ...plain, ...dotted(color), data: one.before })
  return all
}

function joined(values: (number | null)[], i: number): boolean {
  return typeof values[i - 1] === 'number' || typeof values[i + 1] === 'number'
}

/** The interval as a band: from its low end, invisible, up to its high end. */
function band(one: Series, color: string): LineSeriesOption[] {
  const shape = { ...plain, type: 'line', symbol: 'none', stack: `interval ${one.key}`, lineStyle: { opacity: 0 }, z: 1 } as const
  const size = one.high?.map((high, i) => {
    const low = one.low?.[i]
    return typeof high === 'number' && typeof low === 'number' ? high - low : null
  })
  return [
    { ...shape, data: one.low },
    { ...shape, data: size, areaStyle: { color, opacity: 0.1 } },
  ]
}
