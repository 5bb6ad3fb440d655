// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/rollup_service.hpp"

#include <algorithm>

#include "app/dev_accounts.hpp"
#include "app/logging.hpp"
#include "app/operation.hpp"
#include "app/rpc_params.hpp"
#include "core/codec/hex.hpp"
#include "core/exec/block_executor.hpp"
#include "node/host/crypto/secp256k1_native.hpp"
#include "node/host/kv/lmdb_store.hpp"
#include "node/host/kv/memory_store.hpp"
#include "node/host/signing/abi.hpp"
#include "node/sequence/single/next_block.hpp"

namespace mezz::app {
namespace {

using node::Head;

/// What publishing a transaction costs, from the L1Block values of the head.
class DataFee {
public:
    explicit DataFee(node::Chain& chain) : chain_(chain) {}

    uint256 operator()(ByteView raw) {
        const std::scoped_lock lock(mutex_);
        const auto head = chain_.head(Head::unsafe);
        if (head.hash != head_) {
            auto state = chain_.state(head.number);
            if (!state) return {};
            const auto slot = [&](std::uint64_t n) {
                return (*state)->storage(predeploy::L1_BLOCK, to_bytes32(uint256{n}));
            };
            base_fee_ = slot(1);
            blob_base_fee_ = slot(7);
            scalars_ = slot(3);
            head_ = head.hash;
        }
        return exec::l1_data_fee(raw, base_fee_, blob_base_fee_, scalars_);
    }

private:
    node::Chain& chain_;
    std::mutex mutex_;
    Bytes32 head_;
    uint256 base_fee_, blob_base_fee_, scalars_;
};

node::Result<std::unique_ptr<node::RpcParent>> make_parent(const RollupServiceOptions& o) {
    node::RpcParentOptions options;
    options.rpc_url = o.parent_url;
    options.blobs_url = o.blobs_url;
    return node::RpcParent::make(std::move(options));
}

}  // namespace

RollupService::RollupService(RollupFile file, RollupServiceOptions options)
    : file_(std::move(file)),
      options_(std::move(options)),
      clock_(options_.clock ? options_.clock : std::make_shared<DevClock>()),
      spec_(file_.spec.chain_spec()) {}

RollupService::~RollupService() {
    stop();
}

void RollupService::stop() {
    if (server_ && !stopped_.exchange(true)) log::info("node", "stopping");
    if (ipc_) ipc_->stop();
    for (auto* server : {&server_, &admin_server_})
        if (*server) (*server)->stop();
    // All at once, and none begins another call to a parent that does not answer.
    const auto workers = {&dispute_worker_, &batch_worker_, &claim_worker_, &chain_worker_,
                          &watch_worker_};
    for (auto* worker : workers)
        if (*worker) (*worker)->request_stop();
    for (auto* parent : {&watch_parent_, &batch_parent_, &claim_parent_, &dispute_parent_})
        if (*parent) (*parent)->close();
    for (auto* worker : workers)
        if (*worker) (*worker)->stop();
    sequencer_.reset();
}

node::Result<std::unique_ptr<RollupService>> RollupService::start(RollupFile file,
                                                                  RollupServiceOptions options) {
    std::unique_ptr<RollupService> service(new RollupService(std::move(file), std::move(options)));
    if (auto opened = service->open(); !opened) return std::unexpected(opened.error());
    log::info("node", "started",
              {{"chain_id", service->file_.spec.chain_id},
               {"port", service->port()},
               {"block", service->chain_->head(Head::unsafe).number}});
    return service;
}

node::Result<void> RollupService::open() {
    if (options_.directory) {
        auto store = host::open_lmdb(*options_.directory / "chain",
                                     {.max_mapped_bytes = options_.cache_bytes});
        if (!store) return std::unexpected(store.error());
        store_ = std::move(*store);
    } else {
        store_ = std::make_unique<host::MemoryStore>();
    }
    node::ChainOptions chain_options = file_.chain_options();
    chain_options.index_appearances = options_.index_appearances;
    chain_options.keep_blocks = options_.keep_blocks;
    chain_options.keep_states = options_.keep_states;
    limit_cache(chain_options, options_.cache_bytes);
    chain_options.helper = &helper_;
    chain_options.writer = &writer_;
    for (auto& reader : readers_) chain_options.readers.push_back(&reader);
    auto chain = node::Chain::open(*store_, std::move(chain_options));
    if (!chain && options_.directory)
        chain.error().message.insert(0, "--state " + options_.directory->string() + ": ");
    if (!chain) return std::unexpected(chain.error());
    chain_ = std::move(*chain);
    if (auto same = check_identity(); !same) return same;

    for (auto* parent : {&watch_parent_, &batch_parent_, &claim_parent_}) {
        auto made = make_parent(options_);
        if (!made) return std::unexpected(made.error());
        *parent = std::move(*made);
    }
    const auto parent_id = watch_parent_->chain_id();
    if (!parent_id) return std::unexpected(parent_id.error());
    if (*parent_id != file_.parent_chain_id)
        return node::fatal("--parent " + options_.parent_url + " is chain " +
                           std::to_string(*parent_id) + ", the rollup's parent is chain " +
                           std::to_string(file_.parent_chain_id));
    const auto code = watch_parent_->code(file_.contracts.inbox);
    if (!code) return std::unexpected(code.error());
    if (code->empty())
        return node::fatal("--parent " + options_.parent_url + " has no inbox at " +
                           hex_text(file_.contracts.inbox) +
                           "; it is another chain or was started anew: remove the state directory");

    const auto config = watch_parent_->call(file_.contracts.system_config,
                                            node::abi::Call("configHash()").finish());
    if (!config) return std::unexpected(config.error());
    if (to_bytes(derive::config_hash(file_.spec)) != *config)
        return node::fatal(
            "rollup.json is not that of the contracts on --parent " + options_.parent_url +
            ": SystemConfig " + hex_text(file_.contracts.system_config) +
            " has another configuration hash; take the file that was made with these contracts");

    node::WatcherOptions watch;
    watch.origin_depth = options_.origin_depth;
    watcher_ = std::make_unique<node::ParentWatcher>(*watch_parent_, file_.contracts,
                                                     options_.parent_spec, watch);
    make_pool();
    const bool sequences = options_.role == Role::sequencer;
    driver_ = std::make_unique<node::DerivationDriver>(file_.spec, *chain_, *watcher_,
                                                       sequences ? pool_.get() : nullptr);
    // This thread works on senders too when it has to wait for them.
    senders_ = std::make_unique<SenderPool>(std::max(2u, std::thread::hardware_concurrency()) - 1);
    driver_->set_recovery(*senders_);
    if (auto opened = driver_->open(); !opened) return opened;
    view_ = std::make_unique<RollupView>(*chain_, *driver_);
    if (sequences) {
        node::SequencerOptions sequencer;
        sequencer.block_time_ms = file_.block_time_ms;
        if (DevFaults* faults = options_.faults)
            sequencer.censors_deposits = [faults] { return faults->skipped_deposits.load(); };
        sequencer_ =
            std::make_unique<node::Sequencer>(file_.spec, *chain_, *pool_, *watcher_, sequencer);
        driver_->on_rollback([this] { sequencer_->abandon(); });
        if (auto made = make_batcher(); !made) return made;
    }
    if (options_.proposer_key)
        if (auto made = make_proposer(); !made) return made;
    if (options_.witnesses)
        witnesses_ = std::make_unique<WitnessSource>(file_.spec, *store_, *driver_, *watcher_);
    if (options_.challenger_key)
        if (auto made = make_challenger(); !made) return made;
    make_workers();
    return serve();
}

node::Result<void> RollupService::make_challenger() {
    auto signer = node::Signer::make(*options_.challenger_key);
    if (!signer) return std::unexpected(signer.error());
    auto parent = make_parent(options_);
    if (!parent) return std::unexpected(parent.error());
    dispute_parent_ = std::move(*parent);
    dispute_txs_ = std::make_unique<node::TxManager>(
        *dispute_parent_, *signer, *clock_, node::TxManagerOptions{},
        [](std::uint64_t ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); });
    const auto& c = file_.contracts;
    node::ChallengerOptions o;
    o.factory = c.dispute_game_factory;
    o.deployed_at = c.deployed_at;
    o.terms.disputes = c.block_disputes;
    o.terms.oracle = c.preimage_oracle;
    const auto read = [&](std::string_view getter) -> node::Result<uint256> {
        const auto answer =
            dispute_parent_->call(c.block_disputes, node::abi::Call(getter).finish());
        if (!answer) return std::unexpected(answer.error());
        return node::abi::word_at(*answer, 0).value_or(uint256{});
    };
    const auto opening = read("openingStakeWei()"), one = read("levelOneStakeWei()"),
               two = read("levelTwoStakeWei()"), clock = read("maxClockDurationSeconds()"),
               program = read("programId()");
    for (const auto* value : {&opening, &one, &two, &clock, &program})
        if (!*value) return std::unexpected(value->error());
    o.terms.opening_stake = *opening;
    o.terms.level_one_stake = *one;
    o.terms.level_two_stake = *two;
    o.terms.clock_seconds = clock->limb[0];
    if (to_bytes32(*program) != options_.program->id())
        return node::fatal("--guest is program " + hex_text(options_.program->id()) +
                           ", the chain's disputes are judged by program " +
                           hex_text(to_bytes32(*program)) + "; take the program it was made with");
    traces_ = std::make_unique<TraceMaker>(*witnesses_, options_.program);
    node::Parent* seen = dispute_parent_.get();
    if (options_.faults != nullptr) {
        withholding_parent_ =
            std::make_unique<WithholdingParent>(*dispute_parent_, options_.faults->withheld_blobs);
        seen = withholding_parent_.get();
    }
    challenger_ =
        std::make_unique<node::Challenger>(*view_, *traces_, *seen, *dispute_txs_, std::move(o));
    return {};
}

