// SPDX-License-Identifier: Apache-2.0
// A contract's code: which known functions it answers to, its bytes, and a look into its storage.
import { useState } from 'preact/hooks'
import { bytes } from '~/chain/format'
import { functions } from '~/chain/selectors'
import { hex } from '~/chain/abi'
import { call, type Floor } from '~/rpc/client'
import type { Hex } from '~/rpc/types'
import { Card, Copy } from '~/ui/Basics'

/** Known selectors that the code pushes: what its dispatcher compares with. */
function answersTo(code: Hex): string[] {
  const found = new Set<string>()
  for (let i = 2; i < code.length; i += 2) {
    const op = parseInt(code.slice(i, i + 2), 16)
    if (op === 0x63) {
      const known = functions[`0x${code.slice(i + 2, i + 10)}`]
      if (known) found.add(known)
    }
    if (op >= 0x60 && op <= 0x7f) i += 2 * (op - 0x5f)
  }
  return [...found].sort()
}

export function Code({ address, code, floor }: { address: Hex; code: Hex; floor: Floor }) {
  const known = answersTo(code)
  return (
    <Card title="Contract" note={<>{bytes((code.length - 2) / 2)} of code <Copy text={code} what="code" /></>}>
      {known.length > 0 && <><h3>Known functions in its code</h3><ul class="functions">{known.map((f) => <li key={f}><code>{f}</code></li>)}</ul></>}
      <StorageSlot address={address} floor={floor} />
      <details><summary>Bytes</summary><pre class="hex" tabIndex={0}>{code}</pre></details>
    </Card>
  )
}

function StorageSlot({ address, floor }: { address: Hex; floor: Floor }) {
  const [slot, setSlot] = useState('0')
  const [answer, setAnswer] = useState('')
  const read = async (event: Event) => {
    event.preventDefault()
    if (!/^(\d{1,20}|0x[0-9a-fA-F]{1,64})$/.test(slot.trim())) return setAnswer('A slot is a number, or 0x and up to 64 digits.')
    try {
      setAnswer(await call(floor, 'eth_getStorageAt', address, hex(BigInt(slot.trim())), 'latest'))
    } catch (error) {
      setAnswer((error as Error).message)
    }
  }
  return (
    <form class="inline-form" onSubmit={(event) => void read(event)}>
      <label>Storage slot <input value={slot} onInput={(e) => setSlot(e.currentTarget.value)} size={12} /></label>
      <button type="submit">Read</button>
      <output class="mono">{answer}</output>
    </form>
  )
}
