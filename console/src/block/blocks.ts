// SPDX-License-Identifier: Apache-2.0
// Blocks as the pages need them.
import { hex } from '~/chain/abi'
import { call, type Floor } from '~/rpc/client'
import type { Block, BlockTag, FullBlock } from '~/rpc/types'

export async function getBlock(floor: Floor, id: string | number): Promise<FullBlock | null> {
  const block = typeof id === 'string' && id.startsWith('0x') && id.length === 66
    ? await call(floor, 'eth_getBlockByHash', id as BlockTag & `0x${string}`, true)
    : await call(floor, 'eth_getBlockByNumber', hex(Number(id)), true)
  return block as FullBlock | null
}

/** Blocks from `last` down, at most `count`; without their transactions' content. */
export async function getBlocks(floor: Floor, last: number, count: number): Promise<Block[]> {
  const numbers = Array.from({ length: Math.min(count, last + 1) }, (_, i) => last - i)
  const blocks = await Promise.all(numbers.map((n) => call(floor, 'eth_getBlockByNumber', hex(n), false)))
  return blocks.filter((b) => b !== null) as Block[]
}

export interface Rates { txnsPerSecond: number; gasPerSecond: number; seconds: number }
/** Over the time between the oldest and the newest block. Each rollup block begins with one transaction of the system. */
export function ratesOf(blocks: Block[], system: number): Rates | undefined {
  if (blocks.length < 2) return undefined
  const [newest, oldest] = [blocks[0]!, blocks.at(-1)!]
  const seconds = Number(newest.timestamp) - Number(oldest.timestamp)
  if (seconds <= 0) return undefined
  const counted = blocks.slice(0, -1)
  const txns = counted.reduce((sum, b) => sum + Math.max(0, b.transactions.length - system), 0)
  const gas = counted.reduce((sum, b) => sum + Number(b.gasUsed), 0)
  return { txnsPerSecond: txns / seconds, gasPerSecond: gas / seconds, seconds }
}
