// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The chains of blockchain tests: one fork, or two with the point where the second begins
/// ("FrontierToHomesteadAt5", "ParisToShanghaiAtTime15k", "ArrowGlacierToParisAtDiffC0000").

#include <map>
#include <string>

#include "core/spec/chain_spec.hpp"
#include "tests/conformance/proof_of_work.hpp"
#include "tests/conformance/vectors.hpp"

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

    /// A chain by the `config` of a geth genesis: block numbers, then timestamps.
    static Network of_genesis(simdjson::dom::element config);

    /// The rules of one block, as if they had always held.
    [[nodiscard]] ChainSpec spec_at(const BlockPosition& at) const;

    DifficultyRules difficulty;
    std::optional<std::uint64_t> dao_block;
    std::uint64_t chain_id = 1;
    std::optional<Address> deposit_contract;  ///< absent = mainnet's. EIP-6110.
    std::vector<std::uint64_t> fork_numbers;  ///< of a genesis; ascending, without 0. EIP-2124.
    std::map<std::string, BlobParams, std::less<>> blobs;  ///< by fork; absent = mainnet's.

private:
    enum class Unit : std::uint8_t { number, timestamp, total_difficulty };
    struct Activation {
        std::string fork;
        Revision revision;
        Unit unit;
        uint256 start;
    };

    /// returns: false for a fork this runner does not know.
    bool activate(std::string_view fork, Unit unit, const uint256& start);
    void apply_difficulty(std::string_view fork, Revision revision, std::uint64_t number);

    std::vector<Activation> forks_;  ///< in the order of the forks; the last active one holds.
};

}  // namespace mezz::conformance
