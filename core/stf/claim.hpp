// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The statement that is proven: "starting from the state of `pre`, the inbox entries
/// (pre.inbox_count, post.inbox_count] derive blocks that end in `post`".
///
/// Fraud and validity proofs use this same statement; so does the native check.

#include "core/derive/block.hpp"

namespace mezz::stf {

/// A state of the chain and the inbox position that leads to it.
struct Claim {
    Bytes32 output_root;            ///< keccak(0 | stateRoot | withdrawalsRoot | blockHash)
    std::uint64_t inbox_count = 0;  ///< entries derived
    Bytes32 inbox_acc;              ///< accumulator after that many entries
    friend bool operator==(const Claim&, const Claim&) = default;
};

struct Statement {
    Bytes32 config_hash;
    Claim pre;
    Claim post;
    friend bool operator==(const Statement&, const Statement&) = default;
};

/// keccak256 of the words of a claim.
Bytes32 hash(const Claim& claim);

/// units: bytes of an encoded statement.
inline constexpr std::size_t statement_bytes = 7 * 32;
/// config_hash | pre | post, each claim as three words.
Bytes encode(const Statement& statement);
std::optional<Statement> decode_statement(ByteView bytes);

}  // namespace mezz::stf
