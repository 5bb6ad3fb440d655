// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks'
import { ago, count, percent, short, bytes } from '~/chain/format'
import { useHead, useLive } from '~/live/live'
import { useQuery } from '~/live/query'
import type { Floor } from '~/rpc/client'
import type { Block } from '~/rpc/types'
import { AddressLink, BlockLink, Page } from '~/ui/Basics'
import { Loading, Shown } from '~/ui/States'
import { Table, type Column } from '~/ui/Table'
import { getBlocks } from './blocks'
import { Finality } from './Finality'

const onePage = 25

export function BlockList({ floor }: { floor: Floor }) {
  const head = useHead(floor)
  const { status } = useLive()
  // Set: the page stands still at this block. Otherwise it follows the head.
  const [at, setAt] = useState<number>()
  const last = at ?? head
  const blocks = useQuery(() => (last === undefined ? Promise.resolve([]) : getBlocks(floor, last, onePage)), last === undefined ? 'none' : `${floor} ${at ?? 'latest'}`, at === undefined ? floor : undefined)
  const columns: Column<Block>[] = [
    { head: 'Block', cell: (b) => <BlockLink number={Number(b.number)} floor={floor} /> },
    { head: 'Age', cell: (b) => ago(Number(b.timestamp)) },
    { head: 'Transactions', right: true, cell: (b) => count(b.transactions.length) },
    { head: 'Gas used', right: true, cell: (b) => <Gas block={b} /> },
    { head: 'Base fee', right: true, cell: (b) => (b.baseFeePerGas ? `${short(Number(b.baseFeePerGas))} wei` : '–') },
    { head: 'Size', right: true, cell: (b) => bytes(Number(b.size)) },
    floor === 'rollup' ? { head: 'Status', cell: (b) => <Finality number={Number(b.number)} status={status} /> }
      : { head: 'Fee recipient', cell: (b) => <AddressLink address={b.miner} floor={floor} /> },
  ]
  const where = floor === 'rollup' ? 'of the rollup' : 'of the parent chain'
  return (
    <Page title={floor === 'rollup' ? 'Blocks' : 'Parent blocks'} lead={at === undefined ? `The latest blocks ${where}, as they come.` : `Blocks ${where} up to ${count(at)}.`}
      actions={last !== undefined && head !== undefined && (
        <>
          <button type="button" disabled={at === undefined} onClick={() => setAt(undefined)}>Latest</button>
          <button type="button" disabled={at === undefined} onClick={() => setAt(last + onePage >= head ? undefined : last + onePage)}>Newer</button>
          <button type="button" disabled={last < onePage} onClick={() => setAt(last - onePage)}>Older</button>
        </>
      )}>
      {last === undefined ? <Loading /> : (
        <Shown of={blocks}>{(all) => <Table label={`Blocks ${where}`} columns={columns} rows={all} id={(b) => b.hash} empty="There are no blocks yet." />}</Shown>
      )}
    </Page>
  )
}

function Gas({ block }: { block: Block }) {
  const part = Number(block.gasUsed) / Number(block.gasLimit)
  return <span class="gas">{short(Number(block.gasUsed))}<meter min={0} max={1} value={part} aria-label={`${percent(part)} of the limit`} /></span>
}
