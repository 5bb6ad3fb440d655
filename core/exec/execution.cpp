// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/exec/execution.hpp"

#include <algorithm>

#include "core/crypto/secp256k1.hpp"

namespace mezz::exec {
namespace {

/// Refund where an authority already was in the state. spec: EIP-7702, PER_EMPTY_ACCOUNT_COST -
/// PER_AUTH_BASE_COST.
constexpr std::int64_t EXISTING_AUTHORITY_REFUND = 25000 - 12500;

void warm_up(Journal& journal, const BlockContext& block, const Execution& e) {
    const Revision rev = journal.revision();
    if (rev < Revision::berlin) return;
    journal.warm(journal.account(e.sender));
    if (e.to) journal.warm(journal.account(*e.to));
    if (rev >= Revision::shanghai) journal.warm(journal.account(block.coinbase));
    for (const AccessEntry& entry : e.access_list) {
        const AccountId id = journal.account(entry.address);
        journal.warm(id);
        for (const Bytes32& key : entry.storage_keys) journal.warm(journal.slot(id, key));
    }
}

/// Applies one authorization; one that does not hold is skipped. spec: EIP-7702, "Behavior".
void apply_authorization(Journal& journal, std::uint64_t chain_id, const Authorization& a) {
    if (!a.chain_id.is_zero() && a.chain_id != uint256{chain_id}) return;
    if (a.nonce == ~std::uint64_t{0}) return;
    if (a.y_parity > 1 || a.s > crypto::SECP256K1_HALF_ORDER) return;
    const auto signer = crypto::recover_address(signing_hash(a), a.r, a.s, a.y_parity == 1);
    if (!signer) return;
    const AccountId authority = journal.account(*signer);
    journal.warm(authority);
    if (journal.has_code(authority) && !evm::delegation_target(journal.code(authority))) return;
    if (journal.nonce(authority) != a.nonce) return;
    if (journal.exists(authority)) journal.add_refund(EXISTING_AUTHORITY_REFUND);
    if (a.address.is_zero())
        journal.set_code(authority, {});
    else
        journal.set_code(authority, evm::delegation_code(a.address));
    journal.set_nonce(authority, a.nonce + 1);
}

evm::Message first_message(Journal& journal, const Execution& e) {
    evm::Message m;
    m.gas = static_cast<std::int64_t>(e.gas_limit - e.gas.base);
    m.sender = e.sender;
    m.value = e.value;
    m.input = e.data;
    if (!e.to) {
        m.kind = evm::CallKind::create;
        return m;
    }
    m.recipient = m.code_address = *e.to;
    if (journal.revision() >= Revision::prague) {
        if (const auto delegate = evm::delegation_target(journal.code(journal.account(*e.to)))) {
            m.code_address = *delegate;
            m.delegated = true;
            journal.warm(journal.account(*delegate));
        }
    }
    return m;
}

}  // namespace

Executed execute(Journal& journal, evm::Evm& machine, const ChainSpec& spec,
                 const BlockContext& block, const Execution& e) {
    machine.set_transaction({e.sender, e.gas_price, e.blob_hashes});
    warm_up(journal, block, e);
    for (const Authorization& a : e.authorizations) apply_authorization(journal, spec.chain_id, a);

    Executed out;
    out.result = machine.execute(first_message(journal, e));
    out.gas_used = e.gas_limit - static_cast<std::uint64_t>(out.result.gas_left);
    const std::uint64_t most = out.gas_used / traits(journal.revision()).refund_quotient;
    const auto counter = static_cast<std::uint64_t>(std::max<std::int64_t>(journal.refund(), 0));
    out.refund = std::min(counter, most);
    out.most_used = std::max(out.gas_used, e.gas.floor);
    out.gas_used = std::max(out.gas_used - out.refund, e.gas.floor);
    return out;
}

}  // namespace mezz::exec
