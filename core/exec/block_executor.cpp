// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/exec/block_executor.hpp"

#include "core/exec/execution.hpp"

namespace mezz::exec {
namespace {

/// spec: EIP-4788, EIP-2935.
constexpr Address SYSTEM_ADDRESS = hex<Address>("0xfffffffffffffffffffffffffffffffffffffffe");
constexpr Address BEACON_ROOTS = hex<Address>("0x000f3df6d732807ef1319fb7b8bb8522d0beac02");
constexpr Address HISTORY_STORAGE = hex<Address>("0x0000f90827f1c53a10cb7a02335b175320002935");
constexpr std::int64_t SYSTEM_CALL_GAS = 30'000'000;

/// Slots of the L1Block predeploy. spec: OP Stack, "L1 Attributes Predeployed Contract", Ecotone.
constexpr std::uint64_t L1_BASE_FEE_SLOT = 1;
constexpr std::uint64_t L1_SCALARS_SLOT = 3;
constexpr std::uint64_t L1_BLOB_BASE_FEE_SLOT = 7;

}  // namespace

struct BlockExecutor::Impl {
    Impl(View& view, const ChainSpec& spec_, const BlockContext& block_, BlockHashes& hashes)
        : spec(spec_),
          block(block_),
          journal(view, spec_.revision_at(block_.timestamp), load_le64(block_.parent_hash.data())),
          machine(journal, spec_, block, hashes),
          max_blob_gas(spec_.blobs_at(block_.timestamp).max * GAS_PER_BLOB) {}

    const ChainSpec& spec;
    BlockContext block;  ///< a copy: a call without a fee sees no base fee
    Journal journal;
    evm::Evm machine;
    std::uint64_t max_blob_gas;
    std::uint64_t gas_used = 0;
    std::uint64_t blob_gas_used = 0;

