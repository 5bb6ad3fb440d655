// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Finding the transactions of an address in the chain's index of appearances.

#include "node/ingest/rpc/context.hpp"

namespace mezz::rpc {

struct FoundPage {
    std::vector<FoundTxn> transactions;  ///< the newest first
    bool is_first = false, is_last = false;
};

/// At least `size` transactions before (`back`) or after a block, in whole blocks; 0: from the
/// newest, or from the oldest. Those that send from, to or create the address, and those that call
/// it inside, as far as the index leads to their blocks.
/// Throws where the chain has no index, or one that begins too late.
FoundPage search_transactions(Context& context, const Address& address, std::uint64_t block,
                              std::uint64_t size, bool back);

}  // namespace mezz::rpc
