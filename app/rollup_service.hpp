// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A rollup node as a running service. The role decides which stages it has:
/// sequencer = pool, sequencer, derivation, batcher, proposer; verifier = derivation alone, to
/// which a proposer and a challenger can be added.

#include <atomic>
#include <filesystem>
#include <optional>

#include "app/dev_faults.hpp"
#include "app/dev_methods.hpp"
#include "app/dev_wallet.hpp"
#include "app/gated_pool.hpp"
#include "app/health.hpp"
#include "app/listener.hpp"
#include "app/measurements.hpp"
#include "app/rollup_file.hpp"
#include "app/rollup_methods.hpp"
#include "app/rollup_view.hpp"
#include "app/sender_pool.hpp"
#include "app/settlement_methods.hpp"
#include "app/sync_progress.hpp"
#include "app/trace_maker.hpp"
#include "app/witness_source.hpp"
#include "app/worker.hpp"
#include "node/derive/driver.hpp"
#include "node/derive/parent_watcher.hpp"
#include "node/execute/serial/chain.hpp"
#include "node/host/client/rpc_parent.hpp"
#include "node/host/http/server.hpp"
#include "node/host/ipc/server.hpp"
#include "node/host/signing/tx_manager.hpp"
#include "node/host/threads/helper_thread.hpp"
#include "node/ingest/pool/pool.hpp"
#include "node/ingest/rpc/rpc_handler.hpp"
#include "node/publish/batcher/batcher.hpp"
#include "node/publish/da/data_layers.hpp"
#include "node/sequence/single/sequencer.hpp"
#include "node/settle/challenger/challenger.hpp"
#include "node/settle/proposer/proposer.hpp"
#include "node/settle/withdrawer/withdrawer.hpp"

namespace mezz::app {

enum class Role : std::uint8_t { sequencer, verifier };
enum class DataSource : std::uint8_t { blobs, calldata, cheaper };

/// As --da has it.
[[nodiscard]] const char* name_of(DataSource source);

struct RollupServiceOptions {
    Role role = Role::sequencer;
    DataSource da = DataSource::blobs;
    std::uint16_t port = 9545;
    ListenerOptions listener;
    std::string parent_url;
    std::string blobs_url;
    /// Where the database is; none: in memory.
    std::optional<std::filesystem::path> directory;
    std::uint64_t poll_ms = 250;
    /// With less free on the disk there is a warning.
    std::uint64_t min_free_bytes = std::uint64_t{1} << 30;
    /// Of final blocks, how many keep transactions and receipts; 0: all.
    std::uint64_t keep_blocks = 0;
    /// Of final blocks, how many keep their state; 0: all.
    std::uint64_t keep_states = 0;
    /// For state and blocks in memory.
    std::size_t cache_bytes = std::size_t{256} << 20;
    std::uint64_t origin_depth = 1;
    std::uint64_t batch_age_ms = 4000;
    std::uint64_t propose_interval_ms = 12'000;
    /// Of a development network: what it does wrong on purpose. requires: outlives the service.
    DevFaults* faults = nullptr;
    /// Answer mezz_witness. A witness costs as much as executing its blocks again.
    bool witnesses = false;
    /// Keep the index of appearances, for explorers.
    bool index_appearances = false;
    /// Keys of the actors; a verifier needs none.
    Bytes32 batcher_key;
    /// Set: claims what is derived. requires: a sequencer has it.
    std::optional<Bytes32> proposer_key;
    /// Set: disputes wrong proposals with this key. requires: contracts of fraud proofs, `program`
    /// and `witnesses`.
    std::optional<Bytes32> challenger_key;
    std::shared_ptr<const node::prove::Program> program;
    /// Sign for these (development).
    std::vector<DevAccount> accounts;
    /// Answer anvil_, evm_ and hardhat_ (development). requires: role sequencer.
    bool dev_methods = false;
    /// Whose time blocks have, shared with a parent of this process; nullptr: the time of day.
    std::shared_ptr<DevClock> clock;
    /// Listen on this Unix socket too.
    std::optional<std::filesystem::path> ipc;
    ChainSpec parent_spec;
};

struct RollupStatus {
    node::BlockRef unsafe, safe, finalized;
    std::uint64_t proposed = 0;
    node::DriverStatus driver;
    node::BatcherStatus batcher;
    node::ProposerStatus proposer;
    node::ChallengerStatus challenger;
    std::uint64_t parent_latest = 0;
    std::size_t pool_pending = 0, pool_queued = 0;
    std::optional<SyncRange> sync;  ///< none: it follows its parent
    std::string error;              ///< latest trouble; empty when all is well
};

class RollupService {
public:
    static node::Result<std::unique_ptr<RollupService>> start(RollupFile file,
                                                              RollupServiceOptions options);
    ~RollupService();

