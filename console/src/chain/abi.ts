// SPDX-License-Identifier: Apache-2.0
// The little of the contract ABI that the console needs: words in, words out.
import type { Hex } from '~/rpc/types'
import { functions } from './selectors'

const bySignature = new Map(Object.entries(functions).map(([selector, signature]) => [signature, selector]))

const pad = (hex: string) => hex.padStart(64, '0')
export const word = (value: bigint | number | Hex) => pad(typeof value === 'string' ? value.slice(2).toLowerCase() : BigInt(value).toString(16))

/** Call data of a function whose arguments are static words. */
export function encode(signature: string, ...words: (bigint | number | Hex)[]): Hex {
  return (selectorOf(signature) + words.map(word).join('')) as Hex
}
/** The same, with bytes as the last argument. */
export function encodeWithBytes(signature: string, words: (bigint | number | Hex)[], data: Hex): Hex {
  const body = data.slice(2)
  const padded = body.padEnd(Math.ceil(body.length / 64) * 64, '0')
  return (encode(signature, ...words) + word(32 * (words.length + 1)) + word(body.length / 2) + padded) as Hex
}
export function selectorOf(signature: string): string {
  const selector = bySignature.get(signature)
  if (!selector) throw new Error(`no selector of ${signature} is known`)
  return selector
}

/** Word `i` of an answer or of data. */
export function wordAt(data: Hex, i: number): Hex {
  const text = data.slice(2 + 64 * i, 66 + 64 * i)
  if (text.length < 64) throw new Error('a contract\'s answer is too short')
  return `0x${text}`
}
export const numberAt = (data: Hex, i: number) => BigInt(wordAt(data, i))
export const addressAt = (data: Hex, i: number): Hex => `0x${wordAt(data, i).slice(26)}`
/** The bytes whose offset is word `i`. */
export function bytesAt(data: Hex, i: number): Hex {
  const at = Number(numberAt(data, i)) / 32
  const size = Number(numberAt(data, at))
  return `0x${data.slice(2 + 64 * (at + 1), 2 + 64 * (at + 1) + 2 * size)}`
}

export const isAddress = (text: string): text is Hex => /^0x[0-9a-fA-F]{40}$/.test(text)
export const isHash = (text: string): text is Hex => /^0x[0-9a-fA-F]{64}$/.test(text)
export const hex = (n: number | bigint): Hex => `0x${n.toString(16)}`
