// SPDX-License-Identifier: Apache-2.0
// The node's types by the names the console uses, narrowed where a question decides what the answer holds.
import type * as Rpc from './methods'

export type { BlockTag, CallFrame, Header, Hex, Log, LogFilter, Receipt, WithdrawalStatus } from './methods'
export type Txn = Rpc.Transaction
/** Of a block that was asked for with the hashes of its transactions, or with them in full. */
export type Block = Omit<Rpc.Block, 'transactions'> & { transactions: Rpc.Hash[] }
export type FullBlock = Omit<Rpc.Block, 'transactions'> & { transactions: Txn[] }
export type Status = Rpc.RollupStatus
export type InboxEntry = Rpc.Batch
export type TxnStatus = Rpc.TransactionStatus
export type TxnRequest = Rpc.Call
export type PoolContent = Rpc.Methods['txpool_content']['result']
