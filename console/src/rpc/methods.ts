// SPDX-License-Identifier: Apache-2.0
// Made by tools/methods.mjs from docs/reference/openrpc.json.

export type Hex = `0x${string}`

/** EIP-2930. */
export type AccessList = { address: Address; storageKeys: Hash[] }[]
/** What a call touches. */
export type AccessListResult = { accessList: AccessList; error?: string; gasUsed: Quantity }
/** An account. */
export type AccountInfo = { balance: Quantity; nonce: Quantity; code: Bytes }
/** 20 bytes in hex. */
export type Address = Hex
/** EIP-7702. */
export type Authorization = { chainId: Quantity; address: Address; nonce: Quantity; yParity: Quantity; r: Quantity; s: Quantity }
/** An entry of the inbox and the blocks it derives to; none when lastBlock is before firstBlock. bytes are as published, payloadBytes before compression. */
export type Batch = { index: number; source?: EntrySource; parentTransaction?: Hash; parentBlock?: number; parentBlockHash?: Hash; firstBlock: number; lastBlock: number; bytes?: number; payloadBytes?: number; blobs?: number }
/** A block: transactions in full, or their hashes. */
export type Block = { baseFeePerGas?: Quantity; blobGasUsed?: Quantity; difficulty: Quantity; excessBlobGas?: Quantity; extraData: Bytes; gasLimit: Quantity; gasUsed: Quantity; hash: Hash; logsBloom: Bytes; miner: Address; mixHash: Hash; nonce: Bytes; number: Quantity; parentBeaconBlockRoot?: Hash; parentHash: Hash; receiptsRoot: Hash; requestsHash?: Hash; sha3Uncles: Hash; stateRoot: Hash; timestamp: Quantity; transactionsRoot: Hash; withdrawalsRoot?: Hash; size: Quantity; transactions: (Hash | Transaction)[]; uncles: Hash[]; withdrawals?: Withdrawal[] }
/** A block by number, name or hash (EIP-1898). */
export type BlockId = BlockTag | Hash | { blockNumber: Quantity } | { blockHash: Hash; requireCanonical?: boolean }
/** What a call finds instead of its block. */
export type BlockOverrides = { number?: Quantity; time?: Quantity; gasLimit?: Quantity; baseFeePerGas?: Quantity; feeRecipient?: Address; prevRandao?: Hash }
/** A block by number or by name. */
export type BlockTag = Quantity | 'earliest' | 'latest' | 'pending' | 'safe' | 'finalized'
/** Bytes in hex. */
export type Bytes = Hex
/** A transaction that is not signed; input and data mean the same. */
export type Call = { from?: Address; to?: Address | null; gas?: Quantity; gasPrice?: Quantity; maxFeePerGas?: Quantity; maxPriorityFeePerGas?: Quantity; maxFeePerBlobGas?: Quantity; value?: Quantity; nonce?: Quantity; input?: Bytes; data?: Bytes; chainId?: Quantity; accessList?: AccessList; blobVersionedHashes?: Hash[]; authorizationList?: Authorization[] }
/** A call and those it made: what callTracer gives. */
export type CallFrame = { type: string; from: Address; to?: Address; value?: Quantity; gas: Quantity; gasUsed: Quantity; input: Bytes; output?: Bytes; error?: string; revertReason?: string; calls?: CallFrame[]; logs?: unknown[] }
/** A block of the chain; op-node's L2BlockRef. */
export type ChainRef = { hash: Hash; number: number; parentHash: Hash; timestamp: number; l1origin: { hash: Hash; number: number }; sequenceNumber: number }
/** What fraud proofs judge about a block. */
export type Claim = { outputRoot: Hash; blockNumber: number; start: Hash; taken: number; hash: Hash }
/** A claim about the chain on its parent; matches: whether it is what this node has; bond in wei; settled: the anchor is there or beyond. */
export type ClaimGame = { index: number; game: Address; type: 'attested' | 'proposal'; block: number; rootClaim: Hash; proposer: Address; status: 'open' | 'won' | 'lost'; matches: boolean | null; createdAt: number; resolvedAt: number | null; clockSeconds: number; clockSecondsLeft: number; openDisputes: number; bond: Quantity; settled: boolean }
/** A dispute about one block: the histories that are claimed, and the proposals that wait. */
export type Dispute = { id: Hash; preClaim: Hash; inboxCount: number; status: 'open' | 'decided'; roots: { node: Hash; claim: Hash; staker: Address; confirmed: boolean }[]; proposals: { game: Address; element: number; claim: Hash; settled: boolean }[]; proposalsSettled: number }
/** A node of a claimed history; clockSeconds: how long it has had no rival; timerSeconds: on every way down, as stored; stake in wei; below a leaf of level 1 stand roots of level 2. */
export type DisputeEdge = { place: Hash; node: Hash; level: number; depth: number; firstStep: number; steps: number; rivals: number; clockSeconds: number; timerSeconds: number; opened: boolean; proven: boolean; confirmed: boolean; claim?: Hash; staker?: Address; stake?: Quantity; children: DisputeEdge[] }
/** Where the bytes of an entry are. */
export type EntrySource = 'forced' | 'calldata' | 'blobs'
/** Fees of consecutive blocks and of the one after them. */
export type FeeHistory = { oldestBlock: Quantity; reward?: Quantity[][]; baseFeePerGas?: Quantity[]; gasUsedRatio: number[]; baseFeePerBlobGas?: Quantity[]; blobGasUsedRatio?: number[] }
/** The number of a filter or subscription. */
export type FilterId = Quantity
/** Deposits and forced transactions: how many there were, how many blocks have, and the rest. */
export type ForcedQueue = { length: number; taken: number; forceDelaySeconds: number; items: ({ index: number; from: Address; to: Address | null; parentBlock: number; queuedAt: number; forcibleAt: number; secondsLeft: number })[] }
/** The rules of a fork (EIP-7910). */
export type ForkConfig = { activationTime: number; blobSchedule: { baseFeeUpdateFraction: number; max: number; target: number }; chainId: Quantity; forkId: Bytes; precompiles: Record<string, Address>; systemContracts: Record<string, Address> }
/** 32 bytes in hex. */
export type Hash = Hex
/** A block of the chain. */
export type Head = { number: number; hash: Hash }
/** The header of a block. */
export type Header = { baseFeePerGas?: Quantity; blobGasUsed?: Quantity; difficulty: Quantity; excessBlobGas?: Quantity; extraData: Bytes; gasLimit: Quantity; gasUsed: Quantity; hash: Hash; logsBloom: Bytes; miner: Address; mixHash: Hash; nonce: Bytes; number: Quantity; parentBeaconBlockRoot?: Hash; parentHash: Hash; receiptsRoot: Hash; requestsHash?: Hash; sha3Uncles: Hash; stateRoot: Hash; timestamp: Quantity; transactionsRoot: Hash; withdrawalsRoot?: Hash }
/** A log of a contract. */
export type Log = { address: Address; topics: Hash[]; data: Bytes; blockNumber: Quantity; transactionHash: Hash; transactionIndex: Quantity; blockHash: Hash; blockTimestamp: Quantity; logIndex: Quantity; removed: boolean }
/** Which logs; alternatives are lists, null is anything. */
export type LogFilter = { fromBlock?: BlockTag; toBlock?: BlockTag; blockHash?: Hash; address?: Address | Address[] | null; topics?: (Hash | Hash[] | null)[] }
/** A block, with a page of its transactions or none. */
export type OtsBlock = { baseFeePerGas?: Quantity; blobGasUsed?: Quantity; difficulty: Quantity; excessBlobGas?: Quantity; extraData: Bytes; gasLimit: Quantity; gasUsed: Quantity; hash: Hash; logsBloom: Bytes; miner: Address; mixHash: Hash; nonce: Bytes; number: Quantity; parentBeaconBlockRoot?: Hash; parentHash: Hash; receiptsRoot: Hash; requestsHash?: Hash; sha3Uncles: Hash; stateRoot: Hash; timestamp: Quantity; transactionsRoot: Hash; withdrawalsRoot?: Hash; size: Quantity; transactionCount: Quantity; uncles: Hash[]; withdrawals?: Withdrawal[]; transactions?: Transaction[] }
/** A block and what it paid; wei. */
export type OtsBlockDetails = { block: OtsBlock; issuance: { blockReward: Quantity; uncleReward: Quantity; issuance: Quantity }; totalFees: Quantity }
/** A page of a block's transactions. */
export type OtsBlockTransactions = { fullblock: OtsBlock; receipts: Receipt[] }
/** A call inside a transaction. */
export type OtsCall = { type: string; depth: number; from: Address; to: Address; value: Quantity | null; input: Bytes; output: Bytes }
/** 0: ether moved, 1: SELFDESTRUCT, 2: CREATE, 3: CREATE2. */
export type OtsOperation = { type: number; from: Address; to: Address; value: Quantity }
/** Transactions of an address, the newest first; receipts have a timestamp too. */
export type OtsPage = { txs: Transaction[]; receipts: Receipt[]; firstPage: boolean; lastPage: boolean }
/** What a claim about a block says. */
export type Output = { version: Hash; outputRoot: Hash; blockRef: ChainRef; withdrawalStorageRoot: Hash; stateRoot: Hash; syncStatus: RollupSyncStatus }
/** A block of the parent; op-node's L1BlockRef. */
export type ParentRef = { hash: Hash; number: number; parentHash: Hash; timestamp: number }
/** EIP-1186. */
export type Proof = { address: Address; accountProof: Bytes[]; balance: Quantity; codeHash: Hash; nonce: Quantity; storageHash: Hash; storageProof: { key: Slot; value: Quantity; proof: Bytes[] }[] }
/** A number in hex without leading zeros. */
export type Quantity = Hex
/** What a transaction did; l1 fields on a rollup. */
export type Receipt = { blockHash: Hash; blockNumber: Quantity; contractAddress: Address | null; cumulativeGasUsed: Quantity; effectiveGasPrice: Quantity; from: Address; gasUsed: Quantity; blobGasUsed?: Quantity; blobGasPrice?: Quantity; logs: Log[]; logsBloom: Bytes; root?: Hash; status?: Quantity; to: Address | null; transactionHash: Hash; transactionIndex: Quantity; type: Quantity; depositNonce?: Quantity; depositReceiptVersion?: Quantity; l1GasPrice?: Quantity | null; l1GasUsed?: Quantity | null; l1Fee?: Quantity | null; l1FeeScalar?: null; l1BaseFeeScalar?: Quantity; l1BlobBaseFee?: Quantity; l1BlobBaseFeeScalar?: Quantity }
/** From which block it is kept. */
export type Resource = { disabled: boolean; oldestBlock: Quantity }
/** The four heads (unsafe, safe, finalized, proposed) and how every actor does; error is empty when all is well. */
export type RollupStatus = { role: 'sequencer' | 'verifier'; unsafe: Head; safe: Head; finalized: Head; proposed: number; parentLatest: number; inboxCount: number; emptyEntries: number; lastBatchError: string; reorgs: number; batcher: { entriesLanded: number; blocksLanded: number; payloadBytes: number; publishedBytes: number; inFlight: number; lastError: string }; proposer: { games: number; anchorBlock: number; lastError: string }; challenger: { proposals: number; wrong: number; disputesOpened: number; disputesOpen: number; disputesDecided: number; moves: number; alerts: { name: string; proposal: number; text: string }[]; lastError: string }; error: string }
/** The heads of both chains; op-node's SyncStatus. */
export type RollupSyncStatus = { current_l1: ParentRef; current_l1_finalized: ParentRef; head_l1: ParentRef; safe_l1: ParentRef; finalized_l1: ParentRef; unsafe_l2: ChainRef; safe_l2: ChainRef; finalized_l2: ChainRef; pending_safe_l2: ChainRef; cross_unsafe_l2: ChainRef; local_safe_l2: ChainRef }
/** A simulated block and what its calls gave. */
export type SimulatedBlock = { baseFeePerGas?: Quantity; blobGasUsed?: Quantity; difficulty: Quantity; excessBlobGas?: Quantity; extraData: Bytes; gasLimit: Quantity; gasUsed: Quantity; hash: Hash; logsBloom: Bytes; miner: Address; mixHash: Hash; nonce: Bytes; number: Quantity; parentBeaconBlockRoot?: Hash; parentHash: Hash; receiptsRoot: Hash; requestsHash?: Hash; sha3Uncles: Hash; stateRoot: Hash; timestamp: Quantity; transactionsRoot: Hash; withdrawalsRoot?: Hash; size: Quantity; transactions: (Hash | Transaction)[]; uncles: Hash[]; withdrawals?: Withdrawal[]; calls: { returnData: Bytes; logs: Log[]; gasUsed: Quantity; maxUsedGas: Quantity; status: Quantity; error?: { code: number; message: string; data?: Bytes } }[] }
/** Blocks to be simulated one after another. */
export type Simulation = { blockStateCalls: { blockOverrides?: unknown; stateOverrides?: StateOverrides; calls?: Call[] }[]; traceTransfers?: boolean; validation?: boolean; returnFullTransactions?: boolean }
/** The number of a storage slot: up to 32 bytes in hex. */
export type Slot = Hex
/** What a call finds instead of the state, by address. */
export type StateOverrides = Record<string, { balance?: Quantity; nonce?: Quantity; code?: Bytes; state?: Record<string, Hash>; stateDiff?: Record<string, Hash>; movePrecompileToAddress?: Address }>
/** Values of slots by address, in the order asked. */
export type StorageValues = Record<string, Hash[]>
/** Every instruction of a transaction. */
export type StructLogs = { gas: number; failed: boolean; returnValue: Bytes; structLogs: unknown[] }
/** False, or how far the node is. */
export type SyncStatus = boolean | { startingBlock: Quantity; currentBlock: Quantity; highestBlock: Quantity }
/** What the tracer gives. */
export type Trace = StructLogs | CallFrame | unknown
/** A transaction of a traced block. */
export type TracedTransaction = { txHash: Hash; result?: Trace; error?: string }
/** callTracer, flatCallTracer, prestateTracer, 4byteTracer, noopTracer, muxTracer; without one, every instruction. */
export type TracerOptions = { tracer?: string; tracerConfig?: unknown; timeout?: string; enableMemory?: boolean; disableStack?: boolean; disableStorage?: boolean; enableReturnData?: boolean; limit?: number; stateOverrides?: StateOverrides; blockOverrides?: BlockOverrides }
/** A signed transaction, or a deposit (type 0x7e); block fields are null while it waits. */
export type Transaction = { blockHash: Hash | null; blockNumber: Quantity | null; blockTimestamp?: Quantity; from: Address; gas: Quantity; gasPrice: Quantity; maxFeePerGas?: Quantity; maxPriorityFeePerGas?: Quantity; maxFeePerBlobGas?: Quantity; hash: Hash; input: Bytes; nonce: Quantity; to: Address | null; transactionIndex: Quantity | null; value: Quantity; type: Quantity; accessList?: AccessList; chainId?: Quantity; blobVersionedHashes?: Hash[]; authorizationList?: Authorization[]; sourceHash?: Hash; mint?: Quantity; isSystemTx?: boolean; depositReceiptVersion?: Quantity; v: Quantity; r: Quantity; s: Quantity; yParity?: Quantity }
/** How far a transaction is on its way, and the batch that holds it. */
export type TransactionStatus = { hash: Hash; stage: 'unknown' | 'pool' | 'included' | 'derived' | 'final' | 'claimed' | 'settled'; block?: number; index?: number; final?: boolean; batch?: { index: number; source: EntrySource; parentTransaction: Hash; parentBlock: number; parentBlockHash: Hash } | null; claimed?: boolean; settled?: boolean }
/** Waiting transactions of one sender, by nonce. */
export type TxpoolByNonce = Record<string, Transaction>
/** A withdrawal of the beacon chain; amount in gwei. */
export type Withdrawal = { index: Quantity; validatorIndex: Quantity; address: Address; amount: Quantity }
/** How far a withdrawal is that this node sees through; etaMs until the next stage. */
export type WithdrawalStatus = { stage: 'looking' | 'waiting-for-claim' | 'proving' | 'maturing' | 'finalizing' | 'finalized' | 'failed'; etaMs: number | null; withdrawalHash: Hash; blockNumber: number; message: string }
/** Withdrawals and the seconds until their next step is possible (null: nobody knows, or there is none); blocks before searchedFrom were not looked at. */
export type Withdrawals = { withdrawals: ({ transaction: Hash; block: number; withdrawalHash: Hash; target: Address; value: Quantity; stage: 'waiting-for-claim' | 'ready-to-prove' | 'maturing' | 'disputed' | 'ready-to-finalize' | 'finalized'; etaSeconds: number | null })[]; searchedFrom: number }
/** What the program reads to verify blocks. */
export type Witness = { statement: Bytes; witness: Bytes; preBlock: number; postBlock: number }

