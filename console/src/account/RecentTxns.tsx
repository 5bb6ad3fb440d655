// SPDX-License-Identifier: Apache-2.0
// An account's transactions among the latest blocks: the page looks through them itself, and says how far it looked.
import { useState } from 'preact/hooks'
import { count } from '~/chain/format'
import { hex } from '~/chain/abi'
import { useQuery } from '~/live/query'
import { call, type Floor } from '~/rpc/client'
import type { FullBlock, Hex, Txn } from '~/rpc/methods'
import { Card } from '~/ui/Basics'
import { Shown } from '~/ui/States'
import { TxnTable } from '~/tx/TxnTable'

const step = 100

async function look(floor: Floor, address: Hex, blocks: number) {
  const last = Number(await call(floor, 'eth_blockNumber'))
  const first = Math.max(0, last - blocks + 1)
  const numbers = Array.from({ length: last - first + 1 }, (_, i) => last - i)
  const found: Txn[] = []
  const me = address.toLowerCase()
  for (const block of await Promise.all(numbers.map((n) => call(floor, 'eth_getBlockByNumber', hex(n), true))))
    for (const txn of (block as FullBlock | null)?.transactions ?? [])
      if (txn.from.toLowerCase() === me || txn.to?.toLowerCase() === me) found.push(txn)
  return { found, first, last }
}

export function RecentTxns({ address, floor }: { address: Hex; floor: Floor }) {
  const [blocks, setBlocks] = useState(step)
  const query = useQuery(() => look(floor, address, blocks), `${floor} ${address} ${blocks}`)
  return (
    <Card title="Recent transactions" note={query.data && `blocks ${count(query.data.first)} to ${count(query.data.last)}`}>
      <Shown of={query}>{({ found, first }) => (
        <>
          <TxnTable txns={found} floor={floor} block />
          {first > 0 && <p class="more"><button type="button" onClick={() => setBlocks(blocks + 4 * step)}>Look through {4 * step} more blocks</button></p>}
        </>
      )}</Shown>
    </Card>
  )
}
