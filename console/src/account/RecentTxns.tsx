// SPDX-License-Identifier: Apache-2.0
// An account's transactions: from the node's index of appearances, or, where it keeps none, from the latest blocks, which the page
// looks through itself. It says which, and how far it looked.
import { useState } from 'preact/hooks'
import { count } from '~/chain/format'
import { hex } from '~/chain/abi'
import { useQuery } from '~/live/query'
import { call, RpcError, type Floor } from '~/rpc/client'
import type { FullBlock, Hex, Txn } from '~/rpc/types'
import { Card } from '~/ui/Basics'
import { Shown } from '~/ui/States'
import { TxnTable } from '~/tx/TxnTable'

const step = 100
const onePage = 25
/** The node gives no larger page. */
const largestPage = 500

interface Found { txns: Txn[]; note: string; more: string | undefined }

async function search(floor: Floor, address: Hex, rounds: number): Promise<Found> {
  try {
    const size = Math.min(largestPage, onePage * rounds)
    const page = await call(floor, 'ots_searchTransactionsBefore', address, 0, size)
    const note = size === largestPage && !page.lastPage ? `the newest ${page.txs.length}` : 'of the whole chain, newest first'
    return { txns: page.txs, note, more: page.lastPage || size === largestPage ? undefined : `Show ${onePage} more` }
  } catch (error) {
    // A node without the index answers with an error; one that is away does not answer.
    if (!(error instanceof RpcError)) throw error
    return lookThrough(floor, address, step * rounds)
  }
}

async function lookThrough(floor: Floor, address: Hex, blocks: number): Promise<Found> {
  const last = Number(await call(floor, 'eth_blockNumber'))
  const first = Math.max(0, last - blocks + 1)
  const numbers = Array.from({ length: last - first + 1 }, (_, i) => last - i)
  const txns: Txn[] = []
  const me = address.toLowerCase()
  for (const block of await Promise.all(numbers.map((n) => call(floor, 'eth_getBlockByNumber', hex(n), true))))
    for (const txn of (block as FullBlock | null)?.transactions ?? [])
      if (txn.from.toLowerCase() === me || txn.to?.toLowerCase() === me) txns.push(txn)
  return { txns, note: `of blocks ${count(first)} to ${count(last)}; this node keeps no index`, more: first > 0 ? `Look through ${step} more blocks` : undefined }
}

export function RecentTxns({ address, floor }: { address: Hex; floor: Floor }) {
  const [rounds, setRounds] = useState(1)
  const query = useQuery(() => search(floor, address, rounds), `${floor} ${address} ${rounds}`)
  return (
    <Card title="Transactions" note={query.data?.note}>
      <Shown of={query}>{({ txns, more }) => (
        <>
          <TxnTable txns={txns} floor={floor} block />
          {more && <p class="more"><button type="button" onClick={() => setRounds(rounds + 1)}>{more}</button></p>}
        </>
      )}</Shown>
    </Card>
  )
}
