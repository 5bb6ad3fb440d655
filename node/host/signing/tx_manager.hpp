// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Gets transactions of one account into the parent chain: nonces, fees, resubmission, receipts.
///
/// Order is kept: transactions land in the order they were given. Driven by step(); no threads of
/// its own. Owned by one thread: one account needs one manager, which several actors of a thread
/// may share. Nothing is persisted: after a restart, nonces come from the chain.

#include <deque>
#include <functional>
#include <string>

#include "core/types/blob_sidecar.hpp"
#include "node/host/signing/signer.hpp"
#include "node/ports/clock.hpp"
#include "node/ports/data_layer.hpp"

namespace mezz::node {

enum class SidecarVersion : std::uint8_t {
    blob_proofs = 0,  ///< EIP-4844
    cell_proofs = 1,  ///< EIP-7594
    automatic = 2,    ///< cell proofs until the parent refuses them
};

struct TxManagerOptions {
    /// Blocks on top of which a receipt counts, its own included.
    std::uint64_t confirmations = 1;
    std::uint64_t resubmit_after_ms = 12'000;
    /// units: thousandths. Blob transactions always double.
    std::uint64_t fee_bump_permille = 125;
    uint256 max_fee{500'000'000'000};  ///< units: wei a gas
    /// Of what is urgent: sent again four times as often, each time with half as much more.
    uint256 urgent_max_fee{5'000'000'000'000};  ///< units: wei a gas
    uint256 max_blob_fee{1'000'000'000'000};    ///< units: wei a blob gas
    uint256 min_tip{1'000'000'000};             ///< units: wei a gas
    uint256 min_blob_fee{1'000'000'000};        ///< units: wei a blob gas
    SidecarVersion sidecar_version = SidecarVersion::automatic;
    std::size_t max_in_flight = 16;
};

using TxId = std::uint64_t;

enum class TxState : std::uint8_t {
    queued,     ///< not sent yet
    in_flight,  ///< sent, no receipt
    mined,      ///< has a receipt, too few confirmations
    confirmed,  ///< done, and it succeeded
    reverted,   ///< done, and it failed on the chain
    failed,     ///< never sent: its execution would revert, or the parent refuses it for good
};

struct TxStatus {
    TxState state = TxState::queued;
    Bytes32 hash;  ///< of the latest version
    std::optional<ParentReceipt> receipt;
    std::string error;  ///< latest trouble; empty when there is none
    [[nodiscard]] bool done() const noexcept { return state >= TxState::confirmed; }
};

/// What became of all transactions so far, and what they cost.
struct TxTotals {
    std::uint64_t sent = 0;  ///< versions with higher fees not counted again
    std::uint64_t confirmed = 0, reverted = 0, failed = 0;
    std::uint64_t fee_raises = 0;
    std::uint64_t gas_used = 0;
    double fee_wei = 0;  ///< of execution; blob gas apart, which receipts price elsewhere
    double seconds = 0;  ///< from first sending to the last confirmation, of confirmed ones
};

class TxManager {
public:
    /// Keeps the references. `sleep` is what send_and_wait does between steps.
    TxManager(Parent& parent, Signer signer, Clock& clock, TxManagerOptions options = {},
              std::function<void(std::uint64_t ms)> sleep = {});
    ~TxManager();

    [[nodiscard]] const Address& address() const noexcept { return signer_.address(); }

    /// Queues; the next step sends.
    TxId send(TxCandidate candidate);
    /// Sends what is queued, asks for receipts, raises fees of what waits too long.
    void step(std::uint64_t now_ms);
    /// returns: none when the id is unknown or forgotten.
    [[nodiscard]] std::optional<TxStatus> status(TxId id) const;
    /// Drops a finished one; one still under way is dropped when it finishes.
    void forget(TxId id);
    /// Drops one that was never sent. returns: false when it is too late.
    bool cancel(TxId id);
    /// Sent or queued, not finished.
    [[nodiscard]] std::size_t unfinished() const noexcept;
    /// Latest trouble with the parent or the account; empty when the last step had none.
    [[nodiscard]] const std::string& last_error() const noexcept { return last_error_; }
    [[nodiscard]] const TxTotals& totals() const noexcept { return totals_; }

    /// Sends and steps until it is done. Fails with reset when it reverts, with retry on timeout.
    Result<ParentReceipt> send_and_wait(TxCandidate candidate, std::uint64_t timeout_ms = 60'000);
    /// Steps until every one of `ids` is done.
    Result<std::vector<ParentReceipt>> wait(const std::vector<TxId>& ids,
                                            std::uint64_t timeout_ms = 60'000);

private:
    struct Item;
    struct Fees {
        uint256 tip, fee, blob_fee;
    };

    Result<void> refresh();
    Result<void> poll(Item& item, std::uint64_t now_ms);
    Result<void> prepare(Item& item, std::uint64_t now_ms);
    Result<void> submit(Item& item, std::uint64_t now_ms);
    void take_rejection(Item& item, const Error& error, std::uint64_t now_ms);
    void close_gap(std::uint64_t now_ms);
    /// Whether fees rose; false at the cap.
    bool raise_fees(Item& item, std::uint64_t now_ms);
    [[nodiscard]] std::uint64_t resubmit_after_ms(const Item& item, std::uint64_t now_ms) const;
    [[nodiscard]] bool may_send(const Item& item) const;
    void note(Item& item, std::string error);
    /// Adds a finished one to the totals.
    void count(const Item& item, std::uint64_t now_ms);

    Parent& parent_;
    Signer signer_;
    Clock& clock_;
    TxManagerOptions options_;
    std::function<void(std::uint64_t)> sleep_;
    std::deque<std::unique_ptr<Item>> items_;
    TxId next_id_ = 1;
    std::optional<std::uint64_t> chain_id_;
    std::optional<std::uint64_t> next_nonce_;  ///< of the next one sent for the first time
    std::uint64_t mined_nonce_ = 0;            ///< the account's, in the latest block
    std::uint64_t head_number_ = 0;
    std::uint64_t gap_since_ms_ = 0;
    FeeQuote quote_;
    SidecarVersion sidecar_;
    TxTotals totals_;
    std::string last_error_;
};

}  // namespace mezz::node
