// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/call_arguments.hpp"

#include "core/crypto/keccak.hpp"

namespace mezz::rpc {
namespace {

std::vector<AccessEntry> read_access_list(const Value& value) {
    std::vector<AccessEntry> list;
    value.each([&](const Value& item) {
        AccessEntry entry;
        const auto address = item.get("address");
        if (!address) item.wrong("an object with address and storageKeys");
        entry.address = address->address();
        if (const auto keys = item.get("storageKeys"))
            keys->each([&](const Value& key) { entry.storage_keys.push_back(key.hash()); });
        list.push_back(std::move(entry));
    });
    return list;
}

std::vector<Authorization> read_authorizations(const Value& value) {
    std::vector<Authorization> list;
    value.each([&](const Value& item) {
        Authorization a;
        if (const auto v = item.get("chainId")) a.chain_id = v->u256();
        if (const auto v = item.get("address")) a.address = v->address();
        if (const auto v = item.get("nonce")) a.nonce = v->u64();
        if (const auto v = item.get("yParity")) a.y_parity = v->u64();
        if (const auto v = item.get("r")) a.r = v->u256();
        if (const auto v = item.get("s")) a.s = v->u256();
        list.push_back(a);
    });
    return list;
}

void read_storage(const Value& value, exec::AccountOverride& account) {
    value.each_member([&](std::string_view key, const Value& slot) {
        Bytes32 name;
        if (key.size() != 66 || !key.starts_with("0x") || !read_hex(key.substr(2), name.data()))
            value.wrong("storage keys of 32 bytes in hex");
        account.storage.emplace_back(name, to_uint256(slot.slot()));
    });
}

}  // namespace

uint256 CallArguments::price(const uint256& base_fee) const {
    if (gas_price) return *gas_price;
    if (!max_fee_per_gas) return {};
    const uint256 tip = max_priority_fee_per_gas.value_or(uint256{});
    if (*max_fee_per_gas < base_fee) return *max_fee_per_gas;
    return base_fee + std::min(*max_fee_per_gas - base_fee, tip);
}

uint256 CallArguments::fee_cap() const {
    if (gas_price) return *gas_price;
    return max_fee_per_gas.value_or(uint256{});
}

void CallArguments::require_chain(std::uint64_t id) const {
    if (chain_id && *chain_id != id)
        fail(server_error, "chainId does not match node's (have=" + std::to_string(*chain_id) +
                               ", want=" + std::to_string(id) + ")");
}

CallArguments read_call(const Value& v) {
    if (!v.is_object()) v.wrong("a transaction object");
    CallArguments a;
    if (const auto f = v.get("from")) a.call.from = f->address();
    if (const auto f = v.get("to")) a.call.to = f->address();
    if (const auto f = v.get("gas")) a.gas = f->u64();
    if (const auto f = v.get("gasPrice")) a.gas_price = f->u256();
    if (const auto f = v.get("maxFeePerGas")) a.max_fee_per_gas = f->u256();
    if (const auto f = v.get("maxPriorityFeePerGas")) a.max_priority_fee_per_gas = f->u256();
    if (const auto f = v.get("value")) a.call.value = f->u256();
    if (const auto f = v.get("nonce")) a.nonce = f->u64();
    if (const auto f = v.get("maxFeePerBlobGas")) a.max_fee_per_blob_gas = f->u256();
    if (const auto f = v.get("chainId")) a.chain_id = f->u64();
    if (const auto f = v.get("data")) a.call.data = f->bytes();
    if (const auto f = v.get("input")) {
        Bytes input = f->bytes();
        a.has_two_inputs = v.get("data") && input != a.call.data;
        a.call.data = std::move(input);
    }
    if (const auto f = v.get("accessList")) {
        a.call.access_list = read_access_list(*f);
        a.has_access_list = true;
    }
    if (const auto f = v.get("blobVersionedHashes"))
        f->each([&](const Value& h) { a.call.blob_hashes.push_back(h.hash()); });
    if (const auto f = v.get("authorizationList")) a.call.authorizations = read_authorizations(*f);
    if (a.gas_price && (a.max_fee_per_gas || a.max_priority_fee_per_gas))
        fail(invalid_params, v.path() +
                                 ": both gasPrice and (maxFeePerGas or "
                                 "maxPriorityFeePerGas) specified");
    if (a.max_fee_per_gas && a.max_priority_fee_per_gas &&
        *a.max_fee_per_gas < *a.max_priority_fee_per_gas)
        fail(invalid_params, v.path() + ": maxFeePerGas is below maxPriorityFeePerGas");
    return a;
}

std::vector<exec::AccountOverride> read_overrides(const std::optional<Value>& value) {
    std::vector<exec::AccountOverride> out;
    if (!value) return out;
    value->each_member([&](std::string_view key, const Value& v) {
        exec::AccountOverride account;
        if (key.size() != 42 || !key.starts_with("0x") ||
            !read_hex(key.substr(2), account.address.data()))
            value->wrong("an object whose keys are addresses");
        if (const auto f = v.get("nonce")) account.nonce = f->u64();
        if (const auto f = v.get("balance")) account.balance = f->u256();
        if (const auto f = v.get("code")) account.code = f->bytes();
        const auto state = v.get("state");
        const auto diff = v.get("stateDiff");
        if (state && diff) v.wrong("only one of state and stateDiff");
        if (const auto f = v.get("movePrecompileToAddress"))
            account.moves_precompile_to = f->address();
        account.replaces_storage = state.has_value();
        if (state) read_storage(*state, account);
        if (diff) read_storage(*diff, account);
        out.push_back(std::move(account));
    });
    return out;
}

Diff diff_of(View& state, const std::vector<exec::AccountOverride>& overrides) {
    Diff diff;
    for (const exec::AccountOverride& o : overrides) {
        Diff::AccountDiff change;
        change.address = o.address;
        const std::optional<Account> before = state.account(o.address);
        Account account = before.value_or(Account{});
        if (o.nonce) account.nonce = *o.nonce;
        if (o.balance) account.balance = *o.balance;
        if (o.code) {
            account.code_hash = crypto::keccak256(*o.code);
            diff.codes.emplace_back(account.code_hash, *o.code);
        }
        // Overriding nothing does not make an empty account. spec: EIP-161.
        if (!before && account == Account{} && o.storage.empty()) continue;
        change.account = account;
        change.storage_cleared = o.replaces_storage;
        change.storage = o.storage;
        diff.accounts.push_back(std::move(change));
    }
    return diff;
}

void apply_block_overrides(const std::optional<Value>& value, BlockContext& block) {
    if (!value) return;
    if (const auto f = value->get("number")) block.number = f->u64();
    if (const auto f = value->get("time")) block.timestamp = f->u64();
    if (const auto f = value->get("gasLimit")) block.gas_limit = f->u64();
    if (const auto f = value->get("baseFeePerGas")) block.base_fee = f->u256();
    for (const char* name : {"feeRecipient", "coinbase"})
        if (const auto f = value->get(name)) block.coinbase = f->address();
    for (const char* name : {"prevRandao", "random"})
        if (const auto f = value->get(name)) block.prev_randao = f->hash();
}

}  // namespace mezz::rpc
