// SPDX-License-Identifier: Apache-2.0
import { isHash } from '~/chain/abi'
import { count, duration, wei } from '~/chain/format'
import { useLive } from '~/live/live'
import { useQuery } from '~/live/query'
import type { Network } from '~/rpc/node'
import { AddressLink, Badge, BlockLink, Card, Copy, Fields, Page, shorten, TxnLink } from '~/ui/Basics'
import { Empty, Loading, Shown } from '~/ui/States'
import { Table } from '~/ui/Table'
import { getTerms } from './claims'
import { useDisputes } from './DisputeList'
import { getClocks, type Dispute } from './disputes'
import { Tree } from './Tree'

export function DisputePage({ id }: { id: string }) {
  const { network } = useLive()
  return (
    <Page title="Dispute" lead={<><span class="mono break">{id}</span><Copy text={id} what="dispute id" /></>}>
      {!isHash(id) ? <Empty>A dispute is named by 32 bytes; this is none.</Empty> : network ? <Found id={id} network={network} /> : <Loading />}
    </Page>
  )
}

function Found({ id, network }: { id: string; network: Network }) {
  const query = useDisputes(network)
  return (
    <Shown of={query}>{(all) => {
      const dispute = all.find((d) => d.id === id)
      return dispute ? <Content dispute={dispute} network={network} /> : <Empty>The parent has no dispute of this name.</Empty>
    }}</Shown>
  )
}

function Content({ dispute, network }: { dispute: Dispute; network: Network }) {
  return (
    <>
      <Card title="Question">
        <Fields rows={[
          ['State', dispute.decided ? <Badge tone="good">decided</Badge> : <Badge tone="warn">open</Badge>],
          ['Which claim follows', <code>{dispute.preClaim}</code>],
          ['Entries of the inbox', count(dispute.inboxCount)],
          ['Answer', dispute.decided ? <code>{dispute.decided}</code> : 'not decided'],
          ['Opened in', <BlockLink number={dispute.openedIn} floor="parent" />],
          ['Claims it decides', <>{dispute.links.map((l) => <div key={l.game + l.index}><AddressLink address={l.game} floor="parent" full /> claim {l.index + 1} <Badge tone={l.wrong === undefined ? 'warn' : l.wrong ? 'bad' : 'good'}>{l.wrong === undefined ? 'waits' : l.wrong ? 'wrong' : 'right'}</Badge></div>)}</>],
        ]} />
      </Card>
      <Histories dispute={dispute} network={network} />
      <Card title="Bisection" note="each opening is a move; where rivals part, the next edges stand"><Tree dispute={dispute} /></Card>
      <Card title="Moves" note={count(dispute.moves.length)}>
        <Table label="Moves" rows={[...dispute.moves].reverse()} id={(m) => m.txn + m.what + m.place + m.detail} empty="No moves."
          columns={[
            { head: 'Parent block', cell: (m) => <BlockLink number={m.block} floor="parent" /> },
            { head: 'Move', cell: (m) => m.what },
            { head: 'Detail', cell: (m) => m.detail },
            { head: 'Transaction', cell: (m) => <TxnLink hash={m.txn} floor="parent" /> },
          ]} />
      </Card>
    </>
  )
}

function Histories({ dispute, network }: { dispute: Dispute; network: Network }) {
  const clocks = useQuery(() => getClocks(network, dispute), dispute.id + dispute.moves.length, 'parent')
  const terms = useQuery(() => getTerms(network), 'terms')
  const total = terms.data?.clockSeconds ?? 0
  const forever = 2 ** 36
  return (
    <Card title="Histories, clocks and stakes" note={total ? `a history holds after ${duration(total * 1000)} without a rival` : undefined}>
      <Shown of={clocks}>{(all) => (
        <Table label="Histories" rows={dispute.roots} id={(r) => r.place + r.node} empty="No history is staked."
          columns={[
            { head: 'Level', cell: (r) => (r.place === dispute.id ? '1' : '2') },
            { head: 'History', cell: (r) => <code title={r.node}>{shorten(r.node)}</code> },
            { head: 'Ends in claim', cell: (r) => (r.place === dispute.id ? <code title={r.claim}>{shorten(r.claim)}</code> : 'a leaf of level 1') },
            { head: 'Staked by', cell: (r) => <AddressLink address={r.staker} floor="parent" /> },
            { head: 'Stake', right: true, cell: (r) => wei(all.find((c) => c.node === r.node && c.place === r.place)?.stakeWei ?? 0n) },
            { head: 'Clock', cell: (r) => {
              const clock = all.find((c) => c.node === r.node && c.place === r.place)
              if (!clock) return '–'
              const seconds = Math.max(clock.ownSeconds, clock.storedSeconds)
              return <span class="clock"><meter min={0} max={1} value={total ? Math.min(1, seconds / total) : 0} aria-label="Part of the clock" />{seconds >= forever ? 'proven' : duration(seconds * 1000)}</span>
            } },
            { head: 'Outcome', cell: (r) => (r.confirmed ? <Badge tone="good">confirmed</Badge> : dispute.decided && r.place === dispute.id ? <Badge tone="bad">lost</Badge> : <Badge>open</Badge>) },
          ]} />
      )}</Shown>
    </Card>
  )
}
