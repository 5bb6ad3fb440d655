// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A node of the rollup: the objects the app makes, over a disk that outlives them.
///
/// A crash destroys the objects; `start` makes them again from what was committed. Owned by the
/// simulation's one thread.

#include "app/rollup_file.hpp"
#include "app/rollup_view.hpp"
#include "node/derive/parent_watcher.hpp"
#include "node/publish/batcher/batcher.hpp"
#include "node/sequence/single/sequencer.hpp"
#include "sim/late_helper.hpp"
#include "sim/parent_node.hpp"

namespace mezz::sim {

enum class Role : std::uint8_t { sequencer, verifier };

/// Shows a verifier one inbox entry altered, consistently: what no check of a hash can find.
class TamperedView final : public node::ParentView {
public:
    TamperedView(node::ParentView& real, std::uint64_t index) : real_(real), index_(index) {}
    std::optional<node::OriginUpdate> origin_after(std::uint64_t n) override {
        return real_.origin_after(n);
    }
    std::optional<bool> is_canonical(std::uint64_t n, const Bytes32& h) override {
        return real_.is_canonical(n, h);
    }
    std::optional<node::InboxEntry> entry(std::uint64_t index) override;
    std::optional<std::vector<derive::QueueItem>> queue(std::uint64_t a, std::uint64_t b) override {
        return real_.queue(a, b);
    }
    void derived_to(std::uint64_t index) override { real_.derived_to(index); }
    std::uint64_t finalized_number() override { return real_.finalized_number(); }
    std::uint64_t latest_number() override { return real_.latest_number(); }

private:
    node::ParentView& real_;
    std::uint64_t index_;
};

struct NodeOptions {
    Role role = Role::verifier;
    bool blobs = false;
    /// Index of the inbox entry to show altered; none in honest runs.
    std::optional<std::uint64_t> altered_entry = std::nullopt;
    /// Reads are seen to wait, so that the node reads ahead.
    bool slow_disk = true;
};

class RollupNode {
public:
    /// Keeps the references.
    RollupNode(const app::RollupFile& file, ParentNode& parent, Connection& connection,
               SimClock& clock, NodeOptions options);
    ~RollupNode() { crash(); }

    node::Result<void> start();
    void crash();
    void crash_batcher();
    node::Result<void> start_batcher();
    [[nodiscard]] bool running() const { return driver_ != nullptr; }
    [[nodiscard]] bool batching() const { return batcher_ != nullptr; }

    node::Result<bool> watch() { return watcher_->step(); }
    node::Result<bool> derive() { return driver_->step(); }
    node::Result<std::uint64_t> sequence();
    void publish() { batcher_->step(now_ms()); }

    /// This machine's clock, which may be wrong.
    [[nodiscard]] std::uint64_t now_ms() const;
    void set_clock_error(std::int64_t ms) { clock_error_ms_ = ms; }

    [[nodiscard]] const char* name() const {
        return options_.role == Role::sequencer ? "sequencer" : "verifier";
    }
    host::MemoryStore& disk() { return disk_; }
    /// How often it began to read ahead.
    [[nodiscard]] std::uint64_t readings() const noexcept { return reader_.started(); }
    node::Chain& chain() { return *chain_; }
    node::Pool& pool() { return *pool_; }
    node::DerivationDriver& driver() { return *driver_; }
    node::ParentWatcher& watcher() { return *watcher_; }
    [[nodiscard]] node::BatcherStatus batcher_status() const { return batcher_->status(); }

private:
    const app::RollupFile& file_;
    ParentNode& parent_;
    SimClock& clock_;
    NodeOptions options_;
    ChainSpec spec_;
    std::int64_t clock_error_ms_ = 0;
    host::MemoryStore disk_;
    SimParent client_;

    LateHelper helper_, writer_;
    CountingHelper reader_;
    std::unique_ptr<node::Chain> chain_;
    std::unique_ptr<node::Pool> pool_;
    std::unique_ptr<node::ParentWatcher> watcher_;
    std::unique_ptr<TamperedView> tampered_;
    std::unique_ptr<node::DerivationDriver> driver_;
    std::unique_ptr<app::RollupView> view_;
    std::unique_ptr<node::Sequencer> sequencer_;
    std::unique_ptr<node::TxManager> txs_;
    std::unique_ptr<node::DataLayer> layer_;
    std::unique_ptr<node::Batcher> batcher_;
};

}  // namespace mezz::sim
