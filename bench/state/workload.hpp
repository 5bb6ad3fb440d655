// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Transactions over the whole state: random senders, random recipients, known nonces.
///
/// Nothing is signed: chains are given senders, which the pool or the derivation has recovered.

#include <random>
#include <string_view>
#include <unordered_map>

#include "bench/state/world.hpp"
#include "node/ports/chain_writer.hpp"

namespace mezz::bench {

enum class Kind : std::uint8_t { transfers, erc20, swaps, mixed };
std::string_view name(Kind kind);

class Workload {
public:
    /// Keeps a reference to `world` and `chain`; nonces go on from the chain's head.
    Workload(const World& world, node::Chain& chain, std::uint64_t seed);

    /// The next transactions; of ten mixed ones five are transfers, three ERC-20 and two swaps.
    std::vector<node::BodyItem> next(Kind kind, std::size_t count);

private:
    node::BodyItem make(Kind kind);

    const World& world_;
    node::Chain& chain_;
    std::mt19937_64 random_;
    std::unordered_map<std::uint64_t, std::uint64_t> nonces_;
    std::uint64_t made_ = 0;
};

}  // namespace mezz::bench
