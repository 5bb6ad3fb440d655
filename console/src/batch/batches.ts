// SPDX-License-Identifier: Apache-2.0
// Batches with what they cost on the parent. What is known once does not change, so it is kept.
import { hex } from '~/chain/abi'
import { parent, rollup } from '~/rpc/client'
import type { Block, Hex, InboxEntry } from '~/rpc/types'

export interface Cost { executionWei: bigint; blobWei: bigint; totalWei: bigint; gas: number; blobGas: number }
export interface Batch extends InboxEntry { cost: Cost | undefined; txns: number; blocks: number }

const costs = new Map<Hex, Cost>()
const counts = new Map<string, number>()
/** Above this many blocks transactions are not counted: an idle chain's catching up makes long batches. */
const mostBlocks = 400

export async function costOf(hash: Hex): Promise<Cost | undefined> {
  const kept = costs.get(hash)
  if (kept) return kept
  const receipt = await parent('eth_getTransactionReceipt', hash)
  if (!receipt) return undefined
  const executionWei = BigInt(receipt.gasUsed) * BigInt(receipt.effectiveGasPrice) + BigInt(receipt.l1Fee ?? '0x0')
  const blobWei = BigInt(receipt.blobGasUsed ?? '0x0') * BigInt(receipt.blobGasPrice ?? '0x0')
  const cost = { executionWei, blobWei, totalWei: executionWei + blobWei, gas: Number(receipt.gasUsed), blobGas: Number(receipt.blobGasUsed ?? 0) }
  costs.set(hash, cost)
  return cost
}

/** Transactions of users and deposits: each block's first one is the system's. */
async function countTxns(entry: InboxEntry): Promise<number> {
  const blocks = entry.lastBlock - entry.firstBlock + 1
  if (blocks > mostBlocks) return NaN
  const key = `${entry.index} ${entry.firstBlock} ${entry.lastBlock}`
  const kept = counts.get(key)
  if (kept !== undefined) return kept
  const all = await Promise.all(Array.from({ length: blocks }, (_, i) => rollup('eth_getBlockByNumber', hex(entry.firstBlock + i), false)))
  const txns = all.reduce((sum, b) => sum + Math.max(0, ((b as Block | null)?.transactions.length ?? 0) - 1), 0)
  counts.set(key, txns)
  return txns
}

/** Entries [from, to), oldest first. */
export async function getBatches(from: number, to: number): Promise<Batch[]> {
  if (to <= from) return []
  const entries = await rollup('mezz_batches', from, to)
  return Promise.all(entries.map(async (entry): Promise<Batch> => {
    const [cost, txns] = await Promise.all([entry.parentTransaction ? costOf(entry.parentTransaction) : undefined, countTxns(entry)])
    return { ...entry, cost, txns, blocks: entry.lastBlock - entry.firstBlock + 1 }
  }))
}

export interface BatchTotals { txns: number; bytes: number; payload: number; executionWei: bigint; blobWei: bigint; batches: number }
export function totalsOf(batches: Batch[]): BatchTotals {
  const totals: BatchTotals = { txns: 0, bytes: 0, payload: 0, executionWei: 0n, blobWei: 0n, batches: batches.length }
  for (const b of batches) {
    totals.txns += Number.isNaN(b.txns) ? 0 : b.txns
    totals.bytes += b.bytes ?? 0
    totals.payload += b.payloadBytes ?? 0
    totals.executionWei += b.cost?.executionWei ?? 0n
    totals.blobWei += b.cost?.blobWei ?? 0n
  }
  return totals
}