node::Result<void> RollupService::check_identity() {
    const Bytes identity = identity_of(file_);
    const auto kept = chain_->meta("rollup_identity");
    if (!kept) return std::unexpected(kept.error());
    if (!*kept) return chain_->put_meta("rollup_identity", identity);
    if (**kept == identity) return {};
    return node::fatal(
        "--state " + (options_.directory ? options_.directory->string() : "") +
        ": state directory holds another chain: its rules or contracts are not those "
        "of rollup.json; choose another --state or remove the directory");
}

void RollupService::make_pool() {
    node::PoolChain pool;
    pool.spec = &spec_;
    pool.account = [this](const Address& a) { return chain_->head_account(a); };
    pool.next_block = [this] {
        BlockContext c;
        const auto head = chain_->head(Head::unsafe);
        c.number = head.number + 1;
        c.timestamp = clock_->now_ms() / 1000;
        c.gas_limit = file_.spec.gas_limit;
        return c;
    };
    pool.l1_data_fee = [fee = std::make_shared<DataFee>(*chain_)](ByteView raw) {
        return (*fee)(raw);
    };
    pool_ = std::make_unique<node::Pool>(std::move(pool));
    gated_pool_ = std::make_unique<GatedPool>(*pool_, [this] {
        const std::scoped_lock lock(mutex_);
        return troubles_["sequencer"];
    });
}

