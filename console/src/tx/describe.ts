// SPDX-License-Identifier: Apache-2.0
// What a transaction is, in words.
import { errors, functions } from '~/chain/selectors'
import type { Hex, Txn } from '~/rpc/types'

const types: Record<string, string> = { '0x0': 'legacy', '0x1': 'access list', '0x2': 'dynamic fee', '0x3': 'blobs', '0x4': 'set code', '0x7e': 'deposit' }
export const typeOf = (txn: Txn) => types[txn.type] ?? `type ${Number(txn.type)}`
/** The rollup's own transaction at the start of each block. */
export const isSystem = (txn: Txn) => txn.type === '0x7e' && txn.from.toLowerCase() === '0xdeaddeaddeaddeaddeaddeaddeaddeaddead0001'

export function actionOf(txn: Txn): string {
  if (txn.to === null) return 'creates a contract'
  if (isSystem(txn)) return 'L1 attributes'
  if (txn.input === '0x') return 'transfer'
  return functionOf(txn.input) ?? txn.input.slice(0, 10)
}
export function functionOf(input: Hex): string | undefined {
  return functions[input.slice(0, 10)]?.split('(')[0]
}
export const signatureOf = (input: Hex) => functions[input.slice(0, 10)]

/** Why a call reverted, as far as its data tells. */
export function revertOf(output: Hex | undefined): string | undefined {
  if (!output || output.length < 10) return undefined
  const known = errors[output.slice(0, 10)]
  if (known !== 'Error(string)') return known
  const size = Number(`0x${output.slice(74, 138)}`)
  const raw = output.slice(138, 138 + 2 * size)
  const text = new TextDecoder().decode(new Uint8Array((raw.match(/../g) ?? []).map((b) => parseInt(b, 16))))
  return `"${text}"`
}
