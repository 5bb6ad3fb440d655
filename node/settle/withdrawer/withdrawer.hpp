// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Takes one withdrawal from the chain to its parent: waits for a claim, proves, waits, finalises.
///
/// Resumable without a file: where it stands is read from the portal each time. Anybody may run it;
/// the proof belongs to the manager's account. Owned by one thread.

#include "node/host/signing/tx_manager.hpp"
#include "node/ports/chain_reader.hpp"
#include "node/ports/rollup.hpp"

namespace mezz::node {

enum class WithdrawalStage : std::uint8_t {
    looking,     ///< the transaction is not in a block yet
    claim,       ///< waiting for a game that covers its block
    proving,     ///< the proof is on its way
    maturing,    ///< waiting for the proof's age, and the game's resolution and finality
    finalizing,  ///< the last transaction is on its way
    done,
    failed,  ///< cannot succeed: see the message
};
/// "waiting-for-claim"; of `done` "finalized".
std::string_view name_of(WithdrawalStage stage);

struct WithdrawalStatus {
    WithdrawalStage stage = WithdrawalStage::looking;
    /// Until the next stage, as far as it can be known. units: milliseconds.
    std::optional<std::uint64_t> eta_ms;
    Bytes32 withdrawal_hash;
    std::uint64_t block_number = 0;  ///< of the chain
    std::optional<std::uint64_t> game_index;
    std::string message;  ///< what is waited for, or the latest trouble
};

struct WithdrawerOptions {
    ParentContracts contracts;
    std::uint64_t poll_ms = 1'000;
    std::uint64_t scan_games = 1'000;  ///< newest first
    std::size_t log_index = 0;         ///< which withdrawal of the transaction
};

/// A withdrawal as the message passer recorded it.
struct Withdrawal {
    uint256 nonce;
    Address sender, target;
    uint256 value;
    uint256 gas_limit;
    Bytes data;
};

[[nodiscard]] Bytes32 hash(const Withdrawal& withdrawal);
/// none unless the log is the message passer's MessagePassed.
[[nodiscard]] std::optional<Withdrawal> withdrawal_of(const Log& log);

class Withdrawer {
public:
    /// Keeps the references.
    Withdrawer(ChainReader& chain, Parent& parent, TxManager& txs, const Bytes32& txn_hash,
               WithdrawerOptions options);

    /// Does what can be done now; steps the transaction manager too.
    const WithdrawalStatus& step(std::uint64_t now_ms);
    [[nodiscard]] const WithdrawalStatus& status() const noexcept { return status_; }

private:
    Result<void> look();
    Result<void> advance();
    Result<void> find_game();
    Result<void> prove();
    Result<void> mature(const Address& game, std::uint64_t proven_at, std::uint64_t game_status);

    ChainReader& chain_;
    Parent& parent_;
    TxManager& txs_;
    Bytes32 txn_hash_;
    WithdrawerOptions options_;
    std::optional<Withdrawal> withdrawal_;
    std::uint64_t game_block_ = 0;
    std::optional<TxId> txn_;
    std::uint64_t next_poll_ms_ = 0;
    WithdrawalStatus status_;
};

}  // namespace mezz::node
