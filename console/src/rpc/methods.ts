// SPDX-License-Identifier: Apache-2.0
// The methods the console calls, by name.

export type Hex = `0x${string}`
export type BlockTag = Hex | 'latest' | 'safe' | 'finalized' | 'pending' | 'earliest'

export interface Header {
  number: Hex; hash: Hex; parentHash: Hex; timestamp: Hex; gasUsed: Hex; gasLimit: Hex; baseFeePerGas?: Hex; stateRoot: Hex
  receiptsRoot: Hex; transactionsRoot: Hex; withdrawalsRoot?: Hex; miner: Hex; size: Hex; extraData: Hex; blobGasUsed?: Hex
  excessBlobGas?: Hex; mixHash: Hex; logsBloom: Hex
}
export interface Block extends Header { transactions: Hex[] }
export interface FullBlock extends Header { transactions: Txn[] }
export interface Txn {
  hash: Hex; type: Hex; from: Hex; to: Hex | null; value: Hex; nonce: Hex; gas: Hex; input: Hex; blockNumber: Hex | null
  blockHash: Hex | null; transactionIndex: Hex | null; gasPrice?: Hex; maxFeePerGas?: Hex; maxPriorityFeePerGas?: Hex
  blobVersionedHashes?: Hex[]; mint?: Hex; sourceHash?: Hex; isSystemTx?: boolean; chainId?: Hex
}
export interface Log { address: Hex; topics: Hex[]; data: Hex; blockNumber: Hex; transactionHash: Hex; logIndex: Hex }
export interface Receipt {
  status: Hex; gasUsed: Hex; effectiveGasPrice: Hex; cumulativeGasUsed: Hex; contractAddress: Hex | null; logs: Log[]; blockNumber: Hex
  blockHash: Hex; transactionHash: Hex; from: Hex; to: Hex | null; type: Hex; blobGasUsed?: Hex; blobGasPrice?: Hex; l1Fee?: Hex
}
export interface CallFrame {
  type: string; from: Hex; to?: Hex; value?: Hex; gas: Hex; gasUsed: Hex; input: Hex; output?: Hex; error?: string; revertReason?: string
  calls?: CallFrame[]
}
export interface BlockRef { number: number; hash: Hex }
export interface Status {
  role: string; unsafe: BlockRef; safe: BlockRef; finalized: BlockRef; proposed: number; parentLatest: number; inboxCount: number
  emptyEntries: number; lastBatchError: string; reorgs: number; error: string
  batcher: { entriesLanded: number; blocksLanded: number; payloadBytes: number; publishedBytes: number; inFlight: number; lastError: string }
  proposer: { games: number; anchorBlock: number; lastError: string }
  challenger: {
    proposals: number; wrong: number; disputesOpened: number; disputesOpen: number; disputesDecided: number; moves: number; lastError: string
  }
}
export interface InboxEntry {
  index: number; source?: string; parentTransaction?: Hex; parentBlock?: number; parentBlockHash?: Hex; firstBlock: number
  lastBlock: number; bytes?: number; payloadBytes?: number; blobs?: number
}
export interface TxnStatus {
  hash: Hex; stage: string; block?: number; index?: number; final?: boolean; claimed?: boolean; settled?: boolean
  batch?: InboxEntry | null
}
export interface WithdrawalStatus {
  stage: string; etaMs: number | null; withdrawalHash: Hex; blockNumber: number; message: string
}
export interface TxnRequest { from?: Hex; to?: Hex; value?: Hex; data?: Hex; gas?: Hex }
export interface LogFilter { address?: Hex; fromBlock?: BlockTag; toBlock?: BlockTag; topics?: (Hex | null)[] }
export type PoolContent = Record<'pending' | 'queued', Record<string, Record<string, Txn>>>

interface M<P extends unknown[], R> { params: P; result: R }
export interface Methods {
  eth_blockNumber: M<[], Hex>
  eth_chainId: M<[], Hex>
  eth_accounts: M<[], Hex[]>
  eth_gasPrice: M<[], Hex>
  eth_getBlockByNumber: M<[BlockTag, boolean], Block | FullBlock | null>
  eth_getBlockByHash: M<[Hex, boolean], Block | FullBlock | null>
  eth_getBlockReceipts: M<[BlockTag], Receipt[] | null>
  eth_getTransactionByHash: M<[Hex], Txn | null>
  eth_getTransactionReceipt: M<[Hex], Receipt | null>
  eth_getBalance: M<[Hex, BlockTag], Hex>
  eth_getTransactionCount: M<[Hex, BlockTag], Hex>
  eth_getCode: M<[Hex, BlockTag], Hex>
  eth_getStorageAt: M<[Hex, Hex, BlockTag], Hex>
  eth_call: M<[TxnRequest, BlockTag], Hex>
  eth_estimateGas: M<[TxnRequest], Hex>
  eth_getLogs: M<[LogFilter], Log[]>
  eth_sendTransaction: M<[TxnRequest], Hex>
  txpool_content: M<[], PoolContent>
  txpool_status: M<[], { pending: Hex; queued: Hex }>
  debug_traceTransaction: M<[Hex, { tracer: 'callTracer' }], CallFrame>
  web3_clientVersion: M<[], string>
  mezz_status: M<[], Status>
  mezz_transactionStatus: M<[Hex], TxnStatus>
  mezz_batches: M<[number, number], InboxEntry[]>
  mezz_withdraw: M<[Hex], WithdrawalStatus>
  mezz_withdrawalStatus: M<[Hex], WithdrawalStatus | null>
}
