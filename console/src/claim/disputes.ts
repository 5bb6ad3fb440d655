// SPDX-License-Identifier: Apache-2.0
// Disputes as the events of BlockDisputes tell them, and the clocks that only calls tell.
import { addressAt, numberAt, selectorOf, wordAt } from '~/chain/abi'
import { events } from '~/chain/selectors'
import { parent } from '~/rpc/client'
import type { Hex, Log } from '~/rpc/types'
import type { Network } from '~/rpc/node'
import { read, readNumber } from './claims'

export interface Root { place: Hex; node: Hex; claim: Hex; staker: Hex; stakeWei: bigint | undefined; confirmed: boolean }
export interface Edge {
  place: Hex; node: Hex; level: number; depth: number; openedBy: Hex | undefined; children: Hex[]; proven: boolean; block: number; order: number
}
export interface Move { what: string; block: number; txn: Hex; place: Hex; detail: string }
export interface Dispute {
  id: Hex; preClaim: Hex; inboxCount: number; openedIn: number; links: { game: Hex; index: number; claim: Hex; wrong: boolean | undefined }[]
  roots: Root[]; edges: Edge[]; moves: Move[]; decided: Hex | undefined
}

const topicOf = Object.fromEntries(Object.entries(events).map(([topic, signature]) => [signature.split('(')[0]!, topic]))

/** Disputes by the transactions that stake a history of level 2: its place tells nothing of the dispute, the call names it. */
const named = new Map<Hex, Hex>()
const joinsLevelTwo = selectorOf('joinLevelTwo(bytes32,(uint256,bytes,bytes32,bytes),bytes32,bytes32,bytes)')
async function nameJoins(logs: Log[]) {
  const opened = new Set(logs.filter((l) => l.topics[0] === topicOf.DisputeOpened).map((l) => l.topics[1]))
  const joins = logs.filter((l) => l.topics[0] === topicOf.RootAdded && !opened.has(l.topics[1]) && !named.has(l.transactionHash))
  await Promise.all(joins.map(async (log) => {
    const txn = await parent('eth_getTransactionByHash', log.transactionHash)
    if (txn?.input.startsWith(joinsLevelTwo)) named.set(log.transactionHash, `0x${txn.input.slice(10, 74)}`)
  }))
}

export async function getDisputeLogs(network: Network): Promise<Log[]> {
  if (!network.contracts.blockDisputes) return []
  const head = Number(await parent('eth_blockNumber'))
  const range = 5000
  const starts = Array.from({ length: Math.ceil((head - network.contracts.deployedAt + 1) / range) }, (_, i) => network.contracts.deployedAt + i * range)
  const parts = await Promise.all(starts.map((from) => parent('eth_getLogs', {
    address: network.contracts.blockDisputes!, fromBlock: `0x${from.toString(16)}`, toBlock: `0x${Math.min(head, from + range - 1).toString(16)}` })))
  const logs = parts.flat()
  await nameJoins(logs)
  return logs
}

