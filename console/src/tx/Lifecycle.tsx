// SPDX-License-Identifier: Apache-2.0
// The trip of a transaction, from the pool to a settled claim, with what each stage waits for.
import { count } from '~/chain/format'
import { useQuery } from '~/live/query'
import { rollup } from '~/rpc/client'
import type { Hex, TxnStatus } from '~/rpc/types'
import { Card, TxnLink } from '~/ui/Basics'
import { Shown } from '~/ui/States'
import { clock } from '~/chain/format'

interface Step { name: string; reached: boolean; detail: preact.ComponentChildren }

function stepsOf(s: TxnStatus, time: number | undefined): Step[] {
  const inBlock = s.block !== undefined
  const derived = ['derived', 'final', 'claimed', 'settled'].includes(s.stage)
  const final = s.final === true || s.stage === 'final'
  const steps: Step[] = [
    { name: 'Pool', reached: inBlock || s.stage === 'pool', detail: inBlock ? 'judged and taken' : s.stage === 'pool' ? 'waits for the next block' : 'never seen here' },
    { name: 'Block', reached: inBlock, detail: inBlock ? <>unsafe block <a href={`/block/${s.block}`}>{count(s.block!)}</a>, place {s.index}{time !== undefined && <>, {clock(time * 1000)}</>}</> : 'the sequencer has not ordered it' },
    { name: 'Published', reached: Boolean(s.batch) || derived, detail: s.batch ? <>inbox entry <a href={`/batch/${s.batch.index}`}>{s.batch.index}</a>{s.batch.parentTransaction && <>, in <TxnLink hash={s.batch.parentTransaction} floor="parent" /></>}</> : 'its batch is not on the parent yet' },
    { name: 'Safe', reached: derived, detail: derived ? 'anybody derives it from the parent' : 'derivation has not reached it' },
    { name: 'Final', reached: final, detail: final ? `the parent's block ${s.batch?.parentBlock ?? ''} is final` : 'waits for finality of the parent' },
  ]
  if (s.claimed !== undefined || s.settled !== undefined || ['claimed', 'settled'].includes(s.stage)) {
    steps.push({ name: 'Claimed', reached: s.claimed === true, detail: s.claimed ? 'a claim on the parent covers it' : 'no claim covers it yet' })
    steps.push({ name: 'Settled', reached: s.settled === true, detail: s.settled ? 'the claim holds' : 'the claim\'s clock runs' })
  }
  return steps
}

export function Lifecycle({ hash, sentIn }: { hash: Hex; sentIn: number | undefined }) {
  const query = useQuery(() => rollup('mezz_transactionStatus', hash), hash, 1000)
  return (
    <Card title="Lifecycle" note="from the pool to settlement">
      <Shown of={query}>{(status) => {
        const steps = stepsOf(status, sentIn)
        const next = steps.findIndex((s) => !s.reached)
        return (
          <ol class="timeline" aria-label="Stages of the transaction">
            {steps.map((s, i) => (
              <li key={s.name} class={s.reached ? 'done' : i === next ? 'next' : 'later'} aria-current={i === next ? 'step' : undefined}>
                <i aria-hidden="true" /><b>{s.name}</b><span>{s.detail}</span><span class="sr">{s.reached ? 'reached' : 'not reached'}</span>
              </li>
            ))}
          </ol>
        )
      }}</Shown>
    </Card>
  )
}