    [[nodiscard]] std::uint16_t port() const { return server_->port(); }
    /// Of the listener for administrators; none: there is none.
    [[nodiscard]] std::optional<std::uint16_t> admin_port() const {
        return admin_server_ ? std::optional(admin_server_->port()) : std::nullopt;
    }
    [[nodiscard]] RollupStatus status();
    node::Chain& chain() { return *chain_; }
    node::TxnPool& pool() { return *pool_; }
    rpc::RpcServer& rpc() { return *rpc_; }
    /// Who may call what where no administrator is expected.
    [[nodiscard]] const rpc::Access& access() const { return *access_; }
    [[nodiscard]] const RollupFile& file() const { return file_; }
    [[nodiscard]] bool has_proposer() const { return proposer_ != nullptr; }
    void stop();
    /// Set once a stage met something that needs a person.
    [[nodiscard]] std::optional<std::string> fatal();
    [[nodiscard]] Measurements measurements();
    [[nodiscard]] Health health();

private:
    RollupService(RollupFile file, RollupServiceOptions options);
    node::Result<void> open();
    node::Result<void> check_identity();
    void make_pool();
    node::Result<void> make_batcher();
    node::Result<void> make_proposer();
    node::Result<void> make_challenger();
    void make_workers();
    node::Result<void> serve();
    node::Result<void> listen();
    std::uint64_t chain_step();
    std::uint64_t step_chain();
    /// Keeps the latest trouble of a stage; logs it when it is new.
    void note(const char* stage, const std::optional<node::Error>& error);
    /// Notes how far derivation is. For the chain's thread.
    void look_at_progress();
    /// Looks at clock and disk, now and then. For the thread that watches the parent.
    void look_around(std::uint64_t now_ms);
    /// For the actor's thread; `asked_ms` is when its balance was asked for last.
    void look_at_actor(const char* purpose, const char* role, node::Parent& parent,
                       const node::TxManager& txs, std::uint64_t& asked_ms);
    /// Logs those that were not there before.
    void note_alerts(const std::vector<node::ChallengerAlert>& alerts);
    std::string status_json();
    void add_withdrawal_methods();
    void step_withdrawals();

    RollupFile file_;
    RollupServiceOptions options_;
    std::shared_ptr<DevClock> clock_;  ///< never moved where the options name none
    ChainSpec spec_;
    std::unique_ptr<node::KvStore> store_;
    host::HelperThread helper_, writer_;  ///< outlive the chain
    host::HelperThread readers_[8];       ///< the same
    std::unique_ptr<node::Chain> chain_;
    std::unique_ptr<node::RpcParent> watch_parent_, batch_parent_, claim_parent_, dispute_parent_;
    std::unique_ptr<WithholdingParent> withholding_parent_;  ///< of the challenger, with faults
    std::unique_ptr<node::ParentWatcher> watcher_;
    std::unique_ptr<node::Pool> pool_;
    std::unique_ptr<SenderPool> senders_;    ///< outlives the driver
    std::unique_ptr<GatedPool> gated_pool_;  ///< what the RPC submits to
    std::unique_ptr<node::DerivationDriver> driver_;
    std::unique_ptr<node::Sequencer> sequencer_;
    std::unique_ptr<RollupView> view_;
    std::unique_ptr<node::DataLayer> layer_;
    std::unique_ptr<node::TxManager> batch_txs_, claim_txs_, dispute_txs_;
    std::unique_ptr<node::Batcher> batcher_;
    std::unique_ptr<node::Proposer> proposer_;
    std::unique_ptr<WitnessSource> witnesses_;
    std::unique_ptr<TraceMaker> traces_;
    std::unique_ptr<node::Challenger> challenger_;
    std::unique_ptr<RollupMethods> methods_;
    std::unique_ptr<SettlementMethods> settlement_methods_;
    std::unique_ptr<rpc::RpcServer> rpc_;
    host::http::Router router_;
    std::unique_ptr<rpc::Access> access_, admin_access_;
    std::unique_ptr<host::http::Server> server_, admin_server_;
    host::http::Router admin_router_;
    std::unique_ptr<host::ipc::Server> ipc_;
    std::unique_ptr<Worker> watch_worker_, chain_worker_, batch_worker_, claim_worker_,
        dispute_worker_;

    std::atomic<bool> parent_news_ = false;
    std::atomic<bool> stopped_ = false;
    std::uint64_t derive_due_ms_ = 0;  ///< chain thread only
    double busy_s_ = 0;                ///< of the block under way; chain thread only
    std::uint64_t sealed_blocks_ = 0;  ///< that were counted; chain thread only
    std::atomic<std::uint64_t> chain_stepped_ms_ = 0;
    std::uint64_t looked_around_ms_ = 0;  ///< parent thread only
    std::uint64_t batch_balance_ms_ = 0, claim_balance_ms_ = 0, dispute_balance_ms_ = 0;
    NodeStats stats_;
    SyncProgress sync_;
    FindingLog findings_;

    std::mutex mutex_;
    std::map<std::string, std::string> troubles_;
    std::optional<std::string> fatal_;
    node::BatcherStatus batcher_status_;
    node::ProposerStatus proposer_status_;
    node::ChallengerStatus challenger_status_;
    std::set<std::pair<std::string, std::uint64_t>> alerts_logged_;  ///< dispute thread only
    std::vector<Bytes32> wanted_withdrawals_;  ///< asked for, not taken up by the claim thread yet
    std::map<Bytes32, node::WithdrawalStatus> withdrawal_status_;
    /// Claim thread only.
    std::map<Bytes32, std::unique_ptr<node::Withdrawer>> withdrawers_;
};

}  // namespace mezz::app
