// SPDX-License-Identifier: Apache-2.0
import { ago, count, short } from '~/chain/format'
import { useHead, useLive } from '~/live/live'
import { useQuery } from '~/live/query'
import { getBlocks } from '~/block/blocks'
import { Finality } from '~/block/Finality'
import { BlockLink, Card } from '~/ui/Basics'
import { Table } from '~/ui/Table'

export function LatestBlocks() {
  const head = useHead('rollup')
  const { status } = useLive()
  const query = useQuery(() => getBlocks('rollup', head ?? 0, 8), head === undefined ? 'none' : 'latest', 'rollup')
  return (
    <Card title="Latest blocks" note={<a href="/blocks">all blocks</a>}>
      <Table label="Latest blocks" rows={query.data ?? []} id={(b) => b.hash} empty="Loading…" columns={[
        { head: 'Block', cell: (b) => <BlockLink number={Number(b.number)} /> },
        { head: 'Age', cell: (b) => ago(Number(b.timestamp)) },
        { head: 'Transactions', right: true, cell: (b) => count(b.transactions.length) },
        { head: 'Gas', right: true, cell: (b) => short(Number(b.gasUsed)) },
        { head: 'Status', cell: (b) => <Finality number={Number(b.number)} status={status} /> },
      ]} />
    </Card>
  )
}
