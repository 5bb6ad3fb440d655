// SPDX-License-Identifier: Apache-2.0
// The calls of a transaction, as the node executes it again (debug_traceTransaction, callTracer).
import { useState } from 'preact/hooks'
import { count, wei } from '~/chain/format'
import { useQuery } from '~/live/query'
import { call, type Floor } from '~/rpc/client'
import type { CallFrame, Hex } from '~/rpc/types'
import { AddressLink, Badge, Card } from '~/ui/Basics'
import { Shown } from '~/ui/States'
import { functionOf, revertOf } from './describe'

export function Trace({ hash, floor }: { hash: Hex; floor: Floor }) {
  const trace = useQuery(() => call(floor, 'debug_traceTransaction', hash, { tracer: 'callTracer' }), `${floor} ${hash}`)
  return (
    <Card title="Calls" note="executed again by this node">
      <Shown of={trace}>{(frame) => <ul class="trace" aria-label="Call trace"><Frame frame={frame as CallFrame} floor={floor} depth={0} /></ul>}</Shown>
    </Card>
  )
}

const creates = ['CREATE', 'CREATE2']

function Frame({ frame, floor, depth }: { frame: CallFrame; floor: Floor; depth: number }) {
  const [open, setOpen] = useState(depth < 4)
  const calls = frame.calls ?? []
  const value = BigInt(frame.value ?? '0x0')
  return (
    <li>
      <div class="frame">
        {calls.length > 0 ? <button type="button" class="fold" aria-expanded={open} aria-label={`${open ? 'Hide' : 'Show'} ${calls.length} calls`} onClick={() => setOpen(!open)}>{open ? '−' : '+'}</button> : <span class="fold" />}
        <Badge tone={frame.error ? 'bad' : 'plain'}>{frame.type}</Badge>
        {frame.to && <AddressLink address={frame.to} floor={floor} />}
        {!creates.includes(frame.type) && frame.input.length >= 10 && <code>{functionOf(frame.input) ?? frame.input.slice(0, 10)}</code>}
        {value > 0n && <span>{wei(value)}</span>}
        <span class="muted">{count(BigInt(frame.gasUsed))} gas</span>
        {frame.error && <span class="bad-text">{frame.error}{(frame.revertReason ?? revertOf(frame.output)) && `: ${frame.revertReason ?? revertOf(frame.output)}`}</span>}
      </div>
      {open && calls.length > 0 && <ul>{calls.map((c, i) => <Frame key={i} frame={c} floor={floor} depth={depth + 1} />)}</ul>}
    </li>
  )
}