namespace {

void sleep_ms(std::uint64_t ms) {
    std::this_thread::sleep_for(std::chrono::milliseconds(ms));
}

}  // namespace

node::Result<void> RollupService::make_batcher() {
    auto signer = node::Signer::make(options_.batcher_key);
    if (!signer) return std::unexpected(signer.error());
    batch_txs_ = std::make_unique<node::TxManager>(*batch_parent_, *signer, *clock_,
                                                   node::TxManagerOptions{}, sleep_ms);
    const Address& inbox = file_.contracts.inbox;
    switch (options_.da) {
        case DataSource::blobs:
            layer_ = std::make_unique<node::BlobLayer>(inbox);
            break;
        case DataSource::calldata:
            layer_ = std::make_unique<node::CalldataLayer>(inbox);
            break;
        case DataSource::cheaper:
            layer_ = std::make_unique<node::CheaperLayer>(node::CalldataLayer(inbox),
                                                          node::BlobLayer(inbox));
            break;
    }
    node::BatcherOptions batcher;
    batcher.chain_id = file_.spec.chain_id;
    batcher.inbox = inbox;
    batcher.max_age_ms = options_.batch_age_ms;
    batcher.max_idle_age_ms = 5 * options_.batch_age_ms;
    if (DevFaults* faults = options_.faults)
        batcher.leaves_overdue = [faults] { return faults->censored_deposits.load(); };
    batcher_ =
        std::make_unique<node::Batcher>(*view_, *batch_parent_, *batch_txs_, *layer_, batcher);
    return {};
}

