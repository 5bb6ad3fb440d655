// SPDX-License-Identifier: Apache-2.0
// From the pool to each stage: median, 95th and 99th percentile.
import { duration } from '~/chain/format'
import { useQuery } from '~/live/query'
import { getLatency, type Latency } from '~/rpc/node'
import { Shown } from '~/ui/States'

const bars = [['p50Ms', 'median'], ['p95Ms', '95 %'], ['p99Ms', '99 %']] as const

export function LatencyChart() {
  const query = useQuery(getLatency, 'latency', 2000)
  return (
    <Shown of={query}>{(stages) => (stages.every((s) => s.count === 0)
      ? <p class="state">No transaction has come through the pool since the node started.</p>
      : <Bars stages={stages.filter((s) => s.count > 0)} />)}</Shown>
  )
}

function Bars({ stages }: { stages: Latency[] }) {
  // Stages differ by orders of magnitude.
  const scale = (ms: number) => Math.log10(Math.max(10, ms)) - 1
  const most = Math.max(...stages.map((s) => scale(s.p99Ms)), 0.1)
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label="Latency from the pool to each stage"><table class="latency">
      <thead><tr><th scope="col">Stage</th>{bars.map(([, name]) => <th key={name} scope="col">{name}</th>)}<th scope="col">Sample</th></tr></thead>
      <tbody>
        {stages.map((s) => (
          <tr key={s.stage}>
            <th scope="row">{s.stage}</th>
            {bars.map(([key, name]) => (
              <td key={name}><span class="bar-cell"><i class={`bar ${key}`} style={{ width: `${Math.max(2, 100 * scale(s[key]) / most)}%` }} aria-hidden="true" /><span>{duration(s[key])}</span></span></td>
            ))}
            <td class="num">{s.count}</td>
          </tr>
        ))}
      </tbody>
    </table></div>
  )
}
