// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Executes the transactions of one block, one after another, over a View.
///
/// Call order: construct, `begin`, any number of `apply`, `credit` for withdrawals, `requests` on a
/// chain that has them, `finish` once.
/// The executor keeps references to all constructor arguments; they must outlive it. It writes
/// nothing but its own memory: the Diff of `finish` is the only result. Owned by one thread.

#include <memory>

#include "core/exec/requests.hpp"
#include "core/exec/transaction.hpp"
#include "core/state/diff.hpp"
#include "core/types/receipt.hpp"
#include "core/vm/evm/evm.hpp"

namespace mezz::exec {

/// What a call as part of a block came to.
struct CallOutcome {
    Receipt receipt;
    evm::Status status = evm::Status::success;
    Bytes output;                 ///< return data, or revert data.
    std::uint64_t gas_used = 0;   ///< after refunds and the floor.
    std::uint64_t most_used = 0;  ///< before refunds.
};

class BlockExecutor {
public:
    BlockExecutor(View& view, const ChainSpec& spec, const BlockContext& block,
                  BlockHashes& hashes);
    ~BlockExecutor();
    BlockExecutor(const BlockExecutor&) = delete;
    BlockExecutor& operator=(const BlockExecutor&) = delete;

    /// System calls before the first transaction. spec: EIP-4788, EIP-2935.
    void begin();

    /// Executes one transaction. On error nothing changed, including the gas used.
    /// A deposit is never invalid where the chain allows deposits.
    std::expected<Receipt, TxError> apply(const Transaction& txn, const Address& sender);

    /// Executes an unsigned transaction whose sender may be a contract, without the cap of
    /// EIP-7825: eth_simulateV1. Unless `strict`, its nonce is not looked at, and where it offers
    /// no fee there is none, the base fee included. On error nothing changed.
    std::expected<CallOutcome, TxError> call(const Transaction& txn, const Address& sender,
                                             bool strict);

    /// Would `apply` accept it now? Changes nothing.
    [[nodiscard]] std::expected<void, TxError> check(const Transaction& txn, const Address& sender);

    /// Credits a withdrawal. units: wei. spec: EIP-4895.
    void credit(const Address& address, const uint256& amount_wei);

    /// What the block asks of the consensus layer; runs the system calls behind it. Nothing before
    /// Prague. `receipts` are those of the whole block. Not for rollups.
    /// errors: INVALID_DEPOSIT_EVENT_LAYOUT, SYSTEM_CONTRACT_EMPTY, SYSTEM_CONTRACT_CALL_FAILED.
    /// spec: EIP-7685, EIP-6110, EIP-7002, EIP-7251.
    std::expected<std::vector<Requests>, BlockError> requests(std::span<const Receipt> receipts);

    [[nodiscard]] std::uint64_t gas_used() const noexcept;
    [[nodiscard]] std::uint64_t blob_gas_used() const noexcept;

    /// What the block changed so far.
    [[nodiscard]] Diff diff() const;
    /// What the block changed. Ends the executor's life: nothing but the destructor may follow.
    [[nodiscard]] Diff finish();

    /// Reports the frames and steps of the following transactions. nullptr = none.
    void set_observer(evm::Observer* observer) noexcept;
    /// A faster way to run frames, with equal effect. nullptr = none.
    void set_runner(evm::Runner* runner) noexcept;
    /// Keeps the span. For simulations.
    void set_precompile_moves(std::span<const evm::PrecompileMove> moves) noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// L1 data fee of a signed transaction of `bytes`, read from the L1Block predeploy. units: wei.
/// spec: OP Stack, "Ecotone L1-Cost fee changes".
[[nodiscard]] uint256 l1_data_fee(ByteView bytes, const uint256& base_fee_slot,
                                  const uint256& blob_base_fee_slot,
                                  const uint256& scalars_slot) noexcept;

/// A call that is not a transaction: no signature, nonce, or balance for gas is needed.
struct Call {
    Address from;
    std::optional<Address> to;  ///< nullopt = contract creation.
    std::uint64_t gas_limit = 0;
    uint256 gas_price;  ///< wei; what GASPRICE answers.
    uint256 value;      ///< wei; must be owned by `from`.
    Bytes data;
    std::vector<AccessEntry> access_list;
    std::vector<Bytes32> blob_hashes;
    std::vector<Authorization> authorizations;
};

/// State a simulation pretends. Absent fields keep the View's answer.
struct AccountOverride {
    Address address;
    std::optional<std::uint64_t> nonce;
    std::optional<uint256> balance;
    std::optional<Bytes> code;
    std::optional<Address> moves_precompile_to;  ///< only where a precompile is
    bool replaces_storage = false;               ///< slots not in `storage` read as zero.
    std::vector<std::pair<Bytes32, uint256>> storage;
};

struct SimulationOptions {
    std::vector<AccountOverride> overrides;
    evm::Observer* observer = nullptr;
    evm::Runner* runner = nullptr;
    bool wants_diff = false;
};

struct SimulationResult {
    evm::Status status = evm::Status::success;
    Bytes output;                  ///< return data, or revert data.
    std::uint64_t gas_used = 0;    ///< after refunds and the floor.
    std::uint64_t gas_refund = 0;  ///< gas given back, already out of `gas_used`.
    std::vector<Log> logs;
    Address create_address;  ///< of a creation.
    Diff diff;               ///< what it would change; only with `wants_diff`.
};

/// An overridden address is no precompile any more, and one may move. spec: geth, "override".
[[nodiscard]] std::vector<evm::PrecompileMove> precompile_moves(
    std::span<const AccountOverride> overrides, Revision rev);

/// Runs `call` on the state of `view` and forgets its effects: eth_call, eth_estimateGas.
///
/// errors: INTRINSIC_GAS_TOO_LOW, INTRINSIC_GAS_BELOW_FLOOR_GAS_COST, INITCODE_SIZE_EXCEEDED and
/// INSUFFICIENT_ACCOUNT_FUNDS (for the value alone).
[[nodiscard]] std::expected<SimulationResult, TxError> simulate(
    View& view, const ChainSpec& spec, const BlockContext& block, BlockHashes& hashes,
    const Call& call, const SimulationOptions& options = {});

}  // namespace mezz::exec
