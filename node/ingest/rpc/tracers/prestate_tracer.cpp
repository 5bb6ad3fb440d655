// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/tracers/prestate_tracer.hpp"

#include "core/crypto/secp256k1.hpp"
#include "core/vm/evm/opcodes.hpp"

namespace mezz::trace {

PrestateTracer::Seen& PrestateTracer::see(const Address& address) {
    const auto [entry, is_new] = seen_.try_emplace(address);
    if (is_new) {
        const auto account = before_.account(address);
        entry->second.account = account.value_or(Account{});
        entry->second.existed = account && *account != Account{};
    }
    return entry->second;
}

/// An account whose code is a delegation brings the account it names. spec: EIP-7702.
void PrestateTracer::see_delegate(const Address& address) {
    const Bytes32& code_hash = see(address).account.code_hash;
    if (code_hash == EMPTY_CODE_HASH) return;
    if (const auto target = evm::delegation_target(before_.code(code_hash))) see(*target);
}

void PrestateTracer::see_slot(const Address& address, const Bytes32& key) {
    auto& storage = see(address).storage;
    if (!storage.contains(key)) storage[key] = before_.storage(address, key);
}

void PrestateTracer::begin(const Transaction& txn, const Address& sender, const Address& coinbase) {
    see(sender);
    see(coinbase);
    if (txn.to) see_delegate(*txn.to);
    for (const Authorization& a : txn.authorizations) {
        if (a.y_parity > 1) continue;
        const auto authority = crypto::recover_address(signing_hash(a), a.r, a.s, a.y_parity == 1);
        if (authority) see(*authority);
    }
}

void PrestateTracer::on_step(const Step& step) {
    settle(true);
    const auto stack = step.stack;
    const auto top = [&](std::size_t i) -> const uint256& { return stack[stack.size() - 1 - i]; };
    switch (step.opcode) {
        case evm::OP_SLOAD:
        case evm::OP_SSTORE:
            if (stack.empty()) return;
            named_ = *step.address;
            named_slot_ = to_bytes32(top(0));
            return;
        case evm::OP_BALANCE:
        case evm::OP_EXTCODESIZE:
        case evm::OP_EXTCODECOPY:
        case evm::OP_EXTCODEHASH:
        case evm::OP_SELFDESTRUCT:
            if (!stack.empty()) named_ = to_address(top(0));
            return;
        case evm::OP_CALL:
        case evm::OP_CALLCODE:
        case evm::OP_DELEGATECALL:
        case evm::OP_STATICCALL:
            if (stack.size() >= 2) named_ = to_address(top(1));
            return;
        default:
            return;
    }
}

void PrestateTracer::settle(bool succeeded) {
    if (named_ && succeeded) {
        if (named_slot_)
            see_slot(*named_, *named_slot_);
        else
            see(*named_);
    }
    named_.reset();
    named_slot_.reset();
}

void PrestateTracer::on_enter(const evm::Message& message, const Address& create_address) {
    settle(true);
    if (message.kind == evm::CallKind::create || message.kind == evm::CallKind::create2) {
        see(create_address);
        return;
    }
    // The transaction's own recipient was judged by its code before its authorizations.
    if (message.delegated && message.depth > 0) see(message.code_address);
}

void PrestateTracer::on_exit(evm::Status status, std::int64_t, ByteView) {
    // Only SELFDESTRUCT both names an account and ends its frame well.
    settle(status == evm::Status::success);
}

TracedAccount PrestateTracer::describe(const Seen& seen) {
    TracedAccount out;
    out.balance = seen.account.balance;
    if (seen.account.nonce != 0) out.nonce = seen.account.nonce;
    if (seen.account.code_hash != EMPTY_CODE_HASH) {
        if (!options_.without_code) out.code = to_bytes(before_.code(seen.account.code_hash));
        out.code_hash = seen.account.code_hash;
    }
    if (!options_.without_storage)
        for (const auto& [key, value] : seen.storage) out.storage[key] = to_bytes32(value);
    return out;
}

TracedState PrestateTracer::prestate() {
    TracedState out;
    for (const auto& [address, seen] : seen_)
        if (seen.existed || options_.include_empty) out[address] = describe(seen);
    return out;
}

StateChange PrestateTracer::change(View& after) {
    StateChange out;
    for (const auto& [address, seen] : seen_) {
        const auto now = after.account(address);
        // What is gone has no after, and keeps all that was seen of it.
        if (!now && seen.existed) {
            out.pre[address] = describe(seen);
            continue;
        }
        const Account account = now.value_or(Account{});
        TracedAccount pre = describe(seen), post;
        if (account.balance != seen.account.balance) post.balance = account.balance;
        if (account.nonce != seen.account.nonce) post.nonce = account.nonce;
        if (account.code_hash != seen.account.code_hash) {
            if (!options_.without_code) post.code = to_bytes(after.code(account.code_hash));
            post.code_hash = account.code_hash;
        }
        bool changed = post.balance || post.nonce || post.code_hash;
        for (const auto& [key, value] : seen.storage) {
            const uint256 new_value = after.storage(address, key);
            if (value.is_zero() || new_value == value) pre.storage.erase(key);
            if (new_value == value || options_.without_storage) continue;
            // A slot that became zero makes a change without a value after it.
            changed = true;
            if (!new_value.is_zero()) post.storage[key] = to_bytes32(new_value);
        }
        if (!changed) continue;
        out.post[address] = std::move(post);
        if (seen.existed || options_.include_empty) out.pre[address] = std::move(pre);
    }
    return out;
}

}  // namespace mezz::trace