node::Result<void> RollupService::make_proposer() {
    auto signer = node::Signer::make(*options_.proposer_key);
    if (!signer) return std::unexpected(signer.error());
    claim_txs_ = std::make_unique<node::TxManager>(*claim_parent_, *signer, *clock_,
                                                   node::TxManagerOptions{}, sleep_ms);
    node::ProposerOptions proposer;
    proposer.contracts = file_.contracts;
    proposer.interval_ms = options_.propose_interval_ms;
    proposer.propose_unfinalized = true;
    if (file_.contracts.has_fraud_proofs()) proposer.claims = view_.get();
    proposer_ = std::make_unique<node::Proposer>(*view_, *claim_parent_, *claim_txs_, proposer);
    return {};
}

void RollupService::make_workers() {
    watch_worker_ = std::make_unique<Worker>([this]() -> std::uint64_t {
        look_around(clock_->now_ms());
        const auto news = watcher_->step();
        note("parent", news ? std::nullopt : std::optional(news.error()));
        if (!news) return 1000;
        if (*news) {
            parent_news_ = true;
            chain_worker_->wake();
        }
        return options_.poll_ms;
    });
    chain_worker_ = std::make_unique<Worker>([this] { return chain_step(); });
    watcher_->on_entry([this] {
        parent_news_ = true;
        chain_worker_->wake();
    });
    pool_->on_pending([this](const Bytes32&) { chain_worker_->wake(); });
    if (challenger_)
        dispute_worker_ = std::make_unique<Worker>([this]() -> std::uint64_t {
            challenger_->step(clock_->now_ms());
            look_at_actor("dispute", "challenger", *dispute_parent_, *dispute_txs_,
                          dispute_balance_ms_);
            note_alerts(challenger_->status().alerts);
            const std::scoped_lock lock(mutex_);
            challenger_status_ = challenger_->status();
            return std::max<std::uint64_t>(options_.poll_ms, 500);
        });
    if (batcher_)
        // A blob's proofs take hundreds of milliseconds of a processor.
        batch_worker_ = std::make_unique<Worker>(
            [this]() -> std::uint64_t {
                batcher_->step(clock_->now_ms());
                look_at_actor("batch", "batcher", *batch_parent_, *batch_txs_, batch_balance_ms_);
                const std::scoped_lock lock(mutex_);
                if (const auto now = batcher_->status();
                    now.entries_landed != batcher_status_.entries_landed)
                    log::debug("batcher", "batch landed",
                               {{"batch", now.entries_landed},
                                {"blocks", now.blocks_landed},
                                {"bytes", now.published_bytes}});
                batcher_status_ = batcher_->status();
                return options_.poll_ms;
            },
            polite_niceness);
    if (!proposer_) return;
    claim_worker_ = std::make_unique<Worker>([this]() -> std::uint64_t {
        proposer_->step(clock_->now_ms());
        step_withdrawals();
        look_at_actor("claim", "proposer", *claim_parent_, *claim_txs_, claim_balance_ms_);
        const std::scoped_lock lock(mutex_);
        proposer_status_ = proposer_->status();
        stats_.reached("claimed", proposer_status_.last_proposed_block, clock_->now_ms());
        return std::max<std::uint64_t>(options_.poll_ms, 500);
    });
}

