// Of ECharts only what is used. Loaded with the first chart of a page and never with the page itself.
import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, TooltipComponent } from 'echarts/components'
import { init, use as register } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

register([BarChart, LineChart, GridComponent, TooltipComponent, SVGRenderer])

export function draw(box: HTMLElement) {
  return init(box, undefined, { renderer: 'svg' })
}
