// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// What print.cpp and its neighbours write and call_arguments.cpp reads, as types.
#include "node/ingest/rpc/method_doc.hpp"

namespace mezz::rpc {
namespace {

#define MEZZ_HEADER_FIELDS                                                                   \
    "baseFeePerGas?: Quantity, blobGasUsed?: Quantity, difficulty: Quantity, "               \
    "excessBlobGas?: Quantity, extraData: Bytes, gasLimit: Quantity, gasUsed: Quantity, "    \
    "hash: Hash, logsBloom: Bytes, miner: Address, mixHash: Hash, nonce: Bytes, "            \
    "number: Quantity, parentBeaconBlockRoot?: Hash, parentHash: Hash, receiptsRoot: Hash, " \
    "requestsHash?: Hash, sha3Uncles: Hash, stateRoot: Hash, timestamp: Quantity, "          \
    "transactionsRoot: Hash, withdrawalsRoot?: Hash"
#define MEZZ_BLOCK_FIELDS                                                    \
    MEZZ_HEADER_FIELDS                                                       \
    ", size: Quantity, transactions: (Hash | Transaction)[], uncles: Hash[]" \
    ", withdrawals?: Withdrawal[]"

constexpr TypeDoc types[] = {
    // --- plain values ---
    {"Quantity", "/^0x(0|[1-9a-f][0-9a-f]*)$/", "A number in hex without leading zeros."},
    {"Bytes", "/^0x([0-9a-f]{2})*$/", "Bytes in hex."},
    {"Hash", "/^0x[0-9a-f]{64}$/", "32 bytes in hex."},
    {"Address", "/^0x[0-9a-fA-F]{40}$/", "20 bytes in hex."},
    {"Slot", "/^0x[0-9a-fA-F]{1,64}$/", "The number of a storage slot: up to 32 bytes in hex."},
    {"BlockTag", "Quantity | 'earliest' | 'latest' | 'pending' | 'safe' | 'finalized'",
     "A block by number or by name."},
    {"BlockId",
     "BlockTag | Hash | {blockNumber: Quantity} | {blockHash: Hash, requireCanonical?: boolean}",
     "A block by number, name or hash (EIP-1898)."},
    // --- blocks ---
    {"Header", "{" MEZZ_HEADER_FIELDS "}", "The header of a block."},
    {"Block", "{" MEZZ_BLOCK_FIELDS "}", "A block: transactions in full, or their hashes."},
    {"Withdrawal",
     "{index: Quantity, validatorIndex: Quantity, address: Address, amount: Quantity}",
     "A withdrawal of the beacon chain; amount in gwei."},
    {"AccessList", "{address: Address, storageKeys: Hash[]}[]", "EIP-2930."},
    {"Authorization",
     "{chainId: Quantity, address: Address, nonce: Quantity, yParity: Quantity, r: Quantity, "
     "s: Quantity}",
     "EIP-7702."},
    {"Transaction",
     "{blockHash: Hash | null, blockNumber: Quantity | null, blockTimestamp?: Quantity, "
     "from: Address, gas: Quantity, gasPrice: Quantity, maxFeePerGas?: Quantity, "
     "maxPriorityFeePerGas?: Quantity, maxFeePerBlobGas?: Quantity, hash: Hash, input: Bytes, "
     "nonce: Quantity, to: Address | null, transactionIndex: Quantity | null, value: Quantity, "
     "type: Quantity, accessList?: AccessList, chainId?: Quantity, blobVersionedHashes?: Hash[], "
     "authorizationList?: Authorization[], sourceHash?: Hash, mint?: Quantity, "
     "isSystemTx?: boolean, depositReceiptVersion?: Quantity, v: Quantity, r: Quantity, "
     "s: Quantity, yParity?: Quantity}",
     "A signed transaction, or a deposit (type 0x7e); block fields are null while it waits."},
    {"Log",
     "{address: Address, topics: Hash[], data: Bytes, blockNumber: Quantity, "
     "transactionHash: Hash, transactionIndex: Quantity, blockHash: Hash, "
     "blockTimestamp: Quantity, logIndex: Quantity, removed: boolean}",
     "A log of a contract."},
    {"Receipt",
     "{blockHash: Hash, blockNumber: Quantity, contractAddress: Address | null, "
     "cumulativeGasUsed: Quantity, effectiveGasPrice: Quantity, from: Address, gasUsed: Quantity, "
     "blobGasUsed?: Quantity, blobGasPrice?: Quantity, logs: Log[], logsBloom: Bytes, "
     "root?: Hash, status?: Quantity, to: Address | null, transactionHash: Hash, "
     "transactionIndex: Quantity, type: Quantity, depositNonce?: Quantity, "
     "depositReceiptVersion?: Quantity, l1GasPrice?: Quantity | null, "
     "l1GasUsed?: Quantity | null, l1Fee?: Quantity | null, l1FeeScalar?: null, "
     "l1BaseFeeScalar?: Quantity, l1BlobBaseFee?: Quantity, l1BlobBaseFeeScalar?: Quantity}",
     "What a transaction did; l1 fields on a rollup."},
    // --- state ---
    {"StorageValues", "map<Hash[]>", "Values of slots by address, in the order asked."},
    {"AccountInfo", "{balance: Quantity, nonce: Quantity, code: Bytes}", "An account."},
    {"Proof",
     "{address: Address, accountProof: Bytes[], balance: Quantity, codeHash: Hash, "
     "nonce: Quantity, storageHash: Hash, storageProof: {key: Slot, value: Quantity, "
     "proof: Bytes[]}[]}",
     "EIP-1186."},
    // --- calls ---
    {"Call",
     "{from?: Address, to?: Address | null, gas?: Quantity, gasPrice?: Quantity, "
     "maxFeePerGas?: Quantity, maxPriorityFeePerGas?: Quantity, maxFeePerBlobGas?: Quantity, "
     "value?: Quantity, nonce?: Quantity, input?: Bytes, data?: Bytes, chainId?: Quantity, "
     "accessList?: AccessList, blobVersionedHashes?: Hash[], authorizationList?: Authorization[]}",
     "A transaction that is not signed; input and data mean the same."},
    {"StateOverrides",
     "map<{balance?: Quantity, nonce?: Quantity, code?: Bytes, state?: map<Hash>, "
     "stateDiff?: map<Hash>, movePrecompileToAddress?: Address}>",
     "What a call finds instead of the state, by address."},
    {"BlockOverrides",
     "{number?: Quantity, time?: Quantity, gasLimit?: Quantity, baseFeePerGas?: Quantity, "
     "feeRecipient?: Address, prevRandao?: Hash}",
     "What a call finds instead of its block."},
    {"AccessListResult", "{accessList: AccessList, error?: string, gasUsed: Quantity}",
     "What a call touches."},
    {"Simulation",
     "{blockStateCalls: {blockOverrides?: any, stateOverrides?: StateOverrides, "
     "calls?: Call[]}[], traceTransfers?: boolean, validation?: boolean, "
     "returnFullTransactions?: boolean}",
     "Blocks to be simulated one after another."},
    {"SimulatedBlock",
     "{" MEZZ_BLOCK_FIELDS
     ", calls: {returnData: Bytes, logs: Log[], gasUsed: Quantity, maxUsedGas: Quantity, "
     "status: Quantity, error?: {code: integer, message: string, data?: Bytes}}[]}",
     "A simulated block and what its calls gave."},
    // --- fees, logs, node ---
    {"FeeHistory",
     "{oldestBlock: Quantity, reward?: Quantity[][], baseFeePerGas?: Quantity[], "
     "gasUsedRatio: number[], baseFeePerBlobGas?: Quantity[], blobGasUsedRatio?: number[]}",
     "Fees of consecutive blocks and of the one after them."},
    {"LogFilter",
     "{fromBlock?: BlockTag, toBlock?: BlockTag, blockHash?: Hash, "
     "address?: Address | Address[] | null, topics?: (Hash | Hash[] | null)[]}",
     "Which logs; alternatives are lists, null is anything."},
    {"FilterId", "Quantity", "The number of a filter or subscription."},
    {"SyncStatus",
     "boolean | {startingBlock: Quantity, currentBlock: Quantity, highestBlock: Quantity}",
     "False, or how far the node is."},
    {"ForkConfig",
     "{activationTime: integer, blobSchedule: {baseFeeUpdateFraction: integer, max: integer, "
     "target: integer}, chainId: Quantity, forkId: Bytes, precompiles: map<Address>, "
     "systemContracts: map<Address>}",
     "The rules of a fork (EIP-7910)."},
    {"Resource", "{disabled: boolean, oldestBlock: Quantity}", "From which block it is kept."},
    // --- Otterscan ---
    {"OtsBlock",
     "{" MEZZ_HEADER_FIELDS
     ", size: Quantity, transactionCount: Quantity, uncles: Hash[], withdrawals?: Withdrawal[], "
     "transactions?: Transaction[]}",
     "A block, with a page of its transactions or none."},
    {"OtsBlockDetails",
     "{block: OtsBlock, issuance: {blockReward: Quantity, uncleReward: Quantity, "
     "issuance: Quantity}, totalFees: Quantity}",
     "A block and what it paid; wei."},
    {"OtsBlockTransactions", "{fullblock: OtsBlock, receipts: Receipt[]}",
     "A page of a block's transactions."},
    {"OtsOperation", "{type: integer, from: Address, to: Address, value: Quantity}",
     "0: ether moved, 1: SELFDESTRUCT, 2: CREATE, 3: CREATE2."},
    {"OtsCall",
     "{type: string, depth: integer, from: Address, to: Address, value: Quantity | null, "
     "input: Bytes, output: Bytes}",
     "A call inside a transaction."},
    {"OtsPage", "{txs: Transaction[], receipts: Receipt[], firstPage: boolean, lastPage: boolean}",
     "Transactions of an address, the newest first; receipts have a timestamp too."},
    // --- pool, traces ---
    {"TxpoolByNonce", "map<Transaction>", "Waiting transactions of one sender, by nonce."},
    {"TracerOptions",
     "{tracer?: string, tracerConfig?: any, timeout?: string, enableMemory?: boolean, "
     "disableStack?: boolean, disableStorage?: boolean, enableReturnData?: boolean, "
     "limit?: integer, stateOverrides?: StateOverrides, blockOverrides?: BlockOverrides}",
     "callTracer, flatCallTracer, prestateTracer, 4byteTracer, noopTracer, muxTracer; without "
     "one, every instruction."},
    {"StructLogs", "{gas: integer, failed: boolean, returnValue: Bytes, structLogs: any[]}",
     "Every instruction of a transaction."},
    {"CallFrame",
     "{type: string, from: Address, to?: Address, value?: Quantity, gas: Quantity, "
     "gasUsed: Quantity, input: Bytes, output?: Bytes, error?: string, revertReason?: string, "
     "calls?: CallFrame[], logs?: any[]}",
     "A call and those it made: what callTracer gives."},
    {"Trace", "StructLogs | CallFrame | any", "What the tracer gives."},
    {"TracedTransaction", "{txHash: Hash, result?: Trace, error?: string}",
     "A transaction of a traced block."},
};

}  // namespace

std::span<const TypeDoc> ethereum_types() {
    return types;
}

}  // namespace mezz::rpc
