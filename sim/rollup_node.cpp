// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "sim/rollup_node.hpp"

#include "app/dev_accounts.hpp"
#include "node/publish/da/data_layers.hpp"

namespace mezz::sim {

std::optional<node::InboxEntry> TamperedView::entry(std::uint64_t index) {
    auto found = real_.entry(index);
    if (!found || index != index_ || !found->data) return found;
    found->data->assign(1, 0xff);
    found->entry.data_hash = derive::chunk_hash(*found->data);
    // The accumulator the altered entry leads to, as far as it can be made to fit.
    if (const auto before = index == 0 ? std::nullopt : real_.entry(index - 1))
        found->acc = derive::accumulate(before->acc, derive::entry_hash(found->entry));
    else if (index == 0)
        found->acc = derive::accumulate({}, derive::entry_hash(found->entry));
    return found;
}

RollupNode::RollupNode(const app::RollupFile& file, ParentNode& parent, Connection& connection,
                       SimClock& clock, NodeOptions options)
    : file_(file),
      parent_(parent),
      clock_(clock),
      options_(options),
      spec_(file.spec.chain_spec()),
      client_(parent, connection) {}

std::uint64_t RollupNode::now_ms() const {
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(clock_.now_ms()) + clock_error_ms_);
}

node::Result<void> RollupNode::start() {
    node::ChainOptions options = file_.chain_options();
    options.helper = &helper_;
    options.writer = &writer_;
    if (options_.slow_disk) disk_.be_slow(100);
    options.readers = {&reader_};
    auto chain = node::Chain::open(disk_, std::move(options));
    if (!chain) return std::unexpected(chain.error());
    chain_ = std::move(*chain);
    node::PoolChain pool;
    pool.spec = &spec_;
    pool.account = [this](const Address& a) { return chain_->head_account(a); };
    pool.next_block = [this] {
        BlockContext c;
        c.number = chain_->head(node::Head::unsafe).number + 1;
        c.timestamp = now_ms() / 1000;
        c.gas_limit = file_.spec.gas_limit;
        return c;
    };
    pool_ = std::make_unique<node::Pool>(std::move(pool));
    // So little that entries are fetched one by one, and again after every step back.
    node::WatcherOptions watcher_options;
    watcher_options.max_ahead_bytes = 1;
    watcher_options.max_kept_bytes = 0;
    watcher_ = std::make_unique<node::ParentWatcher>(client_, file_.contracts, parent_.spec(),
                                                     watcher_options);
    node::ParentView* view = watcher_.get();
    if (options_.altered_entry) {
        tampered_ = std::make_unique<TamperedView>(*watcher_, *options_.altered_entry);
        view = tampered_.get();
    }
    const bool sequences = options_.role == Role::sequencer;
    auto driver = std::make_unique<node::DerivationDriver>(file_.spec, *chain_, *view,
                                                           sequences ? pool_.get() : nullptr);
    if (auto opened = driver->open(); !opened) {
        crash();
        return opened;
    }
    driver_ = std::move(driver);
    view_ = std::make_unique<app::RollupView>(*chain_, *driver_);
    if (!sequences) return {};
    node::SequencerOptions sequencer;
    sequencer.block_time_ms = file_.block_time_ms;
    sequencer_ =
        std::make_unique<node::Sequencer>(file_.spec, *chain_, *pool_, *watcher_, sequencer);
    driver_->on_rollback([this] { sequencer_->abandon(); });
    return start_batcher();
}

node::Result<void> RollupNode::start_batcher() {
    auto signer = node::Signer::make(app::dev_operator("batcher").private_key);
    if (!signer) return std::unexpected(signer.error());
    node::TxManagerOptions txs;
    txs.resubmit_after_ms = 5'000;
    txs_ = std::make_unique<node::TxManager>(client_, *signer, clock_, txs, [](std::uint64_t) {});
    if (options_.blobs)
        layer_ = std::make_unique<node::BlobLayer>(file_.contracts.inbox);
    else
        layer_ = std::make_unique<node::CalldataLayer>(file_.contracts.inbox);
    node::BatcherOptions batcher;
    batcher.chain_id = file_.spec.chain_id;
    batcher.inbox = file_.contracts.inbox;
    batcher.max_age_ms = options_.blobs ? 12'000 : 4'000;
    batcher_ = std::make_unique<node::Batcher>(*view_, client_, *txs_, *layer_, batcher);
    return {};
}

void RollupNode::crash_batcher() {
    batcher_.reset();
    layer_.reset();
    txs_.reset();
}

void RollupNode::crash() {
    crash_batcher();
    sequencer_.reset();
    view_.reset();
    driver_.reset();
    tampered_.reset();
    watcher_.reset();
    pool_.reset();
    writer_.drop();
    chain_.reset();
}

node::Result<std::uint64_t> RollupNode::sequence() {
    if (!sequencer_) return now_ms();
    return sequencer_->step(now_ms());
}

}  // namespace mezz::sim
