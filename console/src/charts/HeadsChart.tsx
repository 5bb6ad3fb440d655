// SPDX-License-Identifier: Apache-2.0
// Heads over time, from the node's own record, so that the time before the page was opened is there too.
import { count } from '~/chain/format'
import { useLive } from '~/live/live'
import { Chart, type Series } from '~/ui/Chart'

const lines = [['unsafe', '--line-1'], ['safe', '--line-2'], ['finalized', '--line-3'], ['claimed', '--line-4']] as const

/** `lag`: blocks behind the unsafe head instead of numbers. */
export function HeadsChart({ height, lag }: { height?: number; lag?: boolean }) {
  const { history, network } = useLive()
  if (history.length < 2) return <p class="state">The record begins; a moment.</p>
  const shown = lines.filter(([name]) => (!lag || name !== 'unsafe') && (name !== 'claimed' || network?.proposer))
  const series: Series[] = shown.map(([name, colour]) => ({
    label: name, colour, values: history.map((s) => (lag ? Math.max(0, s.unsafe - s[name]) : s[name])) }))
  const last = history.at(-1)!
  return (
    <Chart label={lag ? 'Lag of the heads' : 'Heads over time'} x={history.map((s) => s.timeMs / 1000)} series={series} format={(n) => count(Math.round(n))}
      {...(height ? { height } : {})} summary={`Unsafe ${last.unsafe}, safe ${last.safe}, finalized ${last.finalized}.`} />
  )
}
