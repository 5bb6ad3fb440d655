// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'preact/hooks'
import { useQuery } from '~/live/query'
import type { Network } from '~/rpc/node'
import { shorten } from '~/ui/Basics'
import { connectWallet, devSigners, watchWallets, type Signer } from './wallets'

export function SignerChoice({ network, signer, onChange }: { network: Network; signer: Signer | undefined; onChange: (s: Signer) => void }) {
  const dev = useQuery(devSigners, 'signers')
  const [wallets, setWallets] = useState<{ id: string; name: string }[]>([])
  const [trouble, setTrouble] = useState('')
  useEffect(() => watchWallets(setWallets), [])
  useEffect(() => { if (!signer && dev.data?.[0]) onChange(dev.data[0]) }, [dev.data])
  const choose = async (id: string) => {
    setTrouble('')
    const known = dev.data?.find((s) => s.id === id)
    if (known) return onChange(known)
    try {
      onChange(await connectWallet(id, network))
    } catch (error) {
      setTrouble((error as Error).message)
    }
  }
  return (
    <label class="field">
      <span>Account</span>
      <select value={signer?.id} onChange={(event) => void choose(event.currentTarget.value)}>
        {!signer && <option value="">Choose…</option>}
        {dev.data && dev.data.length > 0 && <optgroup label="Development (keys known to everybody)">{dev.data.map((s) => <option key={s.id} value={s.id}>{s.name} · {shorten(s.address)}</option>)}</optgroup>}
        {wallets.length > 0 && <optgroup label="Wallets of this browser">{wallets.map((w) => <option key={w.id} value={w.id}>{w.name}</option>)}</optgroup>}
      </select>
      <span class="field-note" role="status">{trouble || dev.error?.message || (dev.data?.length === 0 && wallets.length === 0 ? 'This node signs for nobody, and the browser has no wallet.' : '')}</span>
    </label>
  )
}