std::uint64_t RollupService::chain_step() {
    const auto begun = std::chrono::steady_clock::now();
    chain_stepped_ms_ = clock_->now_ms();
    const std::uint64_t sleep_ms = step_chain();
    const std::uint64_t now = clock_->now_ms();
    busy_s_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    const auto& totals = chain_->totals();
    if (totals.blocks != sealed_blocks_) {
        sealed_blocks_ = totals.blocks;
        log::debug(sequencer_ ? "sequencer" : "derivation", "block made",
                   {{"block", chain_->head(Head::unsafe).number},
                    {"duration_ms", 1000 * busy_s_},
                    {"txs", totals.txns_succeeded + totals.txns_failed}});
        stats_.sealed(totals, chain_->head(Head::unsafe).number, std::exchange(busy_s_, 0), now);
    }
    stats_.reached("safe", chain_->head(Head::safe).number, now);
    stats_.reached("finalized", chain_->head(Head::finalized).number, now);
    chain_stepped_ms_ = now;
    return sleep_ms;
}

std::uint64_t RollupService::step_chain() {
    const std::uint64_t now = clock_->now_ms();
    std::uint64_t sleep_ms = options_.poll_ms;
    // Every transaction wakes this thread; derivation has news only with the parent's.
    if (parent_news_.exchange(false) || now >= derive_due_ms_) {
        const auto derived = driver_->step();
        note("derivation", derived ? std::nullopt : std::optional(derived.error()));
        const bool more = derived && *derived;
        derive_due_ms_ = more ? now : now + options_.poll_ms;
        if (more) sleep_ms = 0;
        look_at_progress();
        auto pruned = chain_->prune();
        if (pruned && !*pruned) pruned = chain_->prune_states();
        note("database", pruned ? std::nullopt : std::optional(pruned.error()));
        if (pruned && *pruned) {
            sleep_ms = std::min<std::uint64_t>(sleep_ms, 20);
            derive_due_ms_ = now + sleep_ms;
        }
    }
    if (sequencer_) {
        const auto next = sequencer_->step(now);
        note("sequencer", next ? std::nullopt : std::optional(next.error()));
        if (!next) return 200;
        sleep_ms = std::min(sleep_ms, *next > now ? *next - now : 0);
    }
    return sleep_ms;
}

void RollupService::note_alerts(const std::vector<node::ChallengerAlert>& alerts) {
    std::set<std::pair<std::string, std::uint64_t>> now;
    for (const auto& alert : alerts) {
        now.emplace(alert.name, alert.proposal);
        if (!alerts_logged_.contains({alert.name, alert.proposal}))
            log::warn("challenger", alert.name,
                      {{"proposal", alert.proposal}, {"why", alert.text}});
    }
    alerts_logged_ = std::move(now);
}

void RollupService::note(const char* stage, const std::optional<node::Error>& error) {
    const std::scoped_lock lock(mutex_);
    auto& last = troubles_[stage];
    std::string text = error ? error->message : std::string();
    if (const std::string prefix = std::string(stage) + ": "; text.starts_with(prefix))
        text.erase(0, prefix.size());
    if (text == last) return;
    last = text;
    if (text.empty()) {
        log::info(stage, "recovered");
        return;
    }
    if (error->handling == node::Handling::fatal) {
        log::error(stage, text, {{"handling", "fatal"}});
        fatal_ = std::string(stage) + ": " + text;
    } else {
        log::warn(stage, text);
    }
}

std::optional<std::string> RollupService::fatal() {
    const std::scoped_lock lock(mutex_);
    return fatal_;
}

