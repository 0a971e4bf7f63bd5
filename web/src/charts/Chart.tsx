import type { EChartsOption, EChartsType } from 'echarts'
import { useEffect, useRef, useState } from 'react'

import styles from './Chart.module.css'

interface Props {
  option: EChartsOption
  /** What it is of and what it says: read aloud in place of the picture. */
  label: string
  height: number
  /** Where somebody clicked. */
  onPick?: (at: { x: number; y: number }, chart: EChartsType) => void
}

type Engine = typeof import('./engine')

let loading: Promise<Engine> | undefined

/** Once for all charts. What failed to load is tried again by the next chart. */
function engine(): Promise<Engine> {
  loading ??= import('./engine').catch((error: unknown) => {
    loading = undefined
    throw error
  })
  return loading
}

// A page that has charts fetches what draws them while it asks for its numbers.
engine().catch(() => undefined)

/**
 * A drawing by ECharts. Its colours are variables of the theme, which the browser resolves in the SVG: a change of theme, and
 * paper, need no new drawing.
 */
export function Chart({ option, label, height, onPick }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType>(null)
  const latest = useRef({ option, onPick })
  const [failed, setFailed] = useState<unknown>()

  useEffect(() => {
    latest.current = { option, onPick }
  }, [option, onPick])

  useEffect(() => {
    if (chart.current) apply(chart.current, option)
  }, [option])

  useEffect(() => {
    const element = box.current
    if (!element) return
    let gone = false
    let made: EChartsType | undefined
    // It tells its first size as well, which the drawing has already.
    const resized = new ResizeObserver(() => {
      if (made && (made.getWidth() !== element.clientWidth || made.getHeight() !== element.clientHeight)) made.resize()
    })
    const begin = ({ draw }: Engine) => {
      if (gone) return
      made = draw(element)
      chart.current = made
      made.on('finished', () => element.setAttribute('data-drawn', 'true'))
      made.getZr().on('click', (e) => {
        if (made) latest.current.onPick?.({ x: e.offsetX, y: e.offsetY }, made)
      })
      apply(made, latest.current.option)
      resized.observe(element)
    }
    engine().then(begin).catch(setFailed)
    return () => {
      gone = true
      resized.disconnect()
      made?.dispose()
      chart.current = null
    }
  }, [])

  // The panel around it says so, and tries again.
  if (failed) throw failed
  return (
    <div className={styles.frame} role="img" aria-label={label} style={{ height }}>
      <div ref={box} className={`${styles.chart} ${onPick ? styles.pick : ''}`} data-chart />
    </div>
  )
}

/** In the page's own font, which ECharts has to know by name to measure it. */
function apply(chart: EChartsType, option: EChartsOption): void {
  const { fontFamily } = getComputedStyle(chart.getDom())
  chart.setOption({ ...option, textStyle: { fontFamily } }, { notMerge: true })
}
