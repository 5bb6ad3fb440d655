// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Calls that are not transactions, over a View with pretended state.

#include "core/crypto/keccak.hpp"
#include "core/exec/block_executor.hpp"
#include "core/exec/execution.hpp"

namespace mezz::exec {
namespace {

/// A View whose answers some overrides replace. Keeps references to both.
class OverrideView final : public View {
public:
    OverrideView(View& base, const std::vector<AccountOverride>& overrides)
        : base_(base), overrides_(overrides) {
        for (const AccountOverride& o : overrides_)
            code_hashes_.push_back(o.code ? crypto::keccak256(*o.code) : Bytes32{});
    }

    std::optional<Account> account(const Address& address) override {
        std::optional<Account> found = base_.account(address);
        for (std::size_t i = 0; i < overrides_.size(); ++i) {
            const AccountOverride& o = overrides_[i];
            if (o.address != address) continue;
            if (!found) found.emplace();
            if (o.nonce) found->nonce = *o.nonce;
            if (o.balance) found->balance = *o.balance;
            if (o.code) found->code_hash = code_hashes_[i];
        }
        return found;
    }
    uint256 storage(const Address& address, const Bytes32& key) override {
        bool replaced = false;
        for (const AccountOverride& o : overrides_) {
            if (o.address != address) continue;
            replaced |= o.replaces_storage;
            for (const auto& [slot, value] : o.storage)
                if (slot == key) return value;
        }
        return replaced ? uint256{} : base_.storage(address, key);
    }
    ByteView code(const Bytes32& code_hash) override {
        for (std::size_t i = 0; i < overrides_.size(); ++i)
            if (overrides_[i].code && code_hashes_[i] == code_hash) return *overrides_[i].code;
        return base_.code(code_hash);
    }
    bool has_storage(const Address& address) override { return base_.has_storage(address); }

private:
    View& base_;
    const std::vector<AccountOverride>& overrides_;
    std::vector<Bytes32> code_hashes_;
};

}  // namespace

std::vector<evm::PrecompileMove> precompile_moves(std::span<const AccountOverride> overrides,
                                                  Revision rev) {
    std::vector<evm::PrecompileMove> out;
    for (const AccountOverride& o : overrides)
        if (evm::is_precompile(o.address, rev)) out.push_back({o.address, o.moves_precompile_to});
    return out;
}

std::expected<SimulationResult, TxError> simulate(View& view, const ChainSpec& spec,
                                                  const BlockContext& block, BlockHashes& hashes,
                                                  const Call& call,
                                                  const SimulationOptions& options) {
    BlockContext context = block;
    // A call that names no price must not meet a BASEFEE above it.
    if (call.gas_price.is_zero()) context.base_fee = {};
    OverrideView pretended(view, options.overrides);
    Journal journal(pretended, spec.revision_at(block.timestamp));
    evm::Evm machine(journal, spec, context, hashes);
    machine.set_observer(options.observer);
    machine.set_runner(options.runner);
    const auto moves = precompile_moves(options.overrides, journal.revision());
    machine.set_precompile_moves(moves);

    Transaction shape;
    shape.to = call.to;
    shape.data = call.data;
    shape.access_list = call.access_list;
    shape.authorizations = call.authorizations;
    const IntrinsicGas gas = intrinsic_gas(shape, journal.revision());
    const std::uint64_t max_initcode = traits(journal.revision()).max_initcode_size;
    if (!call.to && max_initcode != 0 && call.data.size() > max_initcode)
        return std::unexpected(TxError::INITCODE_SIZE_EXCEEDED);
    if (call.gas_limit < gas.base) return std::unexpected(TxError::INTRINSIC_GAS_TOO_LOW);
    if (call.gas_limit < gas.floor)
        return std::unexpected(TxError::INTRINSIC_GAS_BELOW_FLOOR_GAS_COST);
    if (call.gas_limit >> 63 != 0) return std::unexpected(TxError::GAS_ALLOWANCE_EXCEEDED);

    journal.begin_transaction();
    const AccountId sender = journal.account(call.from);
    if (journal.balance(sender) < call.value)
        return std::unexpected(TxError::INSUFFICIENT_ACCOUNT_FUNDS);
    journal.set_nonce(sender, journal.nonce(sender) + 1);
    Executed done = execute(journal, machine, spec, context,
                            {.sender = call.from,
                             .to = call.to,
                             .gas_limit = call.gas_limit,
                             .gas = gas,
                             .gas_price = call.gas_price,
                             .value = call.value,
                             .data = call.data,
                             .access_list = call.access_list,
                             .authorizations = call.authorizations,
                             .blob_hashes = call.blob_hashes});
    SimulationResult result{.status = done.result.status,
                            .output = std::move(done.result.output),
                            .gas_used = done.gas_used,
                            .gas_refund = done.refund,
                            .logs = journal.take_logs(),
                            .create_address = done.result.create_address,
                            .diff = {}};
    if (options.wants_diff) {
        journal.end_transaction();
        result.diff = journal.diff();
    }
    return result;
}

}  // namespace mezz::exec
