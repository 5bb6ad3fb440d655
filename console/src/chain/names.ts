// SPDX-License-Identifier: Apache-2.0
// Addresses that have a name on every chain of the stack, and those of this one.
import type { Network } from '~/rpc/node'
import type { Floor } from '~/rpc/client'

const predeploys: Record<string, string> = {
  '0x4200000000000000000000000000000000000015': 'L1Block',
  '0x4200000000000000000000000000000000000016': 'L2ToL1MessagePasser',
  '0x420000000000000000000000000000000000000f': 'GasPriceOracle',
  '0x4200000000000000000000000000000000000011': 'SequencerFeeVault',
  '0x4200000000000000000000000000000000000019': 'BaseFeeVault',
  '0x420000000000000000000000000000000000001a': 'L1FeeVault',
  '0xdeaddeaddeaddeaddeaddeaddeaddeaddead0001': 'Depositor of L1 attributes',
}
const everywhere: Record<string, string> = { '0xca11bde05977b3631167028862be2a173976ca11': 'Multicall3' }

export function nameOf(floor: Floor, address: string, network?: Network): string | undefined {
  const key = address.toLowerCase()
  if (floor === 'rollup') return predeploys[key] ?? everywhere[key]
  for (const [name, value] of Object.entries(network?.contracts ?? {}))
    if (typeof value === 'string' && value.toLowerCase() === key) return name.charAt(0).toUpperCase() + name.slice(1)
  return everywhere[key]
}
