// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A state with changes on top of it that are kept nowhere else: blocks are executed again on it.

#include <map>
#include <set>

#include "core/exec/block_executor.hpp"

namespace mezz::rpc {

class OverlayView final : public View {
public:
    /// Keeps the reference; `base` must not change.
    explicit OverlayView(View& base) : base_(base) {}

    std::optional<Account> account(const Address& address) override;
    uint256 storage(const Address& address, const Bytes32& key) override;
    ByteView code(const Bytes32& code_hash) override;
    bool has_storage(const Address& address) override { return base_.has_storage(address); }

    void apply(const Diff& diff);
    void apply(const std::vector<exec::AccountOverride>& overrides);

private:
    View& base_;
    std::map<Address, std::optional<Account>> accounts_;
    std::set<Address> cleared_;  ///< accounts whose slots in `base_` no longer count
    std::map<std::pair<Address, Bytes32>, uint256> slots_;
    std::map<Bytes32, Bytes> codes_;
};

}  // namespace mezz::rpc
