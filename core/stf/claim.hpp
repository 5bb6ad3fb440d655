// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What is proven: "from the claim `pre`, the next `block_count` blocks that the inbox up to
/// `inbox_acc` derives (or as many as it has) lead to the claim `post`".
///
/// Fraud and validity proofs use this same statement; so does the native check. A dispute is about
/// one block, a validity proof about many. Every encoding is a row of 32-byte words, as Solidity's
/// abi.encode makes them.

#include "core/derive/block.hpp"

namespace mezz::stf {

/// A block of the chain and how the inbox led to it. Blocks are derived entry by entry, so a block
/// in the midst of an entry is named by where derivation stood before that entry, and by how many
/// of its blocks are taken; after the last block of an entry `start` is the position behind it.
struct Claim {
    Bytes32 output_root;  ///< keccak(0 | stateRoot | withdrawalsRoot | blockHash)
    std::uint64_t block_number = 0;
    Bytes32 start;            ///< hash of a derive::Position
    std::uint64_t taken = 0;  ///< blocks
    friend bool operator==(const Claim&, const Claim&) = default;
};

struct Question {
    Bytes32 config_hash;
    Bytes32 pre;                    ///< hash of a claim
    std::uint64_t inbox_count = 0;  ///< entries there are; later ones do not exist for the answer
    Bytes32 inbox_acc;              ///< accumulator over them
    std::uint64_t block_count = 0;
    friend bool operator==(const Question&, const Question&) = default;
};

struct Statement {
    Question question;
    Claim post;
    friend bool operator==(const Statement&, const Statement&) = default;
};

/// output_root | block_number | start | taken.
Bytes encode(const Claim& claim);
std::optional<Claim> decode_claim(ByteView bytes);
/// keccak256 of the encoding with the first byte zero, so that it fits an element of a blob.
Bytes32 hash(const Claim& claim);

/// inbox_count | inbox_acc | queue_count | queue_acc | head_number | head_timestamp | origin's
/// number | timestamp | hash | base fee | blob base fee | sequence_number.
Bytes encode(const derive::Position& position);
std::optional<derive::Position> decode_position(ByteView bytes);
/// keccak256 of the encoding.
Bytes32 hash(const derive::Position& position);

/// config_hash | pre | inbox_count | inbox_acc | block_count.
Bytes encode(const Question& question);
std::optional<Question> decode_question(ByteView bytes);
/// keccak256 of the encoding: what a dispute binds its machine to.
Bytes32 hash(const Question& question);

/// units: bytes of an encoded statement.
inline constexpr std::size_t statement_bytes = 9 * 32;
/// The question's words, then the post claim's.
Bytes encode(const Statement& statement);
std::optional<Statement> decode_statement(ByteView bytes);

}  // namespace mezz::stf
