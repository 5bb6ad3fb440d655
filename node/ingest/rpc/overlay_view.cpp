// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/overlay_view.hpp"

#include <algorithm>

#include "node/ingest/rpc/call_arguments.hpp"

namespace mezz::rpc {

std::optional<Account> OverlayView::account(const Address& address) {
    const auto found = accounts_.find(address);
    return found != accounts_.end() ? found->second : base_.account(address);
}

uint256 OverlayView::storage(const Address& address, const Bytes32& key) {
    const auto found = slots_.find({address, key});
    if (found != slots_.end()) return found->second;
    return cleared_.contains(address) ? uint256{} : base_.storage(address, key);
}

ByteView OverlayView::code(const Bytes32& code_hash) {
    const auto found = codes_.find(code_hash);
    return found != codes_.end() ? ByteView(found->second) : base_.code(code_hash);
}

void OverlayView::apply(const Diff& diff) {
    for (const Diff::AccountDiff& change : diff.accounts) {
        accounts_[change.address] = change.account;
        if (change.storage_cleared) {
            cleared_.insert(change.address);
            slots_.erase(
                slots_.lower_bound({change.address, Bytes32{}}),
                std::find_if(slots_.lower_bound({change.address, Bytes32{}}), slots_.end(),
                             [&](const auto& s) { return s.first.first != change.address; }));
        }
        for (const auto& [key, value] : change.storage) slots_[{change.address, key}] = value;
    }
    for (const auto& [code_hash, code] : diff.codes) codes_.try_emplace(code_hash, code);
}

void OverlayView::apply(const std::vector<exec::AccountOverride>& overrides) {
    apply(diff_of(*this, overrides));
}

}  // namespace mezz::rpc
