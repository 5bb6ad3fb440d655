// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Rules that ended with the Merge and that no chain of this stack ever has: difficulty, uncles,
/// block rewards, the DAO fork. They exist for the official vectors only.
/// The proof-of-work seal itself is not checked anywhere.

#include <optional>

#include "core/base/uint256.hpp"
#include "core/spec/revision.hpp"
#include "core/types/header.hpp"

namespace mezz::conformance {

inline constexpr std::uint64_t MINIMUM_DIFFICULTY = 131072;  ///< Yellow Paper (45), D_0.

/// When a proof-of-work chain changed its rules. units: block numbers; absent = never.
struct DifficultyRules {
    std::optional<std::uint64_t> homestead, byzantium, constantinople, muir_glacier, london,
        arrow_glacier, gray_glacier;
    static DifficultyRules mainnet();
    static DifficultyRules ropsten();
    /// Rules that are in force from block 0.
    static DifficultyRules at(Revision rev);
    /// By the name of a test: "Homestead", "MainNetwork", "EIP5133", …
    static std::optional<DifficultyRules> named(std::string_view text);
};

/// Difficulty of block `number`. spec: Yellow Paper (41)-(47); EIP-2, EIP-100, EIP-649, EIP-1234,
/// EIP-2384, EIP-3554, EIP-4345, EIP-5133.
uint256 next_difficulty(const DifficultyRules& rules, std::uint64_t number, std::uint64_t timestamp,
                        std::uint64_t parent_timestamp, const uint256& parent_difficulty,
                        bool parent_has_uncles);

/// What the miner of a block gets before its uncles count. units: wei.
/// spec: Yellow Paper §11.3; EIP-649, EIP-1234, EIP-3675.
uint256 block_reward(Revision rev);

}  // namespace mezz::conformance
