// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks'
import { ago, count, duration, wei } from '~/chain/format'
import { useLive } from '~/live/live'
import { useQuery } from '~/live/query'
import type { Network } from '~/rpc/node'
import { AddressLink, Badge, BlockLink, Card, Page, Stat, shorten } from '~/ui/Basics'
import { Loading, Shown } from '~/ui/States'
import { Table, type Column } from '~/ui/Table'
import { countClaims, getClaims, kindOf, type Claim } from './claims'
import { DisputeList } from './DisputeList'

const onePage = 20
const tones = { 'in progress': 'warn', lost: 'bad', holds: 'good' } as const

/** units: seconds; the objection clock of a claim that nobody has decided. */
const remaining = (c: Claim) => c.createdAt + c.clockSeconds - Date.now() / 1000

const columns: Column<Claim>[] = [
  { head: 'Claim', cell: (c) => <span class="num">{count(c.index)}</span> },
  { head: 'Covers up to block', cell: (c) => <BlockLink number={c.block} /> },
  { head: 'Root', cell: (c) => <code title={c.root}>{shorten(c.root)}</code> },
  { head: 'Kind', cell: (c) => kindOf(c.type) },
  { head: 'Made', cell: (c) => ago(c.createdAt) },
  { head: 'State', cell: (c) => <><Badge tone={tones[c.outcome]}>{c.outcome}</Badge>{c.openDisputes ? <> <Badge tone="bad">{c.openDisputes} disputes</Badge></> : null}</> },
  { head: 'Clock', right: true, cell: (c) => (c.outcome !== 'in progress' ? '–' : remaining(c) > 0 ? `${duration(remaining(c) * 1000)} left` : 'over') },
  { head: 'Bond held', right: true, cell: (c) => wei(c.bondWei) },
  { head: 'By', cell: (c) => <AddressLink address={c.creator} floor="parent" /> },
  { head: 'Game', cell: (c) => <AddressLink address={c.game} floor="parent" /> },
]

export function ClaimList() {
  const { network } = useLive()
  return (
    <Page title="Claims and disputes" lead="What is said about the rollup's state on the parent, and who objects. Read from the parent's contracts, not from this node.">
      {network ? <Content network={network} /> : <Loading />}
    </Page>
  )
}

function Content({ network }: { network: Network }) {
  const { status } = useLive()
  const [at, setAt] = useState<number>()
  const query = useQuery(async () => {
    const all = await countClaims(network)
    return { all, claims: await getClaims(network, Math.min(at ?? all, all), onePage) }
  }, `${at}`, 'parent')
  return (
    <>
      <div class="stats">
        <Stat label="Claims" value={query.data ? count(query.data.all) : '–'} note={network.proof === 'fraud' ? 'anybody may make one' : 'made by the proposer'} />
        <Stat label="Claimed up to" value={status ? count(status.proposed) : '–'} note="block of the rollup" />
        <Stat label="Settled up to" value={status ? count(status.proposer.anchorBlock) : '–'} note="withdrawals up to here can be paid out" />
        {network.proof === 'fraud'
          ? <Stat label="Disputes open" value={status ? count(status.challenger.disputesOpen) : '–'} tone={status?.challenger.disputesOpen ? 'warn' : ''} note={status && `${count(status.challenger.wrong)} wrong of ${count(status.challenger.proposals)} checked here`} />
          : <Stat label="Proof" value="none" note="claims are attested" />}
      </div>
      {network.proof === 'fraud' && <DisputeList network={network} />}
      <Card title="Claims" note={query.data && (
        <span class="pager">
          <button type="button" disabled={at === undefined} onClick={() => setAt(undefined)}>Latest</button>
          <button type="button" disabled={(at ?? query.data.all) <= onePage} onClick={() => setAt((at ?? query.data!.all) - onePage)}>Older</button>
        </span>
      )}>
        <Shown of={query}>{({ claims }) => <Table label="Claims" columns={columns} rows={claims} id={(c) => c.index} empty="No claim yet: the proposer makes one every few seconds once blocks are safe." />}</Shown>
      </Card>
    </>
  )
}
