// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The chains of blockchain tests: one fork, or two with the point where the second begins
/// ("FrontierToHomesteadAt5", "ParisToShanghaiAtTime15k", "ArrowGlacierToParisAtDiffC0000").

#include <map>
#include <string>

#include "core/spec/chain_spec.hpp"
#include "tests/conformance/proof_of_work.hpp"

namespace mezz::conformance {

/// What decides which fork a block is in.
struct BlockPosition {
    std::uint64_t number = 0;
    std::uint64_t timestamp = 0;
    uint256 parent_total_difficulty;
};

class Network {
public:
    /// returns: nothing for a name this runner does not know.
    static std::optional<Network> named(std::string_view text);

    /// The rules of one block, as if they had always held.
    [[nodiscard]] ChainSpec spec_at(const BlockPosition& at) const;

    DifficultyRules difficulty;
    std::optional<std::uint64_t> dao_block;
    std::uint64_t chain_id = 1;
    std::map<std::string, BlobParams, std::less<>> blobs;  ///< by fork; absent = mainnet's.

private:
    struct Fork {
        std::string name;
        Revision revision;
    };
    enum class Unit : std::uint8_t { never, number, timestamp, total_difficulty };

    [[nodiscard]] static std::optional<Fork> fork_named(std::string_view text);
    void apply_difficulty(std::string_view fork, std::uint64_t number);

    Fork first_, second_;
    Unit unit_ = Unit::never;
    uint256 start_;  ///< of the second fork.
};

}  // namespace mezz::conformance
