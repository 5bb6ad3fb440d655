// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/node_stats.hpp"

#include <algorithm>

namespace mezz::app {
namespace {

/// Blocks whose way is followed.
constexpr std::size_t max_blocks = 10'000;

const std::vector<double> stage_bounds{0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600};

struct Reason {
    std::string_view begins;
    const char* label;
};
constexpr Reason reasons[] = {{"nonce too low", "nonce_too_low"},
                              {"nonce too high", "nonce_too_high"},
                              {"already known", "already_known"},
                              {"txpool is full", "pool_full"},
                              {"replacement transaction underpriced", "replacement_underpriced"},
                              {"transaction underpriced", "underpriced"},
                              {"insufficient funds", "insufficient_funds"},
                              {"intrinsic gas", "intrinsic_gas"},
                              {"insufficient gas for floor", "intrinsic_gas"},
                              {"exceeds block gas limit", "gas_limit"},
                              {"transaction gas limit too high", "gas_limit"},
                              {"invalid chain id", "chain_id"},
                              {"invalid sender", "signature"},
                              {"oversized data", "size"},
                              {"transaction type not supported", "type"},
                              {"no transactions are taken now", "not_taken_now"}};

}  // namespace

void NodeStats::sealed(const node::SealedTotals& totals, std::uint64_t head, double busy_s,
                       std::uint64_t now_ms) {
    const std::scoped_lock lock(mutex_);
    const auto& before = so_far_.sealed;
    const std::uint64_t blocks = totals.blocks - before.blocks;
    if (blocks == 0) return;
    const std::uint64_t txns =
        totals.txns_succeeded + totals.txns_failed - before.txns_succeeded - before.txns_failed;
    so_far_.build_seconds.observe(busy_s / static_cast<double>(blocks), blocks);
    so_far_.last_block_gas = (totals.gas - before.gas) / blocks;
    so_far_.sealed = totals;
    // A rollback made room for other blocks of the same numbers.
    while (!made_.empty() && made_.back().number >= head) made_.pop_back();
    made_.push_back({head, now_ms, txns});
    if (made_.size() > max_blocks) made_.pop_front();
}

void NodeStats::reached(const std::string& stage, std::uint64_t number, std::uint64_t now_ms) {
    const std::scoped_lock lock(mutex_);
    std::uint64_t& last = reached_[stage];
    if (number <= last) return;
    auto& histogram = so_far_.stage_seconds.try_emplace(stage, stage_bounds).first->second;
    for (const Made& block : made_)
        if (block.number > last && block.number <= number && now_ms >= block.at_ms)
            histogram.observe(static_cast<double>(now_ms - block.at_ms) / 1000, block.txns);
    last = number;
}

void NodeStats::set_txs(const std::string& purpose, const node::TxTotals& totals) {
    const std::scoped_lock lock(mutex_);
    so_far_.txs[purpose] = totals;
}

void NodeStats::set_balance(const std::string& role, const uint256& wei) {
    const std::scoped_lock lock(mutex_);
    so_far_.balances_ether[role] = ether(wei);
}

NodeStats::Snapshot NodeStats::snapshot() const {
    const std::scoped_lock lock(mutex_);
    return so_far_;
}

void RejectionCount::add(std::string_view message) {
    const auto* const known = std::ranges::find_if(
        reasons, [&](const Reason& r) { return message.starts_with(r.begins); });
    const std::scoped_lock lock(mutex_);
    ++counts_[known == std::end(reasons) ? "other" : known->label];
}

std::map<std::string, std::uint64_t> RejectionCount::counts() const {
    const std::scoped_lock lock(mutex_);
    return counts_;
}

double ether(const uint256& wei) {
    double out = 0;
    for (std::size_t i = 4; i-- > 0;) out = out * 0x1p64 + static_cast<double>(wei.limb[i]);
    return out / 1e18;
}

}  // namespace mezz::app
