// SPDX-License-Identifier: Apache-2.0
import { bytes, count, percent, wei } from '~/chain/format'
import { useLive } from '~/live/live'
import { useQuery } from '~/live/query'
import { parent } from '~/rpc/client'
import { Badge, BlockLink, Card, Fields, Page, TxnLink, Unknown } from '~/ui/Basics'
import { Empty, Shown } from '~/ui/States'
import { getBatches, type Batch } from './batches'

async function load(index: number) {
  const [batch] = await getBatches(index, index + 1)
  const txn = batch?.parentTransaction ? await parent('eth_getTransactionByHash', batch.parentTransaction) : null
  return { batch, txn }
}

export function BatchPage({ id }: { id: string }) {
  const { status } = useLive()
  const index = /^\d{1,15}$/.test(id) ? Number(id) : undefined
  const there = index !== undefined && status !== undefined && index < status.inboxCount
  const query = useQuery(() => load(index!), `${id} ${there}`)
  return (
    <Page title={<>Inbox entry <span class="num">{id}</span></>}>
      {index === undefined ? <Empty>An entry is named by its number; this is none.</Empty>
        : !there ? <Empty>{status ? `The node has derived ${count(status.inboxCount)} entries, numbered from 0; this one is not among them.` : 'Loading…'}</Empty>
        : <Shown of={query}>{({ batch, txn }) => (batch ? <Content batch={batch} hashes={txn?.blobVersionedHashes ?? []} calldata={txn && !txn.blobVersionedHashes?.length ? (txn.input.length - 2) / 2 : undefined} /> : <Empty>The entry is gone.</Empty>)}</Shown>}
    </Page>
  )
}

function Content({ batch, hashes, calldata }: { batch: Batch; hashes: string[]; calldata: number | undefined }) {
  const cost = batch.cost
  const part = (wei_: bigint) => (cost && cost.totalWei > 0n ? percent(Number(wei_) / Number(cost.totalWei)) : '')
  return (
    <>
      <Card title="Entry">
        <Fields rows={[
          ['Source', <Badge tone={batch.source === 'forced' ? 'warn' : 'plain'}>{batch.source ?? 'unknown'}</Badge>],
          ['Blocks', batch.blocks > 0 ? <><BlockLink number={batch.firstBlock} /> – <BlockLink number={batch.lastBlock} /> ({count(batch.blocks)})</> : 'derives to nothing'],
          ['Transactions', Number.isNaN(batch.txns) ? <Unknown why="More blocks than the page counts through" /> : count(batch.txns)],
          ['Parent block', batch.parentBlock === undefined ? '–' : <BlockLink number={batch.parentBlock} floor="parent" />],
          ['Parent transaction', batch.parentTransaction ? <TxnLink hash={batch.parentTransaction} floor="parent" full /> : '–'],
        ]} />
      </Card>
      <Card title="Data">
        <Fields rows={[
          ['Before compression', batch.payloadBytes === undefined ? <Unknown why="The node does not hold the entry's data" /> : bytes(batch.payloadBytes)],
          ['Published', batch.bytes === undefined ? <Unknown why="The node does not hold the entry's data" /> : bytes(batch.bytes)],
          ['Ratio', batch.payloadBytes && batch.bytes ? `${(batch.payloadBytes / batch.bytes).toFixed(2)} : 1` : '–'],
          ['Bytes per transaction', batch.bytes && batch.txns > 0 ? (batch.bytes / batch.txns).toFixed(1) : '–'],
          ['Blobs', hashes.length ? <>{hashes.map((h) => <div class="mono" key={h}>{h}</div>)}</> : 'none'],
          ...(batch.bytes && hashes.length ? [['Blobs filled', percent(batch.bytes / (hashes.length * (31 * 4096 - 4)))] as [string, string]] : []),
          ...(calldata === undefined ? [] : [['Call data', bytes(calldata)] as [string, string]]),
        ]} />
      </Card>
      <Card title="Cost on the parent">
        {cost ? <Fields rows={[
          ['Execution', `${wei(cost.executionWei)} (${count(cost.gas)} gas) ${part(cost.executionWei)}`],
          ['Blobs', `${wei(cost.blobWei)} (${count(cost.blobGas)} blob gas) ${part(cost.blobWei)}`],
          ['In all', wei(cost.totalWei)],
          ['Per transaction', batch.txns > 0 ? wei(cost.totalWei / BigInt(batch.txns)) : '–'],
        ]} /> : <Empty>The parent does not show the receipt.</Empty>}
      </Card>
    </>
  )
}
