// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/rollup_types.hpp"

namespace mezz::app {
namespace {

constexpr rpc::TypeDoc types[] = {
    // --- optimism_ ---
    {"ParentRef", "{hash: Hash, number: integer, parentHash: Hash, timestamp: integer}",
     "A block of the parent; op-node's L1BlockRef."},
    {"ChainRef",
     "{hash: Hash, number: integer, parentHash: Hash, timestamp: integer, "
     "l1origin: {hash: Hash, number: integer}, sequenceNumber: integer}",
     "A block of the chain; op-node's L2BlockRef."},
    {"RollupSyncStatus",
     "{current_l1: ParentRef, current_l1_finalized: ParentRef, head_l1: ParentRef, "
     "safe_l1: ParentRef, finalized_l1: ParentRef, unsafe_l2: ChainRef, safe_l2: ChainRef, "
     "finalized_l2: ChainRef, pending_safe_l2: ChainRef, cross_unsafe_l2: ChainRef, "
     "local_safe_l2: ChainRef}",
     "The heads of both chains; op-node's SyncStatus."},
    {"Output",
     "{version: Hash, outputRoot: Hash, blockRef: ChainRef, withdrawalStorageRoot: Hash, "
     "stateRoot: Hash, syncStatus: RollupSyncStatus}",
     "What a claim about a block says."},
    // --- mezz_ ---
    {"Head", "{number: integer, hash: Hash}", "A block of the chain."},
    {"RollupStatus",
     "{role: 'sequencer' | 'verifier', unsafe: Head, safe: Head, finalized: Head, "
     "proposed: integer, parentLatest: integer, inboxCount: integer, emptyEntries: integer, "
     "lastBatchError: string, reorgs: integer, "
     "batcher: {entriesLanded: integer, blocksLanded: integer, payloadBytes: integer, "
     "publishedBytes: integer, inFlight: integer, lastError: string}, "
     "proposer: {games: integer, anchorBlock: integer, lastError: string}, "
     "challenger: {proposals: integer, wrong: integer, disputesOpened: integer, "
     "disputesOpen: integer, disputesDecided: integer, moves: integer, "
     "alerts: {name: string, proposal: integer, text: string}[], lastError: string}, "
     "error: string}",
     "The four heads (unsafe, safe, finalized, proposed) and how every actor does; error is "
     "empty when all is well."},
    {"EntrySource", "'forced' | 'calldata' | 'blobs'", "Where the bytes of an entry are."},
    {"TransactionStatus",
     "{hash: Hash, stage: 'unknown' | 'pool' | 'included' | 'derived' | 'final' | 'claimed' | "
     "'settled', block?: integer, index?: integer, final?: boolean, "
     "batch?: {index: integer, source: EntrySource, parentTransaction: Hash, "
     "parentBlock: integer, parentBlockHash: Hash} | null, claimed?: boolean, settled?: boolean}",
     "How far a transaction is on its way, and the batch that holds it."},
    {"Batch",
     "{index: integer, source?: EntrySource, parentTransaction?: Hash, parentBlock?: integer, "
     "parentBlockHash?: Hash, firstBlock: integer, lastBlock: integer, bytes?: integer, "
     "payloadBytes?: integer, blobs?: integer}",
     "An entry of the inbox and the blocks it derives to; none when lastBlock is before "
     "firstBlock. bytes are as published, payloadBytes before compression."},
    {"WithdrawalStatus",
     "{stage: 'looking' | 'waiting-for-claim' | 'proving' | 'maturing' | 'finalizing' | "
     "'finalized' | 'failed', etaMs: integer | null, withdrawalHash: Hash, blockNumber: integer, "
     "message: string}",
     "How far a withdrawal is that this node sees through; etaMs until the next stage."},
    {"ClaimGame",
     "{index: integer, game: Address, type: 'attested' | 'proposal', block: integer, "
     "rootClaim: Hash, proposer: Address, status: 'open' | 'won' | 'lost', "
     "matches: boolean | null, createdAt: integer, resolvedAt: integer | null, "
     "clockSeconds: integer, clockSecondsLeft: integer, openDisputes: integer, bond: Quantity, "
     "settled: boolean}",
     "A claim about the chain on its parent; matches: whether it is what this node has; bond in "
     "wei; settled: the anchor is there or beyond."},
    {"Dispute",
     "{id: Hash, preClaim: Hash, inboxCount: integer, status: 'open' | 'decided', "
     "roots: {node: Hash, claim: Hash, staker: Address, confirmed: boolean}[], "
     "proposals: {game: Address, element: integer, claim: Hash, settled: boolean}[], "
     "proposalsSettled: integer}",
     "A dispute about one block: the histories that are claimed, and the proposals that wait."},
    {"DisputeEdge",
     "{place: Hash, node: Hash, level: integer, depth: integer, firstStep: integer, "
     "steps: integer, rivals: integer, clockSeconds: integer, timerSeconds: integer, "
     "opened: boolean, proven: boolean, confirmed: boolean, claim?: Hash, staker?: Address, "
     "stake?: Quantity, children: DisputeEdge[]}",
     "A node of a claimed history; clockSeconds: how long it has had no rival; timerSeconds: on "
     "every way down, as stored; stake in wei; below a leaf of level 1 stand roots of level 2."},
    {"Withdrawals",
     "{withdrawals: {transaction: Hash, block: integer, withdrawalHash: Hash, target: Address, "
     "value: Quantity, stage: 'waiting-for-claim' | 'ready-to-prove' | 'maturing' | 'disputed' | "
     "'ready-to-finalize' | 'finalized', etaSeconds: integer | null}[], searchedFrom: integer}",
     "Withdrawals and the seconds until their next step is possible (null: nobody knows, or there "
     "is none); blocks before searchedFrom were not looked at."},
    {"ForcedQueue",
     "{length: integer, taken: integer, forceDelaySeconds: integer, items: {index: integer, "
     "from: Address, to: Address | null, parentBlock: integer, queuedAt: integer, "
     "forcibleAt: integer, secondsLeft: integer}[]}",
     "Deposits and forced transactions: how many there were, how many blocks have, and the rest."},
    {"Claim", "{outputRoot: Hash, blockNumber: integer, start: Hash, taken: integer, hash: Hash}",
     "What fraud proofs judge about a block."},
    {"Witness", "{statement: Bytes, witness: Bytes, preBlock: integer, postBlock: integer}",
     "What the program reads to verify blocks."},
};

}  // namespace

std::span<const rpc::TypeDoc> rollup_types() {
    return types;
}

}  // namespace mezz::app
