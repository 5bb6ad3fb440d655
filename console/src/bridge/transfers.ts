// SPDX-License-Identifier: Apache-2.0
// Deposits and withdrawals: how they are sent, where they are, and which ones were made from this page.
import { encodeWithBytes } from '~/chain/abi'
import { events } from '~/chain/selectors'
import { call } from '~/rpc/client'
import type { Hex, TxnRequest, WithdrawalStatus } from '~/rpc/methods'
import type { Network } from '~/rpc/node'

export const messagePasser: Hex = '0x4200000000000000000000000000000000000016'
/** Gas of the transfer on the other side. */
const depositGas = 100_000
const withdrawalGas = 100_000

export const depositOf = (network: Network, to: Hex, value: bigint): TxnRequest => ({
  to: network.contracts.portal, value: `0x${value.toString(16)}`,
  data: encodeWithBytes('depositTransaction(address,uint256,uint64,bool,bytes)', [to, value, depositGas, 0], '0x') })
export const withdrawalOf = (to: Hex, value: bigint): TxnRequest => ({
  to: messagePasser, value: `0x${value.toString(16)}`, data: encodeWithBytes('initiateWithdrawal(address,uint256,bytes)', [to, withdrawalGas], '0x') })

export type Kind = 'deposit' | 'withdrawal'
export interface Transfer { kind: Kind; hash: Hex; value: string; to: Hex; sentMs: number }

const key = (network: Network) => `transfers ${network.chain.chainId} ${network.contracts.portal}`
const mostKept = 50
export function keptTransfers(network: Network): Transfer[] {
  try {
    const kept = JSON.parse(localStorage.getItem(key(network)) ?? '[]') as Transfer[]
    return Array.isArray(kept) ? kept : []
  } catch {
    // Somebody else wrote there: it is no list of ours.
    return []
  }
}
export function keepTransfer(network: Network, transfer: Transfer) {
  localStorage.setItem(key(network), JSON.stringify([transfer, ...keptTransfers(network)].slice(0, mostKept)))
}

export interface Progress { steps: { name: string; detail: string }[]; reached: number; etaMs: number | null; failed?: string; done: boolean }

const depositSteps = ['Sent', 'On the parent', 'In the queue', 'On the rollup']
const topicOf = (name: string) => Object.entries(events).find(([, s]) => s.startsWith(`${name}(`))![0]

export async function depositProgress(transfer: Transfer, network: Network, sinceHead: (block: number) => boolean): Promise<Progress> {
  const receipt = await call('parent', 'eth_getTransactionReceipt', transfer.hash)
  const steps = depositSteps.map((name) => ({ name, detail: '' }))
  steps[0]!.detail = 'the parent has it'
  if (!receipt) return { steps, reached: 1, etaMs: null, done: false }
  if (receipt.status !== '0x1') return { steps, reached: 1, etaMs: null, done: false, failed: 'the parent reverted it: nothing was deposited' }
  steps[1]!.detail = `block ${Number(receipt.blockNumber)}`
  const queued = receipt.logs.find((l) => l.topics[0] === topicOf('Enqueued'))
  if (!queued) return { steps, reached: 2, etaMs: null, done: false, failed: 'the portal queued nothing' }
  const index = Number(BigInt(queued.topics[1]!))
  steps[2]!.detail = `item ${index}`
  const arrived = await arrivalOf(transfer, network, sinceHead)
  if (arrived === undefined) return { steps, reached: 3, etaMs: 3 * network.blockTimeMs, done: false }
  steps[3]!.detail = `block ${arrived}`
  return { steps, reached: 4, etaMs: 0, done: true }
}

/** Deposits found on the rollup, by their transaction on the parent; and how far the page has looked for the others. */
const arrivals = new Map<Hex, number>()
const looked = new Map<Hex, number>()
async function arrivalOf(transfer: Transfer, network: Network, seen: (block: number) => boolean): Promise<number | undefined> {
  const kept = arrivals.get(transfer.hash)
  if (kept !== undefined) return kept
  const head = Number(await call('rollup', 'eth_blockNumber'))
  const age = Math.ceil((Date.now() - transfer.sentMs) / network.blockTimeMs) + 5
  let from = looked.get(transfer.hash) ?? Math.max(1, head - age)
  for (; from <= head; from += 50) {
    const numbers = Array.from({ length: Math.min(50, head - from + 1) }, (_, i) => from + i)
    const blocks = await Promise.all(numbers.map((n) => call('rollup', 'eth_getBlockByNumber', `0x${n.toString(16)}`, true)))
    for (const block of blocks)
      for (const txn of block?.transactions ?? [])
        if (typeof txn !== 'string' && txn.type === '0x7e' && txn.to?.toLowerCase() === transfer.to.toLowerCase() &&
          BigInt(txn.mint ?? '0x0') === BigInt(transfer.value) && seen(Number(block!.number))) {
          arrivals.set(transfer.hash, Number(block!.number))
          return Number(block!.number)
        }
  }
  looked.set(transfer.hash, head + 1)
  return undefined
}

const withdrawalSteps: [string, string[]][] = [
  ['Sent', []], ['In a block', ['looking']], ['Claimed', ['waiting-for-claim']], ['Proven', ['proving']], ['Matured', ['maturing']], ['Paid out', ['finalizing']]]
export async function withdrawalProgress(transfer: Transfer): Promise<Progress> {
  // Asks the node to carry it on, which it also does when it was asked before.
  const status = await call('rollup', 'mezz_withdraw', transfer.hash)
  return progressOf(status)
}
export function progressOf(status: WithdrawalStatus): Progress {
  const at = withdrawalSteps.findIndex(([, stages]) => stages.includes(status.stage))
  const done = status.stage === 'finalized'
  const reached = done ? withdrawalSteps.length : Math.max(1, at)
  const steps = withdrawalSteps.map(([name], i) => ({ name, detail: i === 1 && status.blockNumber ? `block ${status.blockNumber}` : i === reached && !done ? status.message : '' }))
  return { steps, reached, etaMs: done ? 0 : status.etaMs, done, ...(status.stage === 'failed' ? { failed: status.message || 'it cannot succeed' } : {}) }
}
