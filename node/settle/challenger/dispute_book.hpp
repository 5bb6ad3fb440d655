// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Disputes as the events of the contract tell them: what there is to answer. Clocks are not in the
/// events and are asked for when they matter.

#include <map>
#include <optional>
#include <vector>

#include "node/ports/parent.hpp"

namespace mezz::node {

/// A proposal's claim that waits for the end of a dispute.
struct DisputeLink {
    Address game;
    std::uint64_t index = 0;
    Bytes32 claim;
    bool settled = false;
};

struct DisputeRoot {
    Bytes32 node;
    Bytes32 claim;  ///< of level 1
    Address staker;
};

struct KnownDispute {
    Bytes32 id;
    Bytes32 pre_claim;
    std::uint64_t inbox_count = 0;
    std::vector<DisputeLink> links;
};

/// The edges at one place.
struct KnownPlace {
    std::vector<Bytes32> nodes;  ///< in the order they came; more than one are rivals
    struct Opened {
        Bytes32 node;
        std::vector<Bytes32> children;
    };
    std::vector<Opened> opened;      ///< in the order of their moves
    std::vector<DisputeRoot> roots;  ///< if histories have their roots here
    std::optional<Bytes32> confirmed;
    bool start_proven = false;    ///< of a single step: what it starts from is shown
    std::vector<Bytes32> proven;  ///< nodes that are single steps and right
};

class DisputeBook {
public:
    /// Takes one event of BlockDisputes; others are ignored. Total: a malformed one is too.
    void take(const Log& log);

    [[nodiscard]] const std::map<Bytes32, KnownDispute>& disputes() const noexcept {
        return disputes_;
    }
    /// Empty when nothing is there.
    [[nodiscard]] const KnownPlace& place(const Bytes32& place) const;
    [[nodiscard]] bool has_edge(const Bytes32& place, const Bytes32& node) const;
    [[nodiscard]] bool has_rival(const Bytes32& place) const;
    /// Places where an account has staked a history.
    [[nodiscard]] std::vector<Bytes32> staked_by(const Address& account) const;

private:
    std::map<Bytes32, KnownDispute> disputes_;
    std::map<Bytes32, KnownPlace> places_;
};

}  // namespace mezz::node
