// SPDX-License-Identifier: Apache-2.0
// The design as a picture of floors: the parent below, the rollup above, and what goes up and down between them.
import { count } from '~/chain/format'
import { useLive } from '~/live/live'
import { Heads } from './Heads'
import { ParentState } from './ParentState'

function Arrow({ up, name, detail, href }: { up?: boolean; name: string; detail: string; href: string }) {
  return (
    <a class={up ? 'arrow up' : 'arrow down'} href={href}>
      <svg viewBox="0 0 24 56" aria-hidden="true"><path class="shaft" d="M12 4v48" /><path d={up ? 'M5 12l7-8 7 8' : 'M5 44l7 8 7-8'} /></svg>
      <span><b>{name}</b><span class="sr"> {up ? 'go up to the rollup: ' : 'go down to the parent: '}</span><span>{detail}</span></span>
    </a>
  )
}

export function Floors() {
  const { status, network, heads } = useLive()
  if (!status || !network) return <p class="state" role="status">Looking at the node…</p>
  const proof = network.proof === 'fraud' ? 'fraud proofs' : 'attested claims'
  return (
    <section class="floors" aria-label="The design: a rollup on its parent chain">
      <div class="floor upper">
        <div class="floor-head"><h2>Rollup</h2><span class="muted">chain {network.chain.chainId} · evm · {proof} · {network.da} · single sequencer</span></div>
        <Heads />
      </div>
      <div class="stairs">
        <Arrow name="batches" href="/batches" detail={`${count(status.batcher.entriesLanded)} landed, ${count(status.batcher.inFlight)} on their way`} />
        <Arrow name="claims" href="/claims" detail={network.proposer ? `${count(status.proposer.games)} made, up to block ${count(status.proposed)}` : 'this node makes none'} />
        <Arrow name="withdrawals" href="/bridge/withdraw" detail="proven against claims" />
        <Arrow up name="deposits" href="/bridge" detail="by the portal's queue" />
        <Arrow up name="derivation" href="/batches" detail={`${count(status.inboxCount)} entries read`} />
      </div>
      <div class="floor lower">
        <div class="floor-head"><h2>Parent</h2><span class="muted">chain {network.parent.chainId} · {network.parent.embedded ? 'embedded' : network.parent.url}</span></div>
        <ParentState network={network} head={heads.parent ?? status.parentLatest} />
      </div>
    </section>
  )
}
