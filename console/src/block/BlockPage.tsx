// SPDX-License-Identifier: Apache-2.0
import { ago, bytes, count, dateTime, percent, wei } from '~/chain/format'
import { useLive } from '~/live/live'
import { useQuery } from '~/live/query'
import type { Floor } from '~/rpc/client'
import type { FullBlock } from '~/rpc/types'
import { AddressLink, BlockLink, Card, Copy, Fields, Page, paths } from '~/ui/Basics'
import { Empty, Shown } from '~/ui/States'
import { TxnTable } from '~/tx/TxnTable'
import { getBlock } from './blocks'
import { Finality } from './Finality'

export function BlockPage({ floor, id }: { floor: Floor; id: string }) {
  const valid = /^(\d{1,15}|0x[0-9a-fA-F]{64})$/.test(id)
  const block = useQuery(() => (valid ? getBlock(floor, id) : Promise.resolve(null)), `${floor} ${id}`, floor)
  const title = floor === 'rollup' ? 'Block' : 'Parent block'
  return (
    <Page title={<>{title} <span class="num">{valid && !id.startsWith('0x') ? count(Number(id)) : block.data ? count(Number(block.data.number)) : id}</span></>}
      actions={block.data && <Neighbours block={block.data} floor={floor} />}>
      {valid ? <Shown of={block}>{(b) => (b ? <Content block={b} floor={floor} /> : <Empty>The chain has no such block yet.</Empty>)}</Shown>
        : <Empty>A block is named by its number or its hash of 32 bytes; this is neither.</Empty>}
    </Page>
  )
}

function Neighbours({ block, floor }: { block: FullBlock; floor: Floor }) {
  const n = Number(block.number)
  return <>{n > 0 && <a class="button" href={paths.block(n - 1, floor)}>Previous</a>}<a class="button" href={paths.block(n + 1, floor)}>Next</a></>
}

function Content({ block, floor }: { block: FullBlock; floor: Floor }) {
  const { status } = useLive()
  const n = Number(block.number)
  const time = Number(block.timestamp)
  return (
    <>
      <Card title="Header">
        <Fields rows={[
          ...(floor === 'rollup' ? [['Status', <Finality number={n} status={status} />] as [string, preact.ComponentChildren]] : []),
          ['Time', `${dateTime(time)} (${ago(time)})`],
          ['Transactions', count(block.transactions.length)],
          ['Gas used', `${count(BigInt(block.gasUsed))} of ${count(BigInt(block.gasLimit))} (${percent(Number(block.gasUsed) / Number(block.gasLimit))})`],
          ['Base fee', block.baseFeePerGas ? wei(BigInt(block.baseFeePerGas)) : '–'],
          ['Size', bytes(Number(block.size))],
          ['Fee recipient', <AddressLink address={block.miner} floor={floor} full />],
          ...(block.blobGasUsed && floor === 'parent' ? [['Blob gas used', count(BigInt(block.blobGasUsed))] as [string, string]] : []),
          ['Hash', <><span class="mono">{block.hash}</span><Copy text={block.hash} what="block hash" /></>],
          ['Parent', n > 0 ? <><BlockLink number={n - 1} floor={floor} /> <span class="mono">{block.parentHash}</span></> : '–'],
          ['State root', <span class="mono">{block.stateRoot}</span>],
          ['Receipts root', <span class="mono">{block.receiptsRoot}</span>],
          ...(floor === 'rollup' && block.withdrawalsRoot ? [['Withdrawals root', <span class="mono">{block.withdrawalsRoot}</span>] as [string, preact.ComponentChildren]] : []),
        ]} />
      </Card>
      <Card title="Transactions" note={count(block.transactions.length)}><TxnTable txns={block.transactions} floor={floor} /></Card>
    </>
  )
}
