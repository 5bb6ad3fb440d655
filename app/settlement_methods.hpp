// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What the parent says of a chain's claims: proposals, disputes about them, withdrawals that wait
/// for them, and the queue of deposits (`mezz_claims`, `mezz_disputes`, `mezz_dispute`,
/// `mezz_withdrawals`, `mezz_forcedQueue`). Read from the contracts each time; nothing is kept but
/// the logs of disputes.

#include <mutex>

#include "app/rollup_file.hpp"
#include "node/derive/parent_watcher.hpp"
#include "node/execute/serial/chain.hpp"
#include "node/ingest/rpc/rpc_server.hpp"
#include "node/settle/challenger/dispute_book.hpp"
#include "node/settle/challenger/log_tail.hpp"
#include "node/settle/withdrawer/withdrawer.hpp"

namespace mezz::app {

/// Thread-safe.
class SettlementMethods {
public:
    /// Keeps the references.
    SettlementMethods(const RollupFile& file, node::Chain& chain, node::ParentWatcher& watcher,
                      node::Parent& parent);

    void add_to(rpc::RpcServer& server);

private:
    /// The delays of the chain's contracts. units: seconds.
    struct Delays {
        std::uint64_t force = 0, maturity = 0, finality = 0, clock = 0;
    };
    struct Game {
        std::uint64_t index = 0, type = 0;
        Address address;
        std::uint64_t block = 0, created_at = 0, resolved_at = 0, status = 0, open_disputes = 0;
        Bytes32 root_claim;
        Address creator;
        bool respected = false;
    };

    node::Result<uint256> read(const Address& to, const Bytes& input, std::size_t word = 0);
    node::Result<Delays> delays();
    node::Result<std::uint64_t> parent_time();
    node::Result<std::uint64_t> game_count();
    node::Result<Game> game(std::uint64_t index);
    node::Result<Game> game_at(const Address& address);
    /// Time from which withdrawals can be paid by the game's claim; none when it is lost or waits
    /// for a dispute. units: seconds since 1970.
    [[nodiscard]] static std::optional<std::uint64_t> usable_at(const Game& game,
                                                                const Delays& delays);
    /// Reads the events of disputes up to now. requires: mutex_ is held.
    node::Result<node::DisputeBook> book();

    node::Result<std::string> claims(std::uint64_t before, std::uint64_t count);
    node::Result<std::string> disputes();
    rpc::RawResult dispute(const Bytes32& id);
    node::Result<std::string> withdrawals(const Address& sender, std::uint64_t from);
    node::Result<std::string> withdrawal(const node::Withdrawal& w, const Bytes32& transaction,
                                         std::uint64_t block, const Delays& delays,
                                         std::uint64_t now, std::uint64_t claimed);
    node::Result<std::uint64_t> claimed_block();
    node::Result<std::string> forced_queue();

    const RollupFile& file_;
    node::Chain& chain_;
    node::ParentWatcher& watcher_;
    node::Parent& parent_;

    std::mutex mutex_;
    std::optional<node::LogTail> disputes_log_;  ///< guarded by mutex_
};

}  // namespace mezz::app
