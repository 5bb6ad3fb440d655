// SPDX-License-Identifier: Apache-2.0
// Call data: the function where it is known, its words, its bytes.
import { bytes } from '~/chain/format'
import type { Txn } from '~/rpc/types'
import { Card, Copy } from '~/ui/Basics'
import { signatureOf } from './describe'

const mostWords = 32

export function Input({ txn }: { txn: Txn }) {
  if (txn.input === '0x') return null
  const size = (txn.input.length - 2) / 2
  const signature = txn.to ? signatureOf(txn.input) : undefined
  const words = txn.to ? txn.input.slice(10).match(/.{64}/g) ?? [] : []
  return (
    <Card title={txn.to ? 'Call data' : 'Init code'} note={<>{bytes(size)} <Copy text={txn.input} what="call data" /></>}>
      {signature && <p><code>{signature}</code></p>}
      {words.length > 0 && (
        <ol class="words" start={0}>{words.slice(0, mostWords).map((w, i) => <li key={i}><code>{w}</code></li>)}</ol>
      )}
      {words.length > mostWords && <p class="state">{words.length - mostWords} more words; copy shows all.</p>}
      {words.length === 0 && <pre class="hex" tabIndex={0}>{txn.input.slice(0, 4096)}{txn.input.length > 4096 && '…'}</pre>}
    </Card>
  )
}
