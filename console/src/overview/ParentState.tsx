// SPDX-License-Identifier: Apache-2.0
// What of the rollup lives on its parent: the inbox, the queue, the ether that the portal keeps, the claims.
import { count, wei } from '~/chain/format'
import { useQuery } from '~/live/query'
import { countClaims, readNumber } from '~/claim/claims'
import { parent } from '~/rpc/client'
import type { Network } from '~/rpc/node'
import { BlockLink } from '~/ui/Basics'

async function load(network: Network) {
  const { inbox, portal } = network.contracts
  const [finalized, entries, queued, consumed, held, claims] = await Promise.all([
    parent('eth_getBlockByNumber', 'finalized', false), readNumber(inbox, 'count()'), readNumber(inbox, 'queueLength()'),
    readNumber(inbox, 'queueCursor()'), parent('eth_getBalance', portal, 'latest'), countClaims(network)])
  return { finalized: finalized ? Number(finalized.number) : undefined, entries, queued, waiting: queued - consumed, held: BigInt(held), claims }
}

export function ParentState({ network, head }: { network: Network; head: number }) {
  const { data } = useQuery(() => load(network), 'parent state', 'parent')
  return (
    <ul class="heads" aria-label="State of the parent">
      <li class="head parent">
        <span class="head-name">latest</span><BlockLink number={head} floor="parent" />
        <span class="head-promise">{data?.finalized === undefined ? 'finality not known' : <>final up to <BlockLink number={data.finalized} floor="parent" /></>}</span>
      </li>
      <li class="head parent">
        <span class="head-name">inbox</span><a class="num" href="/batches">{data ? count(data.entries) : '–'}</a>
        <span class="head-promise">entries of batches</span>
      </li>
      <li class="head parent">
        <span class="head-name">queue</span><a class="num" href="/sequencer">{data ? count(data.queued) : '–'}</a>
        <span class="head-promise">{data ? `items, ${count(data.waiting)} wait for a batch` : 'items'}; portal holds {data ? wei(data.held) : '–'}</span>
      </li>
      <li class="head parent">
        <span class="head-name">{network.proof === 'fraud' ? 'proposals' : 'claims'}</span><a class="num" href="/claims">{data ? count(data.claims) : '–'}</a>
        <span class="head-promise">{network.proof === 'fraud' ? 'of anybody, disputed one block at a time' : 'of the proposer alone'}</span>
      </li>
    </ul>
  )
}