/** Level 2 of a dispute has places of its own: those whose roots claim a leaf of level 1. */
export function disputesOf(logs: Log[]): Dispute[] {
  const disputes = new Map<Hex, Dispute>()
  const owner = new Map<Hex, Dispute>()
  const edges = new Map<string, Edge>()
  const is = (log: Log, name: string) => log.topics[0] === topicOf[name]
  const ofTxn = new Map<Hex, Log[]>()
  for (const log of logs) ofTxn.set(log.transactionHash, [...(ofTxn.get(log.transactionHash) ?? []), log])
  /** A new place is that of a move in the same transaction whose place is known, or of the dispute that the call names. */
  const find = (log: Log): Dispute | undefined => {
    const known = owner.get(log.topics[1]!)
    if (known) return known
    for (const other of ofTxn.get(log.transactionHash) ?? []) if (owner.has(other.topics[1]!)) return owner.get(other.topics[1]!)
    const id = named.get(log.transactionHash)
    return id && disputes.get(id)
  }
  logs.forEach((log, order) => {
    const place = log.topics[1]!
    const block = Number(log.blockNumber)
    if (is(log, 'DisputeOpened')) {
      const dispute: Dispute = { id: place, preClaim: wordAt(log.data, 0), inboxCount: Number(numberAt(log.data, 1)), openedIn: block, links: [], roots: [], edges: [], moves: [], decided: undefined }
      disputes.set(place, dispute)
      owner.set(place, dispute)
      dispute.moves.push({ what: 'opened', block, txn: log.transactionHash, place, detail: `in an inbox of ${dispute.inboxCount}` })
      return
    }
    const dispute = find(log)
    // Events of before the first block that was read; a wrapper contract's call.
    if (!dispute) return
    owner.set(place, dispute)
    const say = (what: string, detail: string) => dispute.moves.push({ what, block, txn: log.transactionHash, place, detail })
    if (is(log, 'ProposalLinked')) {
      dispute.links.push({ game: `0x${log.topics[2]!.slice(26)}`, index: Number(numberAt(log.data, 0)), claim: wordAt(log.data, 1), wrong: undefined })
      say('linked a claim', `claim ${Number(numberAt(log.data, 0)) + 1} of the proposal`)
    } else if (is(log, 'ProposalSettled')) {
      const game: Hex = `0x${log.topics[2]!.slice(26)}`
      const wrong = numberAt(log.data, 1) === 1n
      for (const link of dispute.links) if (link.game === game && link.index === Number(numberAt(log.data, 0))) link.wrong = wrong
      say('settled', wrong ? 'the claim is wrong' : 'the claim is right')
    } else if (is(log, 'EdgeAdded')) {
      const edge: Edge = { place, node: wordAt(log.data, 0), level: Number(numberAt(log.data, 1)), depth: Number(numberAt(log.data, 2)), openedBy: undefined, children: [], proven: false, block, order }
      edges.set(place + edge.node, edge)
      dispute.edges.push(edge)
    } else if (is(log, 'EdgeOpened')) {
      const edge = edges.get(place + wordAt(log.data, 0))
      const at = Number(numberAt(log.data, 1)) / 32
      const size = Number(numberAt(log.data, at))
      if (edge) {
        edge.openedBy = log.transactionHash
        edge.children = Array.from({ length: size }, (_, i) => wordAt(log.data, at + 1 + i))
        say('bisected', `level ${edge.level}, depth ${edge.depth}: ${size} children`)
      }
    } else if (is(log, 'RootAdded')) {
      dispute.roots.push({ place, node: wordAt(log.data, 0), claim: wordAt(log.data, 1), staker: addressAt(log.topics[2]!, 0), stakeWei: undefined, confirmed: false })
      say('staked a history', place === dispute.id ? 'level 1' : 'level 2')
    } else if (is(log, 'RootConfirmed')) {
      for (const root of dispute.roots) if (root.place === place && root.node === wordAt(log.data, 0)) root.confirmed = true
      if (place === dispute.id) dispute.decided = wordAt(log.data, 1)
      say('confirmed', place === dispute.id ? 'the dispute is decided' : 'a history of level 2')
    } else if (is(log, 'StartProven')) {
      say('proved the start', 'the state before the instruction that is left')
    } else if (is(log, 'StepProven')) {
      const edge = edges.get(place + wordAt(log.data, 0))
      if (edge) edge.proven = true
      say('proved a step', 'one instruction, executed by the parent')
    }
  })
  return [...disputes.values()].reverse()
}

export interface Clock { place: Hex; node: Hex; ownSeconds: number; storedSeconds: number; stakeWei: bigint }
/** Clocks and stakes of a dispute's roots, as they are now. */
export async function getClocks(network: Network, dispute: Dispute): Promise<Clock[]> {
  const to = network.contracts.blockDisputes!
  return Promise.all(dispute.roots.map(async (root) => {
    const [own, edge, stake] = await Promise.all([
      readNumber(to, 'ownClock(bytes32,bytes32)', root.place, root.node), read(to, 'edgeAt(bytes32,bytes32)', root.place, root.node),
      read(to, 'rootAt(bytes32,bytes32)', root.place, root.node)])
    return { place: root.place, node: root.node, ownSeconds: Number(own), storedSeconds: Number(numberAt(edge, 2)), stakeWei: numberAt(stake, 2) }
  }))
}