export interface Methods {
  /** The same for every account. */
  anvil_autoImpersonateAccount: { params: [enabled: boolean]; result: null }
  /** Forgets all waiting transactions. */
  anvil_dropAllTransactions: { params: []; result: null }
  /** Forgets a waiting transaction; null: there is none. */
  anvil_dropTransaction: { params: [hash: Hash]; result: Hash | null }
  /** Whether each transaction gets a block. */
  anvil_getAutomine: { params: []; result: boolean }
  /** Seconds between blocks; null: none on a clock. */
  anvil_getIntervalMining: { params: []; result: number | null }
  /** Lets eth_sendTransaction send from an account without its key. */
  anvil_impersonateAccount: { params: [address: Address]; result: null }
  /** Makes blocks. */
  anvil_mine: { params: [count?: Quantity | number, interval?: Quantity | number]; result: null }
  /** Forgets the waiting transactions of a sender. */
  anvil_removePoolTransactions: { params: [address: Address]; result: null }
  /** Replaces the last blocks by others without their transactions; none can be named. */
  anvil_reorg: { params: [depth?: Quantity | number, transactions?: unknown[]]; result: null }
  /** Goes back to where the rollup's contracts had just been made, and forgets snapshots, impersonated accounts and what waits; the rollup begins anew. No forks. Time stays. */
  anvil_reset: { params: [options?: unknown]; result: null }
  /** Goes back to a snapshot; the rollup follows as after a reorganisation. Time stays. */
  anvil_revert: { params: [id: Quantity | number]; result: boolean }
  /** On: a block for each transaction, none on a clock. Off: none at all, unless blocks come on a clock. */
  anvil_setAutomine: { params: [enabled: boolean]; result: null }
  /** Sets a balance, in a block of its own. */
  anvil_setBalance: { params: [address: Address, wei: Quantity | number]; result: null }
  /** Sets the code, in a block of its own. */
  anvil_setCode: { params: [address: Address, code: Bytes]; result: null }
  /** A block every so many seconds; 0: none on a clock, and none for each transaction. */
  anvil_setIntervalMining: { params: [seconds: Quantity | number]; result: null }
  /** The time of the next block; later ones go on from there. */
  anvil_setNextBlockTimestamp: { params: [timestamp: Quantity | number]; result: null }
  /** Sets the nonce, in a block of its own. */
  anvil_setNonce: { params: [address: Address, nonce: Quantity | number]; result: null }
  /** Sets a slot, in a block of its own. */
  anvil_setStorageAt: { params: [address: Address, slot: Quantity | number | Slot, value: Hash]; result: boolean }
  /** Notes the head, to come back to; gives its id. */
  anvil_snapshot: { params: []; result: Quantity }
  /** Ends that. */
  anvil_stopImpersonatingAccount: { params: [address: Address]; result: null }
  /** Always empty: blocks come from no peers. */
  debug_getBadBlocks: { params: []; result: { block: Block; hash: Hash; rlp: Bytes }[] }
  /** The RLP of a block. */
  debug_getRawBlock: { params: [block: BlockId]; result: Bytes }
  /** Refused: no block has a list before EIP-7928. */
  debug_getRawBlockAccessList: { params: [block: BlockId]; result: Bytes }
  /** The RLP of a header. */
  debug_getRawHeader: { params: [block: BlockId]; result: Bytes }
  /** The canonical encodings of a block's receipts. */
  debug_getRawReceipts: { params: [block: BlockId]; result: Bytes[] }
  /** The canonical encoding of a transaction. */
  debug_getRawTransaction: { params: [hash: Hash]; result: Bytes | null }
  /** Executes a given block under a tracer. */
  debug_traceBlock: { params: [rlp: Bytes, options?: TracerOptions]; result: TracedTransaction[] }
  /** Executes a block again under a tracer. */
  debug_traceBlockByHash: { params: [hash: Hash, options?: TracerOptions]; result: TracedTransaction[] }
  /** Executes a block again under a tracer. */
  debug_traceBlockByNumber: { params: [block: BlockTag, options?: TracerOptions]; result: TracedTransaction[] }
  /** Executes a call under a tracer. */
  debug_traceCall: { params: [call: Call, block?: BlockId, options?: TracerOptions]; result: Trace }
  /** Executes a transaction again under a tracer. */
  debug_traceTransaction: { params: [hash: Hash, options?: TracerOptions]; result: Trace }
  /** The header of a block. */
  erigon_getHeaderByNumber: { params: [block: BlockTag | number]; result: Header | null }
  /** The accounts this node signs for (development). */
  eth_accounts: { params: []; result: Address[] }
  /** The base fee of the next block, in wei a gas. */
  eth_baseFee: { params: []; result: Quantity }
  /** The blob base fee of the next block, in wei a blob gas. */
  eth_blobBaseFee: { params: []; result: Quantity }
  /** The number of the head. */
  eth_blockNumber: { params: []; result: Quantity }
  /** What a call returns, without sending it. */
  eth_call: { params: [call: Call, block?: BlockId, stateOverrides?: StateOverrides, blockOverrides?: BlockOverrides]; result: Bytes }
  /** What this node keeps, and since which block. */
  eth_capabilities: { params: []; result: { head: { number: Quantity; hash: Hash }; state: Resource; tx: Resource; logs: Resource; receipts: Resource; blocks: Resource; stateproofs: Resource } }
  /** The chain id. */
  eth_chainId: { params: []; result: Quantity }
  /** Who gets the tips of the head. */
  eth_coinbase: { params: []; result: Address }
  /** The rules now, next and last (EIP-7910). */
  eth_config: { params: []; result: { current: ForkConfig; next: ForkConfig | null; last: ForkConfig | null } }
  /** What a call touches, and the gas it uses with that list. */
  eth_createAccessList: { params: [call: Call, block?: BlockId, stateOverrides?: StateOverrides]; result: AccessListResult }
  /** The gas a transaction needs to succeed, up to 1.5 % more. */
  eth_estimateGas: { params: [call: Call, block?: BlockId, stateOverrides?: StateOverrides, blockOverrides?: BlockOverrides]; result: Quantity }
  /** Fees of past blocks, and tips at percentiles of their gas. */
  eth_feeHistory: { params: [count: Quantity | number, newest: BlockTag, percentiles?: number[]]; result: FeeHistory }
  /** A transaction with nonce, fees and gas filled in; its signature is zero. */
  eth_fillTransaction: { params: [call: Call]; result: { raw: Bytes; tx: Transaction } }
  /** A price at which transactions are included, in wei a gas. */
  eth_gasPrice: { params: []; result: Quantity }
  /** Balance, nonce and code of an account. */
  eth_getAccountInfo: { params: [address: Address, block?: BlockId]; result: AccountInfo }
  /** The balance of an account, in wei. */
  eth_getBalance: { params: [address: Address, block?: BlockId]; result: Quantity }
  /** Refused: no block has a list before EIP-7928. */
  eth_getBlockAccessList: { params: [block: BlockId]; result: unknown }
  /** A block, its transactions as hashes or in full. */
  eth_getBlockByHash: { params: [hash: Hash, full?: boolean]; result: Block | null }
  /** A block, its transactions as hashes or in full. */
  eth_getBlockByNumber: { params: [block: BlockTag, full?: boolean]; result: Block | null }
  /** The receipts of a block, in its order. */
  eth_getBlockReceipts: { params: [block: BlockId]; result: Receipt[] | null }
  /** How many transactions a block has. */
  eth_getBlockTransactionCountByHash: { params: [hash: Hash]; result: Quantity | null }
  /** How many transactions a block has. */
  eth_getBlockTransactionCountByNumber: { params: [block: BlockTag]; result: Quantity | null }
  /** The code of an account. */
  eth_getCode: { params: [address: Address, block?: BlockId]; result: Bytes }
  /** What is new since the last poll; logs of blocks that are gone come as removed. */
  eth_getFilterChanges: { params: [filter: FilterId]; result: Hash[] | Log[] }
  /** All logs of a filter. */
  eth_getFilterLogs: { params: [filter: FilterId]; result: Log[] }
  /** The header of a block. */
  eth_getHeaderByHash: { params: [hash: Hash]; result: Header | null }
  /** The header of a block. */
  eth_getHeaderByNumber: { params: [block: BlockTag]; result: Header | null }
  /** The logs of a range of blocks, or of one. */
  eth_getLogs: { params: [filter: LogFilter]; result: Log[] }
  /** A Merkle proof of an account and its slots, at any kept block. */
  eth_getProof: { params: [address: Address, slots?: Slot[], block?: BlockId]; result: Proof }
  /** The canonical encoding of a transaction. */
  eth_getRawTransactionByHash: { params: [hash: Hash]; result: Bytes | null }
  /** The value of a slot. */
  eth_getStorageAt: { params: [address: Address, slot: Slot, block?: BlockId]; result: Hash }
  /** Slots of several accounts at once. */
  eth_getStorageValues: { params: [slots: Record<string, Slot[]>, block?: BlockId]; result: StorageValues }
  /** A transaction by its place. */
  eth_getTransactionByBlockHashAndIndex: { params: [hash: Hash, index: Quantity]; result: Transaction | null }
  /** A transaction by its place. */
  eth_getTransactionByBlockNumberAndIndex: { params: [block: BlockTag, index: Quantity]; result: Transaction | null }
  /** A transaction, in a block or waiting. */
  eth_getTransactionByHash: { params: [hash: Hash]; result: Transaction | null }
  /** The nonce of an account; on pending, after its waiting transactions. */
  eth_getTransactionCount: { params: [address: Address, block?: BlockId]; result: Quantity }
  /** What a transaction did. */
  eth_getTransactionReceipt: { params: [hash: Hash]; result: Receipt | null }
  /** An uncle of a block. */
  eth_getUncleByBlockHashAndIndex: { params: [hash: Hash, index: Quantity]; result: Block | null }
  /** An uncle of a block. */
  eth_getUncleByBlockNumberAndIndex: { params: [block: BlockTag, index: Quantity]; result: Block | null }
  /** How many uncles a block has; none since the Merge. */
  eth_getUncleCountByBlockHash: { params: [hash: Hash]; result: Quantity | null }
  /** How many uncles a block has; none since the Merge. */
  eth_getUncleCountByBlockNumber: { params: [block: BlockTag]; result: Quantity | null }
  /** A tip at which transactions are included, in wei a gas. */
  eth_maxPriorityFeePerGas: { params: []; result: Quantity }
  /** Keeps a filter of new blocks to poll. */
  eth_newBlockFilter: { params: []; result: FilterId }
  /** Keeps a filter of logs to poll. */
  eth_newFilter: { params: [filter: LogFilter]; result: FilterId }
  /** Keeps a filter of waiting transactions to poll. */
  eth_newPendingTransactionFilter: { params: []; result: FilterId }
  /** Sends a signed transaction. */
  eth_sendRawTransaction: { params: [transaction: Bytes]; result: Hash }
  /** Sends a signed transaction and waits for its receipt (EIP-7966). */
  eth_sendRawTransactionSync: { params: [transaction: Bytes, timeoutMs?: Quantity | number]; result: Receipt }
  /** Signs with a key of this node and sends (development). */
  eth_sendTransaction: { params: [call: Call]; result: Hash }
  /** Signs a message (EIP-191) with a key of this node (development). */
  eth_sign: { params: [address: Address, message: Bytes]; result: Bytes }
  /** Signs with a key of this node (development). */
  eth_signTransaction: { params: [call: Call]; result: { raw: Bytes } }
  /** Blocks of calls, as they would be on a block. */
  eth_simulateV1: { params: [simulation: Simulation, block?: BlockId]; result: SimulatedBlock[] }
  /** Notifies of heads, logs, waiting transactions (true: in full) or syncing, on connections that stay. */
  eth_subscribe: { params: [kind: 'newHeads' | 'logs' | 'newPendingTransactions' | 'syncing', options?: LogFilter | boolean]; result: FilterId }
  /** False, or how far the node is. */
  eth_syncing: { params: []; result: SyncStatus }
  /** Forgets a filter. */
  eth_uninstallFilter: { params: [filter: FilterId]; result: boolean }
  /** Ends a subscription. */
  eth_unsubscribe: { params: [subscription: FilterId]; result: boolean }
  /** Moves time forward, of both chains; gives all that it was moved by. */
  evm_increaseTime: { params: [seconds: Quantity | number]; result: number }
  /** Makes a block, at a time if one is given. */
  evm_mine: { params: [options?: Quantity | number | { timestamp?: Quantity | number; blocks?: Quantity | number }]; result: Quantity }
  /** Goes back to a snapshot; the rollup follows as after a reorganisation. Time stays. */
  evm_revert: { params: [id: Quantity | number]; result: boolean }
  /** Sets the nonce, in a block of its own. */
  evm_setAccountNonce: { params: [address: Address, nonce: Quantity | number]; result: null }
  /** On: a block for each transaction, none on a clock. Off: none at all, unless blocks come on a clock. */
  evm_setAutomine: { params: [enabled: boolean]; result: null }
  /** A block every so many seconds; 0: none on a clock, and none for each transaction. */
  evm_setIntervalMining: { params: [seconds: Quantity | number]; result: null }
  /** The time of the next block; later ones go on from there. */
  evm_setNextBlockTimestamp: { params: [timestamp: Quantity | number]; result: null }
  /** Notes the head, to come back to; gives its id. */
  evm_snapshot: { params: []; result: Quantity }
  /** Forgets a waiting transaction; null: there is none. */
  hardhat_dropTransaction: { params: [hash: Hash]; result: Hash | null }
  /** Whether each transaction gets a block. */
  hardhat_getAutomine: { params: []; result: boolean }
  /** Lets eth_sendTransaction send from an account without its key. */
  hardhat_impersonateAccount: { params: [address: Address]; result: null }
  /** Makes blocks. */
  hardhat_mine: { params: [count?: Quantity | number, interval?: Quantity | number]; result: null }
  /** Goes back to where the rollup's contracts had just been made, and forgets snapshots, impersonated accounts and what waits; the rollup begins anew. No forks. Time stays. */
  hardhat_reset: { params: [options?: unknown]; result: null }
  /** Sets a balance, in a block of its own. */
  hardhat_setBalance: { params: [address: Address, wei: Quantity | number]; result: null }
  /** Sets the code, in a block of its own. */
  hardhat_setCode: { params: [address: Address, code: Bytes]; result: null }
  /** Sets the nonce, in a block of its own. */
  hardhat_setNonce: { params: [address: Address, nonce: Quantity | number]; result: null }
  /** Sets a slot, in a block of its own. */
  hardhat_setStorageAt: { params: [address: Address, slot: Quantity | number | Slot, value: Hash]; result: boolean }
  /** Ends that. */
  hardhat_stopImpersonatingAccount: { params: [address: Address]; result: null }
  /** Entries of the inbox from one index to before another, at most 1000. */
  mezz_batches: { params: [from: Quantity | number, to: Quantity | number]; result: Batch[] }
  /** The witness of the block after a block, as a dispute is about it. */
  mezz_blockWitness: { params: [block: Quantity | number, inboxCount?: Quantity | number]; result: Witness }
  /** The claim of a block. */
  mezz_claim: { params: [block: Quantity | number]; result: Claim }
  /** Games of claims on the parent, the newest first, before an index if given. */
  mezz_claims: { params: [before?: Quantity | number, count?: Quantity | number]; result: ClaimGame[] }
  /** A dispute and its edges, level by level. */
  mezz_dispute: { params: [id: Hash]; result: { dispute: Dispute; edges: DisputeEdge[]; complete: boolean } }
  /** Disputes about proposals, in the order of their ids. */
  mezz_disputes: { params: []; result: Dispute[] }
  /** Deposits that no block has, and when each can be forced in. */
  mezz_forcedQueue: { params: []; result: ForcedQueue }
  /** The heads of the parent. */
  mezz_heads: { params: []; result: { latest: Quantity; safe: Quantity; finalized: Quantity } }
  /** Replaces the last blocks by others; their transactions return to the pool. */
  mezz_reorg: { params: [depth?: Quantity | number]; result: null }
  /** Makes the network misbehave on purpose, or ends that (development). */
  mezz_setFault: { params: [fault: 'skipped-deposits' | 'censored-deposits' | 'withheld-blobs', on: boolean]; result: null }
  /** The four heads, and what every actor does. */
  mezz_status: { params: []; result: RollupStatus }
  /** The way of a transaction: pool, block, batch, claim, settlement. */
  mezz_transactionStatus: { params: [hash: Hash]; result: TransactionStatus }
  /** Sees a withdrawal through to its payment on the parent, at this node's cost. */
  mezz_withdraw: { params: [transaction: Hash]; result: WithdrawalStatus }
  /** How far such a withdrawal is. */
  mezz_withdrawalStatus: { params: [transaction: Hash]; result: WithdrawalStatus | null }
  /** Withdrawals of a sender, the newest first, and when each can go on. */
  mezz_withdrawals: { params: [address: Address, fromBlock?: Quantity | number]; result: Withdrawals }
  /** The witness of inbox entries from one index to before another; default: all. */
  mezz_witness: { params: [from?: Quantity | number, to?: Quantity | number]; result: Witness }
  /** Always true. */
  net_listening: { params: []; result: boolean }
  /** Always zero: there are no peers. */
  net_peerCount: { params: []; result: Quantity }
  /** The chain id in decimal. */
  net_version: { params: []; result: string }
  /** The output root of a block. */
  optimism_outputAtBlock: { params: [block: Quantity | number]; result: Output }
  /** The configuration of the chain, as op-node prints it. */
  optimism_rollupConfig: { params: []; result: unknown }
  /** How far the node follows its parent. */
  optimism_syncStatus: { params: []; result: RollupSyncStatus }
  /** Name and version of this program. */
  optimism_version: { params: []; result: string }
  /** The level of these methods. */
  ots_getApiLevel: { params: []; result: number }
  /** A block without its transactions, and the fees they paid. */
  ots_getBlockDetails: { params: [block: BlockTag | number]; result: OtsBlockDetails | null }
  /** A block without its transactions, and the fees they paid. */
  ots_getBlockDetailsByHash: { params: [hash: Hash]; result: OtsBlockDetails | null }
  /** A page of a block's transactions; page 0 is at its end. */
  ots_getBlockTransactions: { params: [block: BlockTag | number, page: Quantity | number, size: Quantity | number]; result: OtsBlockTransactions | null }
  /** The transaction that created a contract, and who did it there. */
  ots_getContractCreator: { params: [address: Address]; result: { hash: Hash; creator: Address } | null }
  /** Ether that moved inside a transaction, creations and destructions. */
  ots_getInternalOperations: { params: [hash: Hash]; result: OtsOperation[] }
  /** The transaction that used a nonce. */
  ots_getTransactionBySenderAndNonce: { params: [sender: Address, nonce: Quantity | number]; result: Hash | null }
  /** What a transaction reverted with; empty if it did not. */
  ots_getTransactionError: { params: [hash: Hash]; result: Bytes }
  /** Whether a contract is there. */
  ots_hasCode: { params: [address: Address, block?: BlockId | number]; result: boolean }
  /** Transactions with an address after a block (0: all), the newest first. */
  ots_searchTransactionsAfter: { params: [address: Address, block: Quantity | number, size: Quantity | number]; result: OtsPage }
  /** Transactions with an address before a block (0: all), the newest first. */
  ots_searchTransactionsBefore: { params: [address: Address, block: Quantity | number, size: Quantity | number]; result: OtsPage }
  /** The calls of a transaction, in the order they began. */
  ots_traceTransaction: { params: [hash: Hash]; result: OtsCall[] }
  /** Signs a message (EIP-191) with a key of this node (development). */
  personal_sign: { params: [message: Bytes, address: Address]; result: Bytes }
  /** This document: every method, what it takes and what it gives. */
  'rpc.discover': { params: []; result: unknown }
  /** The namespaces and their versions. */
  rpc_modules: { params: []; result: Record<string, string> }
  /** Waiting transactions by sender and nonce. */
  txpool_content: { params: []; result: { pending: Record<string, TxpoolByNonce>; queued: Record<string, TxpoolByNonce> } }
  /** Waiting transactions of one sender. */
  txpool_contentFrom: { params: [address: Address]; result: { pending: TxpoolByNonce; queued: TxpoolByNonce } }
  /** The same in words. */
  txpool_inspect: { params: []; result: { pending: Record<string, Record<string, string>>; queued: Record<string, Record<string, string>> } }
  /** How many transactions can run now, and how many wait for an earlier one. */
  txpool_status: { params: []; result: { pending: Quantity; queued: Quantity } }
  /** Name and version of this program. */
  web3_clientVersion: { params: []; result: string }
  /** Keccak-256. */
  web3_sha3: { params: [data: Bytes]; result: Hash }
}
