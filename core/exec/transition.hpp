// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The definition of the chain: what a block does to the state, serially.
///
/// Every other executor (parallel, compiled) is an optimisation of this function and must return
/// equal bytes. It is total: any list of transactions gives a result.

#include "core/exec/block_executor.hpp"
#include "core/types/withdrawal.hpp"

namespace mezz::exec {

struct BlockInput {
    BlockContext context;
    std::vector<Transaction> transactions;
    /// Recovered senders, one a transaction; empty = recover them here.
    std::vector<Address> senders;
    std::vector<Withdrawal> withdrawals;
};

struct BlockOutput {
    Diff diff;
    std::vector<Receipt> receipts;        ///< of the included transactions.
    std::vector<std::uint32_t> included;  ///< indexes into BlockInput::transactions.
    std::vector<std::uint32_t> refused;   ///< the others.
    std::optional<TxError> first_error;   ///< why the first of `refused` is invalid.
    std::uint64_t gas_used = 0;           ///< gas.
    std::uint64_t blob_gas_used = 0;      ///< blob gas.
    Bloom logs_bloom;
};

/// Executes a block. An invalid transaction derives to nothing: it is skipped and its index is in
/// `refused`. On a rollup that is the rule; a caller that checks an L1 block rejects it where
/// `refused` is not empty.
[[nodiscard]] BlockOutput transition(View& view, const BlockInput& input, const ChainSpec& spec,
                                     BlockHashes& hashes);

}  // namespace mezz::exec
