// SPDX-License-Identifier: Apache-2.0
// A time chart: lines or a stack, over uPlot. The same numbers stand beside it as text for who cannot see it.
import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import { clock } from '~/chain/format'
import 'uplot/dist/uPlot.min.css'

export interface Series { label: string; values: (number | null)[]; /** Name of a colour in the style: "--line-1". */ colour: string }

interface Props {
  label: string
  /** units: seconds since 1970, or plain numbers where `time` is off. */
  x: number[]
  series: Series[]
  format: (value: number) => string
  stacked?: boolean
  bars?: boolean
  time?: boolean
  height?: number
  /** One sentence of what it shows now. */
  summary: string
}

const css = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

/** A little room above and below; never below zero, and never without a height. */
function yRange(low: number, high: number, fromZero: boolean): uPlot.Range.MinMax {
  const room = (high - low) * 0.08
  const bottom = fromZero ? 0 : Math.max(0, low - room)
  return [bottom, high + room > bottom ? high + room : bottom + 1]
}

/** Each series on top of those before it. */
function stack(series: Series[]): (number | null)[][] {
  const sums: number[] = []
  return series.map((s) => s.values.map((v, i) => (v === null ? null : (sums[i] = (sums[i] ?? 0) + v))))
}

export function Chart({ label, x, series, format, stacked, bars, time = true, height = 200, summary }: Props) {
  const host = useRef<HTMLDivElement>(null)
  const chart = useRef<uPlot | undefined>(undefined)
  const theme = document.documentElement.dataset.theme ?? ''
  const shape = series.map((s) => s.label).join('|') + theme + height
  const data = () => {
    const values = stacked ? stack(series) : series.map((s) => s.values)
    return [x, ...(stacked ? [...values].reverse() : values)] as uPlot.AlignedData
  }
  useEffect(() => {
    const element = host.current!
    const order = stacked ? [...series].reverse() : series
    const axis = { stroke: css('--muted'), grid: { stroke: css('--grid'), width: 1 }, ticks: { show: false }, font: '11px system-ui', size: 28 }
    const paths = bars ? uPlot.paths.bars!({ size: [0.7, 40] }) : undefined
    const made = new uPlot({
      width: element.clientWidth || 400, height, legend: { show: false }, cursor: { y: false, points: { size: 5 } }, padding: [8, 22, 0, 0],
      // Bars at the ends need room; their places are whole numbers.
      scales: { x: { time, ...(bars ? { range: (_u, low, high) => [low - 0.6, high + 0.6] as uPlot.Range.MinMax } : {}) }, y: { range: (_u, low, high) => yRange(low, high, Boolean(stacked || bars)) } },
      axes: [{ ...axis, space: 76, ...(time ? {} : { incrs: [1, 2, 5, 10, 20, 50, 100] }), values: (_u, ticks) => ticks.map((t) => (time ? clock(t * 1000) : String(t))) }, { ...axis, size: 58, values: (_u, ticks) => ticks.map((t) => format(t)), space: 32 }],
      series: [{}, ...order.map((s): uPlot.Series => ({
        label: s.label, stroke: css(s.colour), width: 1.5, points: { show: x.length < 3 },
        ...(stacked || bars ? { fill: css(s.colour) + (bars ? 'cc' : '99') } : {}), ...(paths ? { paths } : {}),
      }))],
    }, data(), element)
    chart.current = made
    const resized = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }))
    resized.observe(element)
    return () => { resized.disconnect(); made.destroy(); chart.current = undefined }
  }, [shape])
  useEffect(() => chart.current?.setData(data()))
  return (
    <figure class="chart">
      <div ref={host} role="img" aria-label={`${label}. ${summary}`} />
      <figcaption>
        {series.map((s) => {
          const last = s.values.findLast((v) => v !== null)
          return <span key={s.label} class="key"><i class={`swatch ${s.colour.slice(2)}`} />{s.label} <b>{last === undefined || last === null ? '–' : format(last)}</b></span>
        })}
      </figcaption>
    </figure>
  )
}
