// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Where transactions wait. Thread-safe.

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/types/transaction.hpp"

namespace mezz::node {

/// A transaction with what was computed about it once.
struct PooledTxn {
    Transaction txn;
    Bytes32 hash;
    Address sender;
    Bytes raw;      ///< canonical encoding
    Bytes sidecar;  ///< network form of a blob transaction's blobs; empty otherwise
};

/// Why a transaction was not taken, in the words of common clients.
struct PoolRejection {
    int code = -32000;  ///< JSON-RPC error code
    std::string message;
};

struct PoolStatus {
    std::size_t pending = 0;  ///< executable now
    std::size_t queued = 0;   ///< waiting for an earlier nonce
    std::size_t bytes = 0;    ///< of all, sidecars included
};

class TxnPool {
public:
    virtual ~TxnPool() = default;
    /// Checks and takes a transaction in network form. returns: its hash.
    virtual std::expected<Bytes32, PoolRejection> submit(ByteView raw) = 0;
    /// returns: a copy, or none.
    virtual std::optional<PooledTxn> find(const Bytes32& hash) = 0;
    /// The nonce after the account's executable transactions; none when it has none here.
    virtual std::optional<std::uint64_t> pending_nonce(const Address& sender) = 0;
    virtual PoolStatus status() = 0;
    struct Content {
        std::vector<PooledTxn> pending;
        std::vector<PooledTxn> queued;
    };
    virtual Content content() = 0;
    /// Called with the hash of every new executable transaction; must not block.
    using Listener = std::function<void(const Bytes32&)>;
    virtual void on_pending(Listener listener) = 0;
};

}  // namespace mezz::node
