// SPDX-License-Identifier: Apache-2.0
// Curves by uPlot, which is loaded when the first is shown. Each has a table beside it for those
// who cannot see it.
import { useEffect, useRef } from 'preact/hooks'
import type uPlot from 'uplot'

export interface Curve {
  label: string
  values: (number | null)[]
  color: string
  dashed?: boolean
  bars?: boolean
}

interface Props {
  label: string
  x: number[]
  curves: Curve[]
  formatX: (x: number) => string
  xLabel: string
  /** x counts something whole: no ticks between. */
  whole?: boolean
  formatY: (y: number) => string
}

const HEIGHT = 240

function tokens(element: Element) {
  const style = getComputedStyle(element)
  return { ink: style.getPropertyValue('--quiet').trim(), grid: style.getPropertyValue('--rule').trim() }
}

function optionsOf(props: Props, width: number, element: Element, plot: typeof uPlot): uPlot.Options {
  const { ink, grid } = tokens(element)
  const axis = { stroke: ink, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1 } }
  return {
    width,
    height: HEIGHT,
    scales: { x: { time: false, ...(props.whole ? { range: [Math.min(...props.x) - 0.6, Math.max(...props.x) + 0.6] as [number, number] } : {}) }, y: { range: { min: { pad: 0, soft: 0, mode: 1 }, max: { pad: 0.1, mode: 2 } } } },
    axes: [
      { ...axis, ...(props.whole ? { incrs: [1, 2, 3, 6, 12] } : { space: 90 }), values: (_, splits) => splits.map((x) => props.formatX(x)) },
      { ...axis, size: 64, values: (_, splits) => splits.map((y) => props.formatY(y)) },
    ],
    series: [
      { label: props.xLabel, value: (_, x) => (x == null ? '–' : props.formatX(x)) },
      ...props.curves.map((curve): uPlot.Series => {
        const bars = curve.bars ? plot.paths.bars?.({ size: [0.7, 60] }) : undefined
        return {
          label: curve.label,
          stroke: curve.color,
          width: 2,
          points: { show: false },
          value: (_, y) => (y == null ? '–' : props.formatY(y)),
          ...(bars ? { paths: bars, fill: `${curve.color}66`, width: 1 } : {}),
          ...(curve.dashed ? { dash: [6, 4] } : {}),
        }
      }),
    ],
  }
}

export function Chart(props: Props) {
  const root = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = root.current
    if (!element) return
    let chart: uPlot | null = null
    let gone = false
    const size = new ResizeObserver(() => chart?.setSize({ width: element.clientWidth, height: HEIGHT }))
    void Promise.all([import('uplot'), import('uplot/dist/uPlot.min.css')]).then(([module]) => {
      if (gone) return
      const plot = module.default
      const data = [props.x, ...props.curves.map((c) => c.values)] as uPlot.AlignedData
      chart = new plot(optionsOf(props, element.clientWidth, element, plot), data, element)
      size.observe(element)
    })
    return () => {
      gone = true
      size.disconnect()
      chart?.destroy()
    }
  }, [props.x, props.curves])
  return <div class="chart" role="img" aria-label={props.label} ref={root} />
}
