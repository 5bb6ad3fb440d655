// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A whole block as it travels: rlp([header, transactions, ommers, withdrawals]).
/// spec: Yellow Paper §4.3.3 (35); EIP-2718 (typed transactions are strings), EIP-4895.

#include "core/types/header.hpp"
#include "core/types/transaction.hpp"
#include "core/types/withdrawal.hpp"

namespace mezz {

struct Block {
    Header header;
    std::vector<Transaction> transactions;
    std::vector<Header> ommers;
    std::optional<std::vector<Withdrawal>> withdrawals;  ///< there since Shanghai.
    friend bool operator==(const Block&, const Block&) = default;
};

Bytes encode(const Withdrawal& withdrawal);
Bytes encode(const Block& block);
/// Strict: what decodes encodes back to the same bytes.
std::expected<Block, rlp::Error> decode_block(ByteView bytes);

}  // namespace mezz
