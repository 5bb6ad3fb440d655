// SPDX-License-Identifier: Apache-2.0
// Claims, read from the parent's contracts alone: the factory's games and, with fraud proofs, the disputes about them.
import { addressAt, encode, numberAt } from '~/chain/abi'
import { parent } from '~/rpc/client'
import type { Hex } from '~/rpc/types'
import type { Network } from '~/rpc/node'

export type Outcome = 'in progress' | 'lost' | 'holds'
const outcomes: Outcome[] = ['in progress', 'lost', 'holds']

export interface Claim {
  index: number; game: Hex; type: number; createdAt: number; root: Hex; block: number; outcome: Outcome; resolvedAt: number
  creator: Hex; clockSeconds: number; bondWei: bigint
  /** Of fraud proofs only. */
  openDisputes?: number
}

const attested = 300
const provenByFraud = 301
export const kindOf = (type: number) => (type === attested ? 'attested' : type === provenByFraud ? 'fraud proofs' : `type ${type}`)

export async function read(to: Hex, signature: string, ...words: (bigint | number | Hex)[]): Promise<Hex> {
  return parent('eth_call', { to, data: encode(signature, ...words) }, 'latest')
}
export async function readNumber(to: Hex, signature: string, ...words: (bigint | number | Hex)[]): Promise<bigint> {
  return numberAt(await read(to, signature, ...words), 0)
}

export async function countClaims(network: Network): Promise<number> {
  return Number(await readNumber(network.contracts.disputeGameFactory, 'gameCount()'))
}

async function getClaim(network: Network, index: number): Promise<Claim> {
  const at = await read(network.contracts.disputeGameFactory, 'gameAtIndex(uint256)', index)
  const [type, createdAt, game] = [Number(numberAt(at, 0)), Number(numberAt(at, 1)), addressAt(at, 2)]
  const [root, block, status, resolvedAt, creator, clock, balance, open] = await Promise.all([
    read(game, 'rootClaim()'), readNumber(game, 'l2BlockNumber()'), readNumber(game, 'status()'), readNumber(game, 'resolvedAt()'),
    read(game, 'gameCreator()'), readNumber(game, 'maxClockDuration()'), parent('eth_getBalance', game, 'latest'),
    type === provenByFraud ? readNumber(game, 'openDisputes()') : undefined])
  return {
    index, game, type, createdAt, root, block: Number(block), outcome: outcomes[Number(status)] ?? 'in progress', resolvedAt: Number(resolvedAt),
    creator: addressAt(creator, 0), clockSeconds: Number(clock), bondWei: BigInt(balance), ...(open === undefined ? {} : { openDisputes: Number(open) }),
  }
}

/** The newest claims below `below`, newest first. */
export async function getClaims(network: Network, below: number, most: number): Promise<Claim[]> {
  const first = Math.max(0, below - most)
  return Promise.all(Array.from({ length: below - first }, (_, i) => getClaim(network, below - 1 - i)))
}

export interface Terms {
  owner: Hex; batcher: Hex; proposer: Hex; challenger: Hex; guardian: Hex; forceDelaySeconds: number; proofMaturityDelaySeconds: number
  finalityDelaySeconds: number; clockSeconds: number; ownerIsContract: boolean
}
/** What the chain's configuration on the parent says. */
export async function getTerms(network: Network): Promise<Terms> {
  const { systemConfig } = network.contracts
  const [owner, batcher, proposer, challenger, guardian, force, maturity, finality, clock] = await Promise.all([
    ...['owner()', 'batcher()', 'proposer()', 'challenger()', 'guardian()'].map((s) => read(systemConfig, s)),
    ...['forceDelaySeconds()', 'proofMaturityDelaySeconds()', 'disputeGameFinalityDelaySeconds()', 'maxClockDurationSeconds()'].map((s) => read(systemConfig, s))]) as [Hex, Hex, Hex, Hex, Hex, Hex, Hex, Hex, Hex]
  const ownerCode = await parent('eth_getCode', addressAt(owner, 0), 'latest')
  const seconds = (w: Hex) => Number(numberAt(w, 0))
  return {
    owner: addressAt(owner, 0), batcher: addressAt(batcher, 0), proposer: addressAt(proposer, 0), challenger: addressAt(challenger, 0),
    guardian: addressAt(guardian, 0), forceDelaySeconds: seconds(force), proofMaturityDelaySeconds: seconds(maturity),
    finalityDelaySeconds: seconds(finality), clockSeconds: seconds(clock), ownerIsContract: ownerCode !== '0x',
  }
}
