// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The pool as a block maker sees it. Thread-safe.

#include <memory>
#include <utility>
#include <vector>

#include "node/ports/txn_pool.hpp"

namespace mezz::node {

using PooledRef = std::shared_ptr<const PooledTxn>;

class TxnSource {
public:
    virtual ~TxnSource() = default;
    /// The transaction with the best tip that pays both base fees (wei) and whose turn it is; null
    /// when there is none. It stays known until settled, dropped or given back.
    virtual PooledRef pop_best(const uint256& base_fee, const uint256& blob_base_fee = {}) = 0;
    /// What `pop_best` is likely to give next, at most `count`; it all stays where it is.
    [[nodiscard]] virtual std::vector<PooledRef> peek(std::size_t count) {
        (void)count;
        return {};
    }
    /// The executor refused it: forget it for good.
    virtual void drop(const PooledRef& txn) = 0;
    /// It was not included: back to where it was.
    virtual void give_back(const PooledRef& txn) = 0;
    /// A block exists: forget its transactions and move the accounts to these nonces.
    virtual void settle(const std::vector<std::pair<Address, std::uint64_t>>& next_nonces) = 0;
    /// Transactions of blocks that are gone come back; invalid ones are dropped.
    virtual void reinject(const std::vector<Transaction>& txns) = 0;
};

}  // namespace mezz::node
