// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// Reading accounts: balances, nonces, code, slots and proofs of any kept block.
#include "node/ingest/rpc/context.hpp"

namespace mezz::rpc {
namespace {

constexpr std::size_t max_proof_keys = 1024;

std::unique_ptr<node::StateReader> state_at(const Call& c, std::size_t block_index) {
    return unwrap(c.context.chain.state(require_block(c.context, c.params.get(block_index))));
}

/// Answers of a reader count only when its store did not fail.
void check(node::StateReader& state) {
    if (auto e = state.error()) fail(server_error, std::move(e->message));
}

Account account_of(node::StateReader& state, const Address& address) {
    const auto account = state.account(address);
    check(state);
    return account.value_or(Account{});
}

void get_balance(const Call& c) {
    const Address address = c.params.at(0).address();
    c.out.quantity(account_of(*state_at(c, 1), address).balance);
}

void get_nonce(const Call& c) {
    const Address address = c.params.at(0).address();
    if (is_pending(c.params.get(1)))
        if (const auto nonce = c.context.pool.pending_nonce(address)) return c.out.quantity(*nonce);
    c.out.quantity(account_of(*state_at(c, 1), address).nonce);
}

void get_code(const Call& c) {
    const Address address = c.params.at(0).address();
    const auto state = state_at(c, 1);
    const Account account = account_of(*state, address);
    const ByteView code =
        account.code_hash == EMPTY_CODE_HASH ? ByteView{} : state->code(account.code_hash);
    check(*state);
    c.out.data(code);
}

void get_storage(const Call& c) {
    const Address address = c.params.at(0).address();
    const Bytes32 key = c.params.at(1).slot();
    const auto state = state_at(c, 2);
    const uint256 value = state->storage(address, key);
    check(*state);
    c.out.data(to_bytes32(value));
}

/// Slots of several accounts at once.
void get_storage_values(const Call& c) {
    const Value requests = c.params.at(0);
    const auto state = state_at(c, 1);
    std::size_t count = 0;
    if (!requests.is_object()) requests.wrong("an object of slots by address");
    c.out.object([&] {
        requests.each_member([&](std::string_view name, const Value& slots) {
            Address address;
            if (name.size() != 42 || !name.starts_with("0x") ||
                !read_hex(name.substr(2), address.data()))
                requests.wrong("an object whose keys are addresses");
            c.out.field(hex_text(address)).array([&] {
                slots.each([&](const Value& slot) {
                    if (++count > max_proof_keys) requests.wrong("at most 1024 storage keys");
                    c.out.data(to_bytes32(state->storage(address, slot.slot())));
                });
            });
        });
    });
    if (count == 0) requests.wrong("at least one storage key");
    check(*state);
}

void get_account_info(const Call& c) {
    const Address address = c.params.at(0).address();
    const auto state = state_at(c, 1);
    const Account account = account_of(*state, address);
    const ByteView code =
        account.code_hash == EMPTY_CODE_HASH ? ByteView{} : state->code(account.code_hash);
    check(*state);
    c.out.object([&] {
        c.out.field("balance").quantity(account.balance);
        c.out.field("nonce").quantity(account.nonce);
        c.out.field("code").data(code);
    });
}

void print_nodes(JsonWriter& out, const std::vector<Bytes>& nodes) {
    out.array([&] {
        for (const Bytes& node : nodes) out.data(node);
    });
}

/// spec: EIP-1186. A slot is named as it was asked for, in 32 bytes or as a quantity.
void get_proof(const Call& c) {
    const Address address = c.params.at(0).address();
    std::vector<Bytes32> keys;
    std::vector<std::string> names;
    if (const auto list = c.params.get(1))
        list->each([&](const Value& key) {
            if (keys.size() == max_proof_keys) list->wrong("at most 1024 storage keys");
            keys.push_back(key.slot());
            names.push_back(key.text().size() == 66 ? hex_text(keys.back())
                                                    : quantity_text(to_uint256(keys.back())));
        });
    const auto state = state_at(c, 2);
    const node::AccountProof proof = unwrap(state->prove(address, keys));
    c.out.object([&] {
        c.out.field("address").data(address);
        print_nodes(c.out.field("accountProof"), proof.account_proof);
        c.out.field("balance").quantity(proof.account.balance);
        c.out.field("codeHash").data(proof.account.code_hash);
        c.out.field("nonce").quantity(proof.account.nonce);
        c.out.field("storageHash").data(proof.storage_root);
        c.out.field("storageProof").array([&] {
            for (std::size_t i = 0; i < proof.slots.size(); ++i)
                c.out.object([&] {
                    c.out.field("key").string(names[i]);
                    c.out.field("value").quantity(proof.slots[i].value);
                    print_nodes(c.out.field("proof"), proof.slots[i].proof);
                });
        });
    });
}

}  // namespace

void add_state_methods(MethodTable& table) {
    table.add(
        "eth_getBalance",
        {"address: Address, block?: BlockId -> Quantity", "The balance of an account, in wei."},
        get_balance);
    table.add("eth_getTransactionCount",
              {"address: Address, block?: BlockId -> Quantity",
               "The nonce of an account; on pending, after its waiting transactions."},
              get_nonce);
    table.add("eth_getCode",
              {"address: Address, block?: BlockId -> Bytes", "The code of an account."}, get_code);
    table.add("eth_getStorageAt",
              {"address: Address, slot: Slot, block?: BlockId -> Hash", "The value of a slot."},
              get_storage);
    table.add("eth_getStorageValues",
              {"slots: map<Slot[]>, block?: BlockId -> StorageValues",
               "Slots of several accounts at once."},
              get_storage_values);
    table.add("eth_getAccountInfo",
              {"address: Address, block?: BlockId -> AccountInfo",
               "Balance, nonce and code of an account."},
              get_account_info);
    table.add("eth_getProof",
              {"address: Address, slots?: Slot[], block?: BlockId -> Proof",
               "A Merkle proof of an account and its slots, at any kept block."},
              get_proof);
}

}  // namespace mezz::rpc
