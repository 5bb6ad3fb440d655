// SPDX-License-Identifier: Apache-2.0
// Rates and costs of the last minute or so.
import { count, duration, short, wei } from '~/chain/format'
import { useHead, useLive } from '~/live/live'
import { useQuery } from '~/live/query'
import { getBlocks, ratesOf } from '~/block/blocks'
import { getBatches, totalsOf } from '~/batch/batches'
import { Stat } from '~/ui/Basics'

const blocksSeen = 60
const batchesSeen = 10

export function Rates() {
  const head = useHead('rollup')
  const { status, network } = useLive()
  const blocks = useQuery(() => getBlocks('rollup', head ?? 0, blocksSeen), head === undefined ? 'none' : 'rates', 3000)
  const entries = status?.inboxCount
  const batches = useQuery(() => getBatches(Math.max(0, (entries ?? 0) - batchesSeen), entries ?? 0), `${entries}`)
  const rates = blocks.data && ratesOf(blocks.data, 1)
  const totals = batches.data && totalsOf(batches.data)
  const lag = status && network ? (status.unsafe.number - status.safe.number) * network.blockTimeMs : undefined
  return (
    <div class="stats">
      <Stat label="Transactions a second" value={rates ? short(rates.txnsPerSecond) : '–'} note={rates && `over ${duration(rates.seconds * 1000)}`} />
      <Stat label="Gas a second" value={rates ? short(rates.gasPerSecond) : '–'} note={rates && 'system transactions included'} />
      <Stat label="Cost per transaction" value={totals?.txns ? wei((totals.executionWei + totals.blobWei) / BigInt(totals.txns)) : '–'}
        note={totals ? (totals.txns ? `on the parent, ${count(totals.batches)} batches` : 'no transaction in the last batches') : undefined} />
      <Stat label="Pool" value={<PoolSize />} note="waiting transactions" />
      <Stat label="Safe lag" value={lag === undefined ? '–' : duration(lag)} note="from block to derivation" />
    </div>
  )
}

function PoolSize() {
  const { history } = useLive()
  const last = history.at(-1)
  return <>{last ? count(last.pending + last.queued) : '–'}</>
}
