// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What a node has done so far, counted where it happens, for the metrics.

#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "node/execute/serial/chain.hpp"
#include "node/host/signing/tx_manager.hpp"

namespace mezz::app {

/// Counts by size. The last bucket has no upper end.
struct Histogram {
    explicit Histogram(std::vector<double> bounds_ = {})
        : bounds(std::move(bounds_)), counts(bounds.size() + 1) {}
    void observe(double value, std::uint64_t times = 1) {
        std::size_t i = 0;
        while (i < bounds.size() && value > bounds[i]) ++i;
        counts[i] += times;
        sum += value * static_cast<double>(times);
    }
    std::vector<double> bounds;
    std::vector<std::uint64_t> counts;
    double sum = 0;
};

/// Thread-safe.
class NodeStats {
public:
    struct Snapshot {
        node::SealedTotals sealed;
        std::uint64_t last_block_gas = 0;
        Histogram build_seconds{{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5}};
        /// From a block's being made to its reaching a stage, once for each of its transactions.
        std::map<std::string, Histogram> stage_seconds;
        std::map<std::string, node::TxTotals> txs;     ///< by purpose
        std::map<std::string, double> balances_ether;  ///< by role
    };

    /// Blocks were made: `totals` are the chain's, `busy_s` what making them took.
    /// units: ms since 1970.
    void sealed(const node::SealedTotals& totals, std::uint64_t head, double busy_s,
                std::uint64_t now_ms);
    /// Blocks up to `number` have reached "safe", "finalized" or "claimed".
    void reached(const std::string& stage, std::uint64_t number, std::uint64_t now_ms);
    void set_txs(const std::string& purpose, const node::TxTotals& totals);
    void set_balance(const std::string& role, const uint256& wei);
    [[nodiscard]] Snapshot snapshot() const;

private:
    struct Made {
        std::uint64_t number, at_ms, txns;
    };
    mutable std::mutex mutex_;  ///< guards the rest
    Snapshot so_far_;
    /// Blocks on their way, oldest first; bounded, since a stage may stand still.
    std::deque<Made> made_;
    std::map<std::string, std::uint64_t> reached_;  ///< last block by stage
};

/// Rejections by reason, of a fixed set: clients cannot make it grow. Thread-safe.
class RejectionCount {
public:
    /// `message` begins with the reason, in the words of common clients.
    void add(std::string_view message);
    [[nodiscard]] std::map<std::string, std::uint64_t> counts() const;

private:
    mutable std::mutex mutex_;
    std::map<std::string, std::uint64_t> counts_;
};

[[nodiscard]] double ether(const uint256& wei);

}  // namespace mezz::app
