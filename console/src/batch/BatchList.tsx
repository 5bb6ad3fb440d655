// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks'
import { bytes, count, wei } from '~/chain/format'
import { useLive } from '~/live/live'
import { useQuery } from '~/live/query'
import { Badge, BlockLink, Card, Page, Stat, TxnLink, Unknown } from '~/ui/Basics'
import { Shown } from '~/ui/States'
import { Table, type Column } from '~/ui/Table'
import { BatchCharts } from './BatchCharts'
import { getBatches, totalsOf, type Batch } from './batches'

const onePage = 40

const columns: Column<Batch>[] = [
  { head: 'Entry', cell: (b) => <a class="num" href={`/batch/${b.index}`}>{count(b.index)}</a> },
  { head: 'Source', cell: (b) => <Badge tone={b.source === 'forced' ? 'warn' : 'plain'}>{b.source ?? '–'}</Badge> },
  { head: 'Blocks', cell: (b) => (b.blocks > 0 ? <><BlockLink number={b.firstBlock} /> – <BlockLink number={b.lastBlock} /></> : <Badge tone="warn">none</Badge>) },
  { head: 'Transactions', right: true, cell: (b) => (Number.isNaN(b.txns) ? <Unknown why="More blocks than the page counts through" /> : count(b.txns)) },
  { head: 'Raw', right: true, cell: (b) => (b.payloadBytes === undefined ? '–' : bytes(b.payloadBytes)) },
  { head: 'Published', right: true, cell: (b) => (b.bytes === undefined ? '–' : bytes(b.bytes)) },
  { head: 'Ratio', right: true, cell: (b) => (b.payloadBytes && b.bytes ? `${(b.payloadBytes / b.bytes).toFixed(2)} : 1` : '–') },
  { head: 'Blobs', right: true, cell: (b) => b.blobs ?? '–' },
  { head: 'Cost', right: true, cell: (b) => (b.cost ? wei(b.cost.totalWei) : '–') },
  { head: 'Per transaction', right: true, cell: (b) => (b.cost && b.txns > 0 ? wei(b.cost.totalWei / BigInt(b.txns)) : '–') },
  { head: 'Parent transaction', cell: (b) => (b.parentTransaction ? <TxnLink hash={b.parentTransaction} floor="parent" /> : '–') },
]

export function BatchList() {
  const { status } = useLive()
  const [at, setAt] = useState<number>()
  const last = at ?? status?.inboxCount
  const query = useQuery(() => (last === undefined ? Promise.resolve([]) : getBatches(Math.max(0, last - onePage), last)), `${last}`)
  const [shown, setShown] = useState<Batch[]>()
  if (query.data && query.data !== shown && last !== undefined) setShown(query.data)
  const totals = shown && totalsOf(shown)
  return (
    <Page title="Batches and data" lead="Entries of the inbox on the parent: from them alone anybody derives the chain."
      actions={last !== undefined && status && (
        <>
          <button type="button" disabled={at === undefined} onClick={() => setAt(undefined)}>Latest</button>
          <button type="button" disabled={at === undefined} onClick={() => setAt(last + onePage >= status.inboxCount ? undefined : last + onePage)}>Newer</button>
          <button type="button" disabled={last <= onePage} onClick={() => setAt(last - onePage)}>Older</button>
        </>
      )}>
      {shown && totals ? (
        <>
          <div class="stats">
            <Stat label="Entries derived" value={status ? count(status.inboxCount) : '–'} note={status && `${count(status.emptyEntries)} derived to nothing`} />
            <Stat label="Raw to published" value={totals.bytes ? `${(totals.payload / totals.bytes).toFixed(2)} : 1` : '–'} note={`of the ${totals.batches} entries below`} />
            <Stat label="Bytes per transaction" value={totals.txns ? (totals.bytes / totals.txns).toFixed(1) : '–'} note={totals.txns ? `${count(totals.txns)} transactions` : 'no transactions in them'} />
            <Stat label="Cost per transaction" value={totals.txns ? wei((totals.executionWei + totals.blobWei) / BigInt(totals.txns)) : '–'} note="paid on the parent" />
          </div>
          <BatchCharts batches={shown} />
          <Card title="Entries" note={status?.batcher.inFlight ? `${status.batcher.inFlight} on their way` : undefined}>
            <Table label="Entries of the inbox" columns={columns} rows={[...shown].reverse()} id={(b) => b.index} empty="No entry yet: the batcher waits until a batch is old or large enough." />
          </Card>
        </>
      ) : <Shown of={query}>{() => null}</Shown>}
    </Page>
  )
}
