// SPDX-License-Identifier: Apache-2.0
// Deposits and forced transactions on the parent that no batch has consumed: what the sequencer may not leave out for ever.
import { ago, count, duration } from '~/chain/format'
import { useQuery } from '~/live/query'
import { readNumber } from '~/claim/claims'
import type { Network } from '~/rpc/node'
import { Badge, Card } from '~/ui/Basics'
import { Shown } from '~/ui/States'
import { Table } from '~/ui/Table'

interface Item { index: number; queuedAt: number }
const most = 50

async function load(network: Network) {
  const { inbox, systemConfig } = network.contracts
  const [length, cursor, delay] = await Promise.all([
    readNumber(inbox, 'queueLength()'), readNumber(inbox, 'queueCursor()'), readNumber(systemConfig, 'forceDelaySeconds()')])
  const waiting = Math.min(most, Number(length - cursor))
  const items = await Promise.all(Array.from({ length: waiting }, async (_, i): Promise<Item> => {
    const index = Number(cursor) + i
    return { index, queuedAt: Number(await readNumber(inbox, 'queueTimestamp(uint64)', index)) }
  }))
  return { length: Number(length), cursor: Number(cursor), delay: Number(delay), items }
}

export function ForcedQueue({ network }: { network: Network }) {
  const query = useQuery(() => load(network), 'queue', 'parent')
  return (
    <Card title="Forced queue" note={query.data && `${count(query.data.cursor)} of ${count(query.data.length)} items are in batches; overdue after ${duration(query.data.delay * 1000)}`}>
      <Shown of={query}>{({ items, delay }) => (
        <Table label="Items of the queue that no batch holds" rows={items} id={(i) => i.index} empty="Nothing waits: every deposit is in a batch."
          columns={[
            { head: 'Item', cell: (i) => <span class="num">{count(i.index)}</span> },
            { head: 'Queued', cell: (i) => ago(i.queuedAt) },
            { head: 'May be forced', cell: (i) => {
              const left = i.queuedAt + delay - Date.now() / 1000
              return left > 0 ? `in ${duration(left * 1000)}` : <Badge tone="bad">overdue: mezz force-include</Badge>
            } },
          ]} />
      )}</Shown>
    </Card>
  )
}
