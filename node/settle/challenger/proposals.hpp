// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The proposals of a chain, read from the parent: contracts/src/parent/ProposalGame.sol.

#include <optional>
#include <vector>

#include "node/ports/parent.hpp"

namespace mezz::node {

/// Game type of proposals that fraud proofs judge.
inline constexpr std::uint64_t fraud_proven_outputs = 301;
/// Parent index of a proposal that follows block 0.
inline constexpr std::uint64_t genesis_parent = ~std::uint64_t{0};

struct Proposal {
    std::uint64_t index = 0;  ///< in the factory's list
    Address game;
    std::uint64_t made_in = 0;  ///< parent block number
    std::uint64_t last_block = 0;
    std::uint64_t inbox_count = 0;
    std::uint64_t parent_index = 0;
    std::uint64_t created_at = 0;  ///< units: seconds
    Bytes32 root_claim;
    Bytes32 parent_claim;
    Bytes32 versioned_hash;  ///< zero where the claims are in the extra data
    std::uint64_t block_count = 0;
    std::vector<Bytes32> claims;  ///< of the blocks up to last_block, until they are forgotten
    Bytes blob;                   ///< empty where there is none

    [[nodiscard]] std::uint64_t first_block() const noexcept {
        return last_block + 1 - block_count;
    }
    /// Frees what only a dispute about it needs.
    void forget_claims() {
        claims = {};
        blob = {};
    }
};

/// What the extra data says. Total. returns: none when it is not of a proposal's form.
std::optional<Proposal> decode_extra_data(ByteView extra);

/// The proposal at a place of the factory's list, with its claims.
/// returns: none when it is a game of another type.
/// errors: retry while the parent lacks the blob.
Result<std::optional<Proposal>> read_proposal(Parent& parent, const Address& factory,
                                              std::uint64_t index, std::uint64_t made_in);

}  // namespace mezz::node
