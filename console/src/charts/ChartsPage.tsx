// SPDX-License-Identifier: Apache-2.0
import { useLive } from '~/live/live'
import { useQuery } from '~/live/query'
import { getBatches } from '~/batch/batches'
import { BatchCharts } from '~/batch/BatchCharts'
import { Card, Page } from '~/ui/Basics'
import { HeadsChart } from './HeadsChart'
import { LatencyChart } from './LatencyChart'
import { ThroughputCharts } from './ThroughputCharts'

export function ChartsPage() {
  const { status } = useLive()
  const entries = status?.inboxCount ?? 0
  const batches = useQuery(() => getBatches(Math.max(0, entries - 40), entries), `${entries}`)
  return (
    <Page title="Charts" lead="The last half hour at most: heads and latencies are recorded by the node, blocks and batches are read from the chains.">
      <div class="charts">
        <Card title="Heads over time"><HeadsChart /></Card>
        <Card title="Latency by stage" note="from the pool; the bars' scale is logarithmic"><LatencyChart /></Card>
        <ThroughputCharts />
      </div>
      {batches.data && <BatchCharts batches={batches.data} />}
    </Page>
  )
}
