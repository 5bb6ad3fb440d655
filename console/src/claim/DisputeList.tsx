// SPDX-License-Identifier: Apache-2.0
import { count } from '~/chain/format'
import { useQuery } from '~/live/query'
import type { Network } from '~/rpc/node'
import { AddressLink, Badge, BlockLink, Card, shorten } from '~/ui/Basics'
import { Shown } from '~/ui/States'
import { Table, type Column } from '~/ui/Table'
import { disputesOf, getDisputeLogs, type Dispute } from './disputes'

export const useDisputes = (network: Network) => useQuery(async () => disputesOf(await getDisputeLogs(network)), 'disputes', 'parent')

const columns: Column<Dispute>[] = [
  { head: 'Dispute', cell: (d) => <a class="mono" href={`/dispute/${d.id}`}>{shorten(d.id)}</a> },
  { head: 'State', cell: (d) => (d.decided ? <Badge tone="good">decided</Badge> : <Badge tone="warn">open</Badge>) },
  { head: 'Opened in', cell: (d) => <BlockLink number={d.openedIn} floor="parent" /> },
  { head: 'Histories staked', right: true, cell: (d) => count(d.roots.length) },
  { head: 'Edges', right: true, cell: (d) => count(d.edges.length) },
  { head: 'Moves', right: true, cell: (d) => count(d.moves.length) },
  { head: 'Proposals', cell: (d) => <>{d.links.map((l) => <div key={l.game + l.index}><AddressLink address={l.game} floor="parent" /> {l.wrong === undefined ? 'waits' : l.wrong ? 'is wrong' : 'is right'}</div>)}</> },
]

export function DisputeList({ network }: { network: Network }) {
  const query = useDisputes(network)
  return (
    <Card title="Disputes" note="one block each, decided by one instruction">
      <Shown of={query}>{(disputes) => <Table label="Disputes" columns={columns} rows={disputes} id={(d) => d.id} empty="Nobody has objected to a claim." />}</Shown>
    </Card>
  )
}
