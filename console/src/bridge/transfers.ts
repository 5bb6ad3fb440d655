// SPDX-License-Identifier: Apache-2.0
// Deposits and withdrawals: how they are sent, where they are, and which ones were made from this page.
import { keccak256 } from 'js-sha3'
import { encodeWithBytes, hex, word } from '~/chain/abi'
import { readNumber } from '~/claim/claims'
import { events } from '~/chain/selectors'
import { call } from '~/rpc/client'
import type { Hex, TxnRequest, WithdrawalStatus } from '~/rpc/types'
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

export async function depositProgress(transfer: Transfer, network: Network): Promise<Progress> {
  const receipt = await call('parent', 'eth_getTransactionReceipt', transfer.hash)
  const steps = depositSteps.map((name) => ({ name, detail: '' }))
  steps[0]!.detail = 'the parent has it'
  if (!receipt) return { steps, reached: 1, etaMs: null, done: false }
  if (receipt.status !== '0x1') return { steps, reached: 1, etaMs: null, done: false, failed: 'the parent reverted it: nothing was deposited' }
  steps[1]!.detail = `block ${Number(receipt.blockNumber)}`
  const queued = receipt.logs.find((l) => l.topics[0] === topicOf('Enqueued'))
  const deposited = receipt.logs.find((l) => l.topics[0] === topicOf('TransactionDeposited'))
  if (!queued || !deposited) return { steps, reached: 2, etaMs: null, done: false, failed: 'the portal queued nothing' }
  const index = Number(BigInt(queued.topics[1]!))
  steps[2]!.detail = `item ${index}`
  const arrived = await arrivalOf(transfer, network, sourceOf(receipt.blockHash, deposited.logIndex))
  if (arrived === undefined) {
    // A batch that takes what blocks left out gives it another hash: it is there, but cannot be told from others.
    const consumed = (await readNumber(network.contracts.inbox, 'queueCursor()')) > BigInt(index)
    if (!consumed) return { steps, reached: 3, etaMs: 3 * network.blockTimeMs, done: false }
    steps[3]!.detail = 'taken by a batch'
    return { steps, reached: 4, etaMs: 0, done: true }
  }
  steps[3]!.detail = `block ${arrived}`
  return { steps, reached: 4, etaMs: 0, done: true }
}

/** Source of the deposit that an event of the portal makes. spec: OP Stack specs, "Deposits", user-deposited. */
function sourceOf(blockHash: Hex, logIndex: Hex): Hex {
  const keccak = (...words: string[]) => keccak256(words.flatMap((w) => (w.match(/../g) ?? []).map((b) => parseInt(b, 16))))
  return `0x${keccak(word(0), keccak(blockHash.slice(2), word(BigInt(logIndex))))}`
}

/** Blocks of the rollup that deposits arrived in, by their transaction on the parent; and how far the page has looked for others. */
const arrivals = new Map<Hex, number>()
const looked = new Map<Hex, number>()
const blocksAtOnce = 50
async function arrivalOf(transfer: Transfer, network: Network, source: Hex): Promise<number | undefined> {
  const kept = arrivals.get(transfer.hash)
  if (kept !== undefined) return kept
  const head = Number(await call('rollup', 'eth_blockNumber'))
  const age = Math.ceil((Date.now() - transfer.sentMs) / network.blockTimeMs) + 5
  for (let from = looked.get(transfer.hash) ?? Math.max(1, head - age); from <= head; from += blocksAtOnce) {
    const numbers = Array.from({ length: Math.min(blocksAtOnce, head - from + 1) }, (_, i) => from + i)
    const blocks = await Promise.all(numbers.map((n) => call('rollup', 'eth_getBlockByNumber', hex(n), true)))
    const found = blocks.find((b) => b?.transactions.some((t) => typeof t !== 'string' && t.sourceHash === source))
    if (found) {
      arrivals.set(transfer.hash, Number(found.number))
      return Number(found.number)
    }
  }
  // The latest blocks may be replaced.
  looked.set(transfer.hash, Math.max(1, head - blocksAtOnce))
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
