// SPDX-License-Identifier: Apache-2.0
import { Card, Page, Stat } from '~/ui/Basics'
import { count } from '~/chain/format'
import { useLive } from '~/live/live'
import { useQuery } from '~/live/query'
import { rollup } from '~/rpc/client'
import type { PoolContent, Txn } from '~/rpc/types'
import { Shown } from '~/ui/States'
import { TxnTable } from '~/tx/TxnTable'
import { LatencyChart } from '~/charts/LatencyChart'
import { ForcedQueue } from './ForcedQueue'

const flat = (part: PoolContent['pending']): Txn[] => Object.values(part).flatMap((byNonce) => Object.values(byNonce))

/** The content is asked for only while it is small enough to look at. */
const mostListed = 500
async function load() {
  const status = await rollup('txpool_status')
  const [pending, queued] = [Number(status.pending), Number(status.queued)]
  return { pending, queued, content: pending + queued <= mostListed ? await rollup('txpool_content') : undefined }
}

export function SequencerPage() {
  const { network, status } = useLive()
  const pool = useQuery(load, 'pool', 1000)
  return (
    <Page title="Sequencer" lead="What waits for a block, how long it waits, and what can be forced past the sequencer.">
      <div class="stats">
        <Stat label="Executable" value={pool.data ? count(pool.data.pending) : '–'} note="in the pool" />
        <Stat label="Waiting for a nonce" value={pool.data ? count(pool.data.queued) : '–'} note="in the pool" />
        <Stat label="Block time" value={network ? `${network.blockTimeMs} ms` : '–'} note={status && `head ${count(status.unsafe.number)}`} />
        <Stat label="Unsafe blocks replaced" value={status ? count(status.reorgs) : '–'} note="since the node started" tone={status?.reorgs ? 'warn' : ''} />
      </div>
      <Card title="Inclusion and finality" note="from the pool to each stage, latest 1,000 sampled transactions"><LatencyChart /></Card>
      <Card title="Pool"><Shown of={pool}>{({ content }) => (content
        ? <TxnTable txns={[...flat(content.pending), ...flat(content.queued)]} floor="rollup" />
        : <p class="state">The pool holds more than {mostListed} transactions; they are not listed.</p>)}</Shown></Card>
      {network && <ForcedQueue network={network} />}
    </Page>
  )
}
