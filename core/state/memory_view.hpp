// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A whole state in memory: a View that Diffs can be applied to. For tests, genesis and tools.

#include <map>

#include "core/state/diff.hpp"

namespace mezz {

class MemoryView final : public View {
public:
    struct Entry {
        Account account;
        std::map<Bytes32, uint256> storage;  ///< no zero values.
    };

    std::optional<Account> account(const Address& address) override;
    uint256 storage(const Address& address, const Bytes32& key) override;
    ByteView code(const Bytes32& code_hash) override;
    bool has_storage(const Address& address) override;

    /// Adds or replaces an account; zero slots are dropped.
    void set(const Address& address, std::uint64_t nonce, const uint256& balance, Bytes code = {},
             const std::vector<std::pair<Bytes32, uint256>>& storage = {});
    void apply(const Diff& diff);
    /// The state root, built anew. spec: Yellow Paper §4.1.
    [[nodiscard]] Bytes32 root() const;

    [[nodiscard]] const std::map<Address, Entry>& accounts() const noexcept { return accounts_; }

private:
    std::map<Address, Entry> accounts_;
    std::map<Bytes32, Bytes> codes_;
};

}  // namespace mezz
