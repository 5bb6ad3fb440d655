// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks'
import { isAddress } from '~/chain/abi'
import { fromWei, toWei } from '~/chain/format'
import { useLive } from '~/live/live'
import { useQuery } from '~/live/query'
import { call } from '~/rpc/client'
import type { Hex } from '~/rpc/types'
import type { Network } from '~/rpc/node'
import { Card, Page } from '~/ui/Basics'
import { Loading } from '~/ui/States'
import { SignerChoice } from './SignerChoice'
import { TransferList } from './TransferList'
import { depositOf, keepTransfer, keptTransfers, withdrawalOf, type Kind } from './transfers'
import type { Signer } from './wallets'

const leads: Record<Kind, string> = {
  deposit: 'Ether sent to the portal on the parent is minted on the rollup. The sequencer may not leave it out for ever.',
  withdrawal: 'Ether burnt on the rollup is paid out on the parent, once a claim covers it, it is proven, and the claim holds.',
}

export function BridgePage({ kind }: { kind: Kind }) {
  const { network } = useLive()
  return (
    <Page title="Bridge" lead={leads[kind]}>
      <nav class="tabs" aria-label="Directions">
        <a href="/bridge" aria-current={kind === 'deposit' ? 'page' : undefined}>Deposit</a>
        <a href="/bridge/withdraw" aria-current={kind === 'withdrawal' ? 'page' : undefined}>Withdraw</a>
      </nav>
      {network ? <Content key={kind} network={network} kind={kind} /> : <Loading />}
    </Page>
  )
}

function Content({ network, kind }: { network: Network; kind: Kind }) {
  const [transfers, setTransfers] = useState(() => keptTransfers(network))
  return (
    <div class="columns even">
      <Form network={network} kind={kind} sent={() => setTransfers(keptTransfers(network))} />
      <TransferList network={network} kind={kind} transfers={transfers} />
    </div>
  )
}

function Form({ network, kind, sent }: { network: Network; kind: Kind; sent: () => void }) {
  const [signer, setSigner] = useState<Signer>()
  const [amount, setAmount] = useState('0.1')
  const [to, setTo] = useState('')
  const [trouble, setTrouble] = useState('')
  const [busy, setBusy] = useState(false)
  const from = kind === 'deposit' ? 'parent' : 'rollup'
  const submit = async (event: Event) => {
    event.preventDefault()
    const value = toWei(amount)
    const receiver = (to.trim() || signer?.address) as Hex
    if (!signer) return setTrouble('Choose an account first.')
    if (value === undefined || value === 0n) return setTrouble('The amount is a positive decimal with at most 18 places, such as 0.1.')
    if (!isAddress(receiver)) return setTrouble('The receiver is an address of 20 bytes: 0x and 40 hexadecimal digits.')
    setBusy(true)
    setTrouble('')
    try {
      const hash = await signer.send(from, kind === 'deposit' ? depositOf(network, receiver, value) : withdrawalOf(receiver, value))
      keepTransfer(network, { kind, hash, value: value.toString(), to: receiver, sentMs: Date.now() })
      sent()
    } catch (error) {
      setTrouble((error as Error).message)
    }
    setBusy(false)
  }
  return (
    <Card title={kind === 'deposit' ? 'Deposit to the rollup' : 'Withdraw to the parent'}>
      <form class="form" onSubmit={(event) => void submit(event)}>
        <SignerChoice network={network} signer={signer} onChange={setSigner} />
        {signer && <Balances address={signer.address} />}
        <label class="field"><span>Amount in ether</span><input inputMode="decimal" value={amount} onInput={(e) => setAmount(e.currentTarget.value)} /></label>
        <label class="field"><span>Receiver</span><input value={to} placeholder={signer?.address ?? 'the same account'} spellcheck={false} onInput={(e) => setTo(e.currentTarget.value)} /></label>
        <button type="submit" class="primary" disabled={busy || !signer}>{busy ? 'Sending…' : kind === 'deposit' ? 'Deposit' : 'Withdraw'}</button>
        <p class="field-note bad-text" role="alert">{trouble}</p>
      </form>
    </Card>
  )
}

function Balances({ address }: { address: Hex }) {
  const query = useQuery(async () => Promise.all([call('parent', 'eth_getBalance', address, 'latest'), call('rollup', 'eth_getBalance', address, 'latest')]), address, 1500)
  if (!query.data) return null
  return <p class="balances">On the parent <b>{short(query.data[0])}</b>, on the rollup <b>{short(query.data[1])}</b></p>
}
const short = (balance: Hex) => `${fromWei(BigInt(balance)).replace(/(\.\d{4})\d+/, '$1')} ETH`
