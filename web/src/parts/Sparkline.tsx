import styles from './Sparkline.module.css'

interface Props {
  values: (number | null)[]
  /** What it is of: "Resolution rate by day". */
  label: string
  height?: number
  /** A variable of the theme. */
  color?: string
  /** The last bucket is not over: drawn dashed. */
  unfinished?: boolean
  /** Counts start at zero; rates use the room there is. */
  zero?: boolean
}

const width = 100

/** The course of a figure, without axes: for its shape only. The figures are in the chart and its table. */
export function Sparkline({ values, label, height = 28, color = '--ink-3', unfinished, zero }: Props) {
  const known = values.filter((v) => v !== null)
  if (known.length < 2) return <span className={styles.none} style={{ height }} />
  const top = Math.max(...known)
  const bottom = zero ? Math.min(0, ...known) : Math.min(...known)
  const room = top - bottom || 1
  const x = (i: number) => (i / (values.length - 1)) * width
  const y = (v: number) => (top === bottom ? height / 2 : height - 2 - ((v - bottom) / room) * (height - 4))
  const points = values.map((v, i) => (v === null ? null : ([x(i), y(v)] as const)))
  const whole = unfinished ? points.slice(0, -1) : points
  return (
    <svg className={styles.line} viewBox={`0 0 ${width} ${height}`} height={height} preserveAspectRatio="none" role="img" aria-label={label}>
      <g fill="none" stroke={`var(${color})`} strokeWidth={1.5} strokeLinejoin="round" strokeLinecap="round">
        <path d={path(whole)} vectorEffect="non-scaling-stroke" />
        {unfinished && <path d={path(points.slice(-2))} vectorEffect="non-scaling-stroke" strokeDasharray="2 3" />}
      </g>
    </svg>
  )
}

/** A bucket without a figure interrupts the line; one alone between two such is a short dash. */
function path(points: (readonly [number, number] | null)[]): string {
  let d = ''
  points.forEach((point, i) => {
    if (!point) return
    const [px, py] = [point[0].toFixed(2), point[1].toFixed(2)]
    d += points[i - 1] ? `L${px} ${py}` : points[i + 1] ? `M${px} ${py}` : `M${px} ${py}h1`
  })
  return d
}
