import type { Series, Unit } from './time'

const lineHeight = 15

/** How far to move each line's name down, or up where that is less than zero, so that names of lines that end close together can be read. */
export function spread(series: Series[], drawing: { unit: Unit; zoom: boolean; height: number }): number[] {
  const fixed = drawing.unit === 'rate' && !drawing.zoom
  const all = series.flatMap((one) => [one.values, one.low ?? [], one.high ?? []].flat()).filter((v) => v !== null)
  const [least, most] = fixed ? [0, 1] : [Math.min(drawing.unit === 'count' ? 0 : Infinity, ...all), Math.max(...all)]
  // About what is left of the height without the axis.
  const scale = (drawing.height - 44) / (most - least || 1)
  const ends = series.map((one, i) => ({ i, y: -(one.values.findLast((v) => v !== null) ?? 0) * scale })).sort((a, b) => a.y - b.y)
  const moved = series.map(() => 0)
  let groups: { members: typeof ends; middle: number }[] = []
  for (const end of ends) {
    let group = { members: [end], middle: end.y }
    // Names that would touch share the room around their middle.
    for (let before = groups.at(-1); before && touch(before, group); before = groups.at(-1)) {
      const members = [...before.members, ...group.members]
      group = { members, middle: members.reduce((sum, one) => sum + one.y, 0) / members.length }
      groups = groups.slice(0, -1)
    }
    groups.push(group)
  }
  for (const { members, middle } of groups) {
    members.forEach((one, at) => {
      moved[one.i] = Math.round(middle + (at - (members.length - 1) / 2) * lineHeight - one.y)
    })
  }
  return moved
}

function touch(above: { members: unknown[]; middle: number }, below: { members: unknown[]; middle: number }): boolean {
  return below.middle - above.middle < ((above.members.length + below.members.length) / 2) * lineHeight
}
