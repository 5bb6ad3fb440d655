// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Logs, blooms and receipts. spec: Yellow Paper §4.3.1, EIP-658, EIP-2718; deposit receipts: OP
/// Stack specs, "Deposit Receipt" (version 1, with the deposit nonce).

#include <expected>
#include <optional>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/types/transaction.hpp"

namespace mezz {

struct Log {
    Address address;
    std::vector<Bytes32> topics;
    Bytes data;
    friend bool operator==(const Log&, const Log&) = default;
};

/// Adds the address and topics of a log to a bloom.
void add_to_bloom(Bloom& bloom, const Log& log);
void merge(Bloom& into, const Bloom& other) noexcept;
/// Whether the bloom may contain the value (an address or a topic).
bool may_contain(const Bloom& bloom, ByteView value);

struct Receipt {
    TxType type = TxType::legacy;
    bool success = false;
    std::uint64_t cumulative_gas_used = 0;
    Bloom bloom;
    std::vector<Log> logs;
    /// Instead of `success` before Byzantium: the state after the transaction. spec: EIP-658.
    std::optional<Bytes32> state_root;
    /// Deposits only: the sender's nonce before execution.
    std::optional<std::uint64_t> deposit_nonce;
    friend bool operator==(const Receipt&, const Receipt&) = default;
};

inline constexpr std::uint64_t deposit_receipt_version = 1;

/// The canonical encoding: the leaf of the receipts trie.
Bytes encode(const Receipt& receipt);
std::expected<Receipt, rlp::Error> decode_receipt(ByteView bytes);

}  // namespace mezz