    /// returns: nothing where the contract has no code.
    std::optional<evm::CallResult> system_call(const Address& contract, ByteView input);
    uint256 data_fee(const Transaction& txn);
    std::expected<TxProperties, TxError> judge(const Transaction& txn, const Address& sender);
    std::expected<TxProperties, TxError> judge_call(const Transaction& txn, AccountId sender,
                                                    bool strict);
    CallOutcome apply_valid(const Transaction& txn, const Address& sender, const TxProperties& p);
    void pay(const Transaction& txn, AccountId sender, const TxProperties& p, std::uint64_t gas);
    Receipt apply_deposit(const Transaction& txn);
    bool run_deposit(const Transaction& txn, std::uint64_t& gas);
    Receipt receipt(const Transaction& txn, bool success, std::uint64_t gas);
};

std::optional<evm::CallResult> BlockExecutor::Impl::system_call(const Address& contract,
                                                                ByteView input) {
    if (!journal.has_code(journal.account(contract))) return std::nullopt;
    journal.begin_transaction();
    machine.set_transaction({SYSTEM_ADDRESS, {}, {}});
    evm::Message m;
    m.gas = SYSTEM_CALL_GAS;
    m.sender = SYSTEM_ADDRESS;
    m.recipient = m.code_address = contract;
    m.input = input;
    evm::CallResult result = machine.execute(m);
    journal.end_transaction();
    return result;
}

uint256 BlockExecutor::Impl::data_fee(const Transaction& txn) {
    if (!spec.is_rollup || !spec.rollup.charges_l1_data_fee) return {};
    const AccountId l1_block = journal.account(spec.rollup.l1_block);
    const auto read = [&](std::uint64_t slot) {
        return journal.value(journal.slot(l1_block, to_bytes32(slot)));
    };
    return l1_data_fee(encode(txn), read(L1_BASE_FEE_SLOT), read(L1_BLOB_BASE_FEE_SLOT),
                       read(L1_SCALARS_SLOT));
}

std::expected<TxProperties, TxError> BlockExecutor::Impl::judge(const Transaction& txn,
                                                                const Address& sender) {
    // Deposits may use more gas than the block has: they are bounded where they are queued.
    const std::uint64_t gas_left = block.gas_limit > gas_used ? block.gas_limit - gas_used : 0;
    const BlockRoom room{gas_left, max_blob_gas - blob_gas_used, machine.blob_base_fee()};
    const AccountId id = journal.account(sender);
    SenderState state{journal.nonce(id), journal.balance(id), journal.has_code(id)};
    if (state.has_code && journal.revision() >= Revision::prague &&
        evm::delegation_target(journal.code(id)))
        state.has_code = false;
    return validate(txn, state, spec, block, room, data_fee(txn));
}

Receipt BlockExecutor::Impl::receipt(const Transaction& txn, bool success, std::uint64_t gas) {
    gas_used += gas;
    Receipt r;
    r.type = txn.type;
    r.success = success;
    r.cumulative_gas_used = gas_used;
    r.logs = journal.take_logs();
    for (const Log& log : r.logs) add_to_bloom(r.bloom, log);
    return r;
}

/// Gives unused gas back and distributes the fees.
/// spec: EIP-1559; OP Stack, "Exec Engine", "Fee Vaults".
void BlockExecutor::Impl::pay(const Transaction& txn, AccountId sender, const TxProperties& p,
                              std::uint64_t gas) {
    journal.add_balance(sender, p.effective_gas_price * uint256{txn.gas_limit - gas});
    journal.add_balance(journal.account(block.coinbase), p.priority_fee * uint256{gas});
    if (!spec.is_rollup) return;
    const RollupRules& rules = spec.rollup;
    journal.add_balance(journal.account(rules.base_fee_vault), block.base_fee * uint256{gas});
    if (rules.charges_l1_data_fee)
        journal.add_balance(journal.account(rules.l1_fee_vault), p.l1_data_fee);
}

CallOutcome BlockExecutor::Impl::apply_valid(const Transaction& txn, const Address& sender,
                                             const TxProperties& p) {
    journal.begin_transaction();
    const AccountId id = journal.account(sender);
    const std::uint64_t blob_gas = txn.blob_hashes.size() * GAS_PER_BLOB;
    journal.subtract_balance(id, p.effective_gas_price * uint256{txn.gas_limit} +
                                     machine.blob_base_fee() * uint256{blob_gas} + p.l1_data_fee);
    journal.set_nonce(id, journal.nonce(id) + 1);
    Executed done = execute(journal, machine, spec, block,
                            {.sender = sender,
                             .to = txn.to,
                             .gas_limit = txn.gas_limit,
                             .gas = p.gas,
                             .gas_price = p.effective_gas_price,
                             .value = txn.value,
                             .data = txn.data,
                             .access_list = txn.access_list,
                             .authorizations = txn.authorizations,
                             .blob_hashes = txn.blob_hashes});
    pay(txn, id, p, done.gas_used);
    journal.end_transaction();
    blob_gas_used += blob_gas;
    CallOutcome out;
    out.receipt = receipt(txn, done.result.status == evm::Status::success, done.gas_used);
    out.status = done.result.status;
    out.output = std::move(done.result.output);
    out.gas_used = done.gas_used;
    out.most_used = done.most_used;
    return out;
}

/// The rules of `call`. spec: geth, internal/ethapi/simulate.go.
std::expected<TxProperties, TxError> BlockExecutor::Impl::judge_call(const Transaction& txn,
                                                                     AccountId sender,
                                                                     bool strict) {
    const Revision rev = journal.revision();
    const std::uint64_t max_initcode = traits(rev).max_initcode_size;
    const std::uint64_t nonce = journal.nonce(sender);
    if (strict && txn.nonce < nonce) return std::unexpected(TxError::NONCE_MISMATCH_TOO_LOW);
    if (strict && txn.nonce > nonce) return std::unexpected(TxError::NONCE_MISMATCH_TOO_HIGH);
    if (strict && nonce == ~std::uint64_t{0}) return std::unexpected(TxError::NONCE_IS_MAX);
    if (txn.max_priority_fee_per_gas > txn.max_fee_per_gas)
        return std::unexpected(TxError::PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS);
    if (txn.max_fee_per_gas < block.base_fee)
        return std::unexpected(TxError::INSUFFICIENT_MAX_FEE_PER_GAS);
    TxProperties p;
    p.gas = intrinsic_gas(txn, rev);
    if (!txn.to && max_initcode != 0 && txn.data.size() > max_initcode)
        return std::unexpected(TxError::INITCODE_SIZE_EXCEEDED);
    if (txn.gas_limit < p.gas.base) return std::unexpected(TxError::INTRINSIC_GAS_TOO_LOW);
    if (txn.gas_limit < p.gas.floor)
        return std::unexpected(TxError::INTRINSIC_GAS_BELOW_FLOOR_GAS_COST);
    const std::uint64_t gas_left = block.gas_limit > gas_used ? block.gas_limit - gas_used : 0;
    if (txn.gas_limit > gas_left || txn.gas_limit >> 63 != 0)
        return std::unexpected(TxError::GAS_ALLOWANCE_EXCEEDED);
    if (const auto verdict = check_funds(txn, journal.balance(sender), {}))
        return std::unexpected(*verdict);
    p.priority_fee = std::min(txn.max_priority_fee_per_gas, txn.max_fee_per_gas - block.base_fee);
    p.effective_gas_price = block.base_fee + p.priority_fee;
    return p;
}

/// The part of a deposit that can fail as a whole. returns: whether it succeeded.
bool BlockExecutor::Impl::run_deposit(const Transaction& txn, std::uint64_t& gas) {
    const AccountId sender = journal.account(txn.from);
    const IntrinsicGas intrinsic = intrinsic_gas(txn, journal.revision());
    const std::uint64_t max_initcode = traits(journal.revision()).max_initcode_size;
    const std::uint64_t nonce = journal.nonce(sender);
    if (nonce != ~std::uint64_t{0}) journal.set_nonce(sender, nonce + 1);
    gas = txn.gas_limit;
    if (txn.gas_limit < intrinsic.base || txn.gas_limit < intrinsic.floor ||
        txn.gas_limit >> 63 != 0 || journal.balance(sender) < txn.value ||
        (!txn.to && max_initcode != 0 && txn.data.size() > max_initcode))
        return false;
    const Executed done = execute(journal, machine, spec, block,
                                  {.sender = txn.from,
                                   .to = txn.to,
                                   .gas_limit = txn.gas_limit,
                                   .gas = intrinsic,
                                   .gas_price = {},
                                   .value = txn.value,
                                   .data = txn.data,
                                   .access_list = {},
                                   .authorizations = {},
                                   .blob_hashes = {}});
    gas = done.gas_used;
    return done.result.status == evm::Status::success;
}

/// spec: OP Stack, "Deposits", "Execution": the mint and the nonce survive any failure.
Receipt BlockExecutor::Impl::apply_deposit(const Transaction& txn) {
    journal.begin_transaction();
    const AccountId sender = journal.account(txn.from);
    const std::uint64_t nonce = journal.nonce(sender);
    journal.add_balance(sender, txn.mint);
    std::uint64_t gas = 0;
    const bool success = run_deposit(txn, gas);
    journal.end_transaction();
    Receipt r = receipt(txn, success, gas);
    r.deposit_nonce = nonce;
    return r;
}

// --- public face ------------------------------------------------------------------------------

BlockExecutor::BlockExecutor(View& view, const ChainSpec& spec, const BlockContext& block,
                             BlockHashes& hashes)
    : impl_(std::make_unique<Impl>(view, spec, block, hashes)) {}
BlockExecutor::~BlockExecutor() = default;

void BlockExecutor::begin() {
    const Revision rev = impl_->journal.revision();
    if (impl_->block.number == 0) return;
    if (rev >= Revision::cancun) impl_->system_call(BEACON_ROOTS, impl_->block.parent_beacon_root);
    if (rev >= Revision::prague) impl_->system_call(HISTORY_STORAGE, impl_->block.parent_hash);
}

std::expected<Receipt, TxError> BlockExecutor::apply(const Transaction& txn,
                                                     const Address& sender) {
    if (txn.type == TxType::deposit) {
        if (!impl_->spec.is_rollup || !impl_->spec.rollup.allows_deposits)
            return std::unexpected(TxError::TYPE_NOT_SUPPORTED);
        return impl_->apply_deposit(txn);
    }
    const auto properties = impl_->judge(txn, sender);
    if (!properties) return std::unexpected(properties.error());
    return impl_->apply_valid(txn, sender, *properties).receipt;
}

std::expected<CallOutcome, TxError> BlockExecutor::call(const Transaction& txn,
                                                        const Address& sender, bool strict) {
    const bool pays =
        strict || !txn.max_fee_per_gas.is_zero() || !txn.max_priority_fee_per_gas.is_zero();
    const uint256 base_fee = impl_->block.base_fee;
    if (!pays) impl_->block.base_fee = {};
    std::expected<CallOutcome, TxError> out;
    const auto properties = impl_->judge_call(txn, impl_->journal.account(sender), strict);
    if (properties)
        out = impl_->apply_valid(txn, sender, *properties);
    else
        out = std::unexpected(properties.error());
    impl_->block.base_fee = base_fee;
    return out;
}

std::expected<void, TxError> BlockExecutor::check(const Transaction& txn, const Address& sender) {
    if (txn.type == TxType::deposit) {
        if (impl_->spec.is_rollup && impl_->spec.rollup.allows_deposits) return {};
        return std::unexpected(TxError::TYPE_NOT_SUPPORTED);
    }
    const auto properties = impl_->judge(txn, sender);
    if (!properties) return std::unexpected(properties.error());
    return {};
}

void BlockExecutor::credit(const Address& address, const uint256& amount_wei) {
    impl_->journal.begin_transaction();
    impl_->journal.add_balance(impl_->journal.account(address), amount_wei);
    impl_->journal.end_transaction();
}

std::expected<std::vector<Requests>, BlockError> BlockExecutor::requests(
    std::span<const Receipt> receipts) {
    std::vector<Requests> out;
    if (impl_->journal.revision() < Revision::prague) return out;
    auto deposits = deposit_requests(impl_->spec.deposit_contract, receipts);
    if (!deposits) return std::unexpected(deposits.error());
    out.push_back({DEPOSIT_REQUEST_TYPE, std::move(*deposits)});
    constexpr std::pair<std::uint8_t, Address> CONTRACTS[] = {
        {WITHDRAWAL_REQUEST_TYPE, WITHDRAWAL_REQUEST_CONTRACT},
        {CONSOLIDATION_REQUEST_TYPE, CONSOLIDATION_REQUEST_CONTRACT},
    };
    for (const auto& [type, contract] : CONTRACTS) {
        auto result = impl_->system_call(contract, {});
        if (!result) return std::unexpected(BlockError::SYSTEM_CONTRACT_EMPTY);
        if (result->status != evm::Status::success)
            return std::unexpected(BlockError::SYSTEM_CONTRACT_CALL_FAILED);
        out.push_back({type, std::move(result->output)});
    }
    return out;
}

std::uint64_t BlockExecutor::gas_used() const noexcept {
    return impl_->gas_used;
}
std::uint64_t BlockExecutor::blob_gas_used() const noexcept {
    return impl_->blob_gas_used;
}
Diff BlockExecutor::diff() const {
    return impl_->journal.diff();
}
Diff BlockExecutor::finish() {
    return impl_->journal.diff();
}
void BlockExecutor::set_observer(evm::Observer* observer) noexcept {
    impl_->machine.set_observer(observer);
}
void BlockExecutor::set_precompile_moves(std::span<const evm::PrecompileMove> moves) noexcept {
    impl_->machine.set_precompile_moves(moves);
}
void BlockExecutor::set_runner(evm::Runner* runner) noexcept {
    impl_->machine.set_runner(runner);
}

uint256 l1_data_fee(ByteView bytes, const uint256& base_fee_slot, const uint256& blob_base_fee_slot,
                    const uint256& scalars_slot) noexcept {
    std::uint64_t calldata_gas = 0;
    for (const std::uint8_t b : bytes) calldata_gas += b == 0 ? 4 : 16;
    // Solidity packs from the low end: sequenceNumber (8 bytes), then the two scalars (4 each).
    const std::uint64_t scalars = scalars_slot.limb[1];
    const uint256 blob_base_fee_scalar = scalars & 0xffffffff;
    const uint256 base_fee_scalar = scalars >> 32;
    const uint256 weighted =
        uint256{16} * base_fee_scalar * base_fee_slot + blob_base_fee_scalar * blob_base_fee_slot;
    return uint256{calldata_gas} * weighted / uint256{16'000'000};
}

}  // namespace mezz::exec
