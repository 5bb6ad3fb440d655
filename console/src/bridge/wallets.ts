// SPDX-License-Identifier: Apache-2.0
// Who signs: the development accounts, whose keys the node holds and everybody knows, or a wallet of the browser.
// spec: EIP-1193 (provider), EIP-6963 (discovery).
import { call, type Floor } from '~/rpc/client'
import type { Hex, TxnRequest } from '~/rpc/types'
import type { Network } from '~/rpc/node'

interface Provider { request(args: { method: string; params?: unknown[] }): Promise<unknown> }
interface ProviderDetail { info: { uuid: string; name: string }; provider: Provider }

export interface Signer {
  id: string
  name: string
  address: Hex
  send(floor: Floor, txn: TxnRequest): Promise<Hex>
}

const found = new Map<string, ProviderDetail>()
const listeners = new Set<() => void>()
addEventListener('eip6963:announceProvider', (event) => {
  const detail = (event as CustomEvent<ProviderDetail>).detail
  found.set(detail.info.uuid, detail)
  for (const listener of listeners) listener()
})

/** Calls back at once and whenever another wallet shows itself. returns: how to stop. */
export function watchWallets(changed: (wallets: { id: string; name: string }[]) => void): () => void {
  const listener = () => changed([...found.values()].map((d) => ({ id: d.info.uuid, name: d.info.name })))
  listeners.add(listener)
  dispatchEvent(new Event('eip6963:requestProvider'))
  listener()
  return () => { listeners.delete(listener) }
}

export async function devSigners(): Promise<Signer[]> {
  const accounts = await call('rollup', 'eth_accounts')
  return accounts.map((address, i) => ({
    id: address, name: `Development account ${i}`, address, send: (floor, txn) => call(floor, 'eth_sendTransaction', { ...txn, from: address }) }))
}

export async function connectWallet(id: string, network: Network): Promise<Signer> {
  const detail = found.get(id)
  if (!detail) throw new Error('the wallet is gone')
  const { provider } = detail
  const accounts = (await provider.request({ method: 'eth_requestAccounts' })) as Hex[]
  const address = accounts[0]
  if (!address) throw new Error(`${detail.info.name} gave no account`)
  return {
    id, name: detail.info.name, address,
    async send(floor, txn) {
      await chooseChain(provider, floor, network)
      return (await provider.request({ method: 'eth_sendTransaction', params: [{ ...txn, from: address }] })) as Hex
    },
  }
}

/** What a wallet answers that does not know a chain. spec: EIP-3326. */
const unknownChain = 4902
async function chooseChain(provider: Provider, floor: Floor, network: Network) {
  const { chainId, url } = floor === 'rollup' ? network.chain : network.parent
  const id: Hex = `0x${chainId.toString(16)}`
  try {
    await provider.request({ method: 'wallet_switchEthereumChain', params: [{ chainId: id }] })
  } catch (error) {
    if ((error as { code?: number }).code !== unknownChain) throw error
    await provider.request({ method: 'wallet_addEthereumChain', params: [{
      chainId: id, chainName: floor === 'rollup' ? 'Mezzanine rollup' : 'Mezzanine parent', rpcUrls: [url], nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 } }] })
  }
}
