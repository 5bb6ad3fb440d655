// SPDX-License-Identifier: Apache-2.0
// Bytes a transaction and the cost of entries, by entry.
import { short, wei } from '~/chain/format'
import { Card } from '~/ui/Basics'
import { Chart } from '~/ui/Chart'
import type { Batch } from './batches'

export function BatchCharts({ batches }: { batches: Batch[] }) {
  if (batches.length < 2) return null
  const x = batches.map((b) => b.index)
  const gwei = (n: number) => short(n / 1e9)
  const perTxn = batches.map((b) => (b.txns > 0 && b.bytes ? b.bytes / b.txns : null))
  const known = perTxn.filter((v) => v !== null)
  return (
    <div class="charts">
      <Card title="Published bytes per transaction" note="by inbox entry">
        <Chart label="Published bytes per transaction" time={false} x={x} format={(n) => n.toFixed(n < 10 ? 1 : 0)}
          series={[{ label: 'bytes', values: perTxn, colour: '--line-1' }]} bars
          summary={known.length ? `Between ${Math.min(...known).toFixed(0)} and ${Math.max(...known).toFixed(0)} bytes.` : 'No entry holds a transaction of a user.'} />
      </Card>
      <Card title="Cost on the parent" note="gwei by inbox entry, stacked">
        <Chart label="Cost of entries on the parent" time={false} x={x} format={gwei} stacked bars
          series={[
            { label: 'execution', values: batches.map((b) => (b.cost ? Number(b.cost.executionWei) : null)), colour: '--line-2' },
            { label: 'blobs', values: batches.map((b) => (b.cost ? Number(b.cost.blobWei) : null)), colour: '--line-3' },
          ]}
          summary={`The last entry cost ${batches.at(-1)?.cost ? wei(batches.at(-1)!.cost!.totalWei) : 'an unknown amount'}.`} />
      </Card>
    </div>
  )
}
