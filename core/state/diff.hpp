// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The write side's result: what a block changed, and nothing that it merely touched.
///
/// Accounts are sorted by address, storage by key, codes by hash, so equal changes are equal
/// bytes. A slot appears only when its value differs from the View's (or from zero where
/// `storage_cleared`), an account only when one of its fields or slots does.

#include <optional>
#include <utility>
#include <vector>

#include "core/state/view.hpp"

namespace mezz {

struct Diff {
    struct AccountDiff {
        Address address;
        /// The account after the block; nullopt = removed.
        std::optional<Account> account;
        /// All slots of the View's account are dropped before `storage` is applied.
        bool storage_cleared = false;
        /// Slots after the block; zero = removed.
        std::vector<std::pair<Bytes32, uint256>> storage;

        friend bool operator==(const AccountDiff&, const AccountDiff&) = default;
    };
    std::vector<AccountDiff> accounts;
    /// Code that accounts of this diff point at for the first time: (keccak256, bytes).
    std::vector<std::pair<Bytes32, Bytes>> codes;

    friend bool operator==(const Diff&, const Diff&) = default;
};

}  // namespace mezz
