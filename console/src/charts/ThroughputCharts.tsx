// SPDX-License-Identifier: Apache-2.0
// Transactions and gas a second, by block.
import { useRef } from 'preact/hooks'
import { short } from '~/chain/format'
import { useHead } from '~/live/live'
import { useQuery } from '~/live/query'
import { getBlocks } from '~/block/blocks'
import type { Block } from '~/rpc/types'
import { Card } from '~/ui/Basics'
import { Chart } from '~/ui/Chart'
import { Loading } from '~/ui/States'

const first = 120
const kept = 900

export function ThroughputCharts() {
  const head = useHead('rollup')
  const known = useRef(new Map<number, Block>())
  const query = useQuery(async () => {
    const newest = head ?? 0
    const missing = known.current.size ? Math.min(first, newest - Math.max(...known.current.keys())) : first
    for (const block of await getBlocks('rollup', newest, missing)) known.current.set(Number(block.number), block)
    for (const n of known.current.keys()) if (n <= newest - kept) known.current.delete(n)
    return [...known.current.values()].sort((a, b) => Number(a.number) - Number(b.number))
  }, 'throughput', 'rollup')
  const blocks = query.data
  if (!blocks || blocks.length < 3) return <Loading />
  // Blocks of one second count together: their timestamps have no parts of it.
  const seconds = new Map<number, { txns: number; gas: number }>()
  for (const b of blocks) {
    const sum = seconds.get(Number(b.timestamp)) ?? { txns: 0, gas: 0 }
    sum.txns += Math.max(0, b.transactions.length - 1)
    sum.gas += Number(b.gasUsed)
    seconds.set(Number(b.timestamp), sum)
  }
  // The first and the last second may lack blocks.
  const x = [...seconds.keys()].slice(1, -1)
  const values = [...seconds.values()].slice(1, -1)
  const last = values.at(-1)
  return (
    <>
      <Card title="Transactions a second" note="users' and deposits, by block time">
        <Chart label="Transactions a second" x={x} series={[{ label: 'tx/s', values: values.map((v) => v.txns), colour: '--line-1' }]} format={short} stacked summary={`${last?.txns ?? 0} in the last full second.`} />
      </Card>
      <Card title="Gas a second" note="all transactions">
        <Chart label="Gas a second" x={x} series={[{ label: 'gas/s', values: values.map((v) => v.gas), colour: '--line-2' }]} format={short} stacked summary={`${short(last?.gas ?? 0)} in the last full second.`} />
      </Card>
    </>
  )
}