node::Result<void> RollupService::serve() {
    rpc::RpcOptions rpc;
    if (!options_.accounts.empty()) {
        for (const auto& account : options_.accounts) rpc.dev_accounts.push_back(account.address);
        rpc.dev_sign = signing_for(options_.accounts);
    }
    rpc.next_block = [this](std::uint64_t number) -> node::Result<BlockContext> {
        if (sequencer_) return sequencer_->next_block(number, clock_->now_ms());
        const auto parent = chain_->record(number);
        if (!parent) return std::unexpected(parent.error());
        if (!*parent) return node::retry("header not found: block " + std::to_string(number));
        return node::next_block_context(file_.spec, **parent, clock_->now_ms());
    };
    rpc.takes_blobs = false;
    rpc.syncing = [this] { return sync_.json(); };
    limit(rpc, options_.listener);
    rpc.block_cache_bytes = options_.cache_bytes / 4;
    rpc_ = std::make_unique<rpc::RpcServer>(*chain_, *gated_pool_, std::move(rpc));
    rpc_->stats().on_call([](std::string_view method, int code, double seconds) {
        if (log::enabled(log::Level::debug, "rpc"))
            log::debug("rpc", "answered",
                       {{"method", method}, {"err_code", code}, {"duration_ms", 1000 * seconds}});
    });
    rpc_->add("mezz_status", {"-> RollupStatus", "The four heads, and what every actor does."},
              [this](std::string_view) -> rpc::RawResult { return status_json(); });
    if (claim_txs_) add_withdrawal_methods();
    methods_ = std::make_unique<RollupMethods>(
        file_, *chain_, *driver_, *watcher_, *watch_parent_, *pool_,
        [this]() -> std::optional<ClaimHeads> {
            if (!proposer_) return std::nullopt;
            const std::scoped_lock lock(mutex_);
            return ClaimHeads{proposer_status_.last_proposed_block, proposer_status_.anchor_block};
        });
    methods_->add_to(*rpc_);
    settlement_methods_ =
        std::make_unique<SettlementMethods>(file_, *chain_, *watcher_, *watch_parent_);
    settlement_methods_->add_to(*rpc_);
    if (witnesses_) add_witness_methods(*rpc_, *witnesses_);
    if (options_.faults != nullptr) add_fault_methods(*rpc_, *options_.faults);
    if (options_.role == Role::verifier) {
        const auto refuse = [](std::string_view) -> rpc::RawResult {
            return std::unexpected(rpc::RpcError{-32000,
                                                 "this node is a verifier and orders nothing: "
                                                 "send transactions to the sequencer",
                                                 {}});
        };
        rpc_->add("eth_sendRawTransaction",
                  {"transaction: Bytes -> Hash", "Refused: a verifier orders nothing."}, refuse);
        rpc_->add("eth_sendRawTransactionSync",
                  {"transaction: Bytes, timeoutMs?: Quantity | integer -> Receipt",
                   "Refused: a verifier orders nothing."},
                  refuse);
    }
    if (options_.dev_methods && sequencer_)
        add_rollup_dev_methods(*rpc_, *sequencer_, *chain_, *pool_,
                               {.parent_url = options_.parent_url,
                                .clock = options_.clock.get(),
                                .wake = [this] { chain_worker_->wake(); },
                                .trouble =
                                    [this] {
                                        const std::scoped_lock lock(mutex_);
                                        return troubles_["sequencer"];
                                    }});
    if (auto listening = listen(); !listening) return listening;
    if (options_.ipc) {
        host::ipc::ServerOptions ipc;
        ipc.path = *options_.ipc;
        auto listening = host::ipc::Server::start(std::move(ipc), rpc::ipc_sessions(*rpc_));
        if (!listening) return std::unexpected(listening.error());
        ipc_ = std::move(*listening);
    }
    for (auto* worker :
         {&watch_worker_, &chain_worker_, &batch_worker_, &claim_worker_, &dispute_worker_})
        if (*worker) (*worker)->start();
    return {};
}

node::Result<void> RollupService::listen() {
    auto rules = access_rules(options_.listener);
    if (!rules) return std::unexpected(rules.error());
    access_ = std::make_unique<rpc::Access>(std::move(rules->main), *clock_);
    rpc::serve(*rpc_, router_, access_.get());
    add_health(router_, [this] { return health(); });
    host::http::ServerOptions server = server_options(options_.listener);
    server.port = options_.port;
    server.port_flag = "--port";
    server.on_stop_timeout = [this] { rpc_->interrupt(); };
    auto started = host::http::Server::start(server, router_);
    if (!started) return std::unexpected(started.error());
    server_ = std::move(*started);
    if (!options_.listener.admin_port) return {};
    admin_access_ = std::make_unique<rpc::Access>(std::move(rules->admin), *clock_);
    rpc::serve(*rpc_, admin_router_, admin_access_.get());
    server.port = *options_.listener.admin_port;
    server.port_flag = "--admin-port";
    server.threads = server.long_threads = 1;
    server.niceness = 0;
    auto admin = host::http::Server::start(server, admin_router_);
    if (!admin) return std::unexpected(admin.error());
    admin_server_ = std::move(*admin);
    return {};
}

}  // namespace mezz::app
