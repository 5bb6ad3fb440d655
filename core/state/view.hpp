// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The read side of the world state: what execution may ask before a block.
///
/// Contract: a View answers about one fixed state for as long as it lives, and equal questions get
/// equal answers. There is no failure channel in the signatures: a View that can fail (a disk, a
/// witness with a hole) answers "absent" and keeps a sticky error of its own, which the caller
/// checks after a block and before using the result. The Journal asks each question once a block.

#include <optional>

#include "core/base/bytes.hpp"
#include "core/base/uint256.hpp"

namespace mezz {

/// keccak256 of no bytes: the code hash of an account without code.
inline constexpr Bytes32 EMPTY_CODE_HASH =
    hex<Bytes32>("0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");

struct Account {
    std::uint64_t nonce = 0;
    uint256 balance;  ///< wei.
    Bytes32 code_hash = EMPTY_CODE_HASH;

    friend bool operator==(const Account&, const Account&) = default;
};

class View {
public:
    virtual ~View() = default;
    /// returns: the account, or nullopt where none exists.
    virtual std::optional<Account> account(const Address& address) = 0;
    /// returns: the value of a storage slot; zero where unset.
    virtual uint256 storage(const Address& address, const Bytes32& key) = 0;
    /// returns: the code with this keccak256; the bytes stay valid while the View lives.
    virtual ByteView code(const Bytes32& code_hash) = 0;
    /// Whether the account has any non-zero slot. Asked only when a contract is created over an
    /// account without code and nonce; such accounts cannot arise under EIP-161, so a View of a
    /// chain born later keeps the default. spec: EIP-7610.
    virtual bool has_storage(const Address& address) {
        (void)address;
        return false;
    }
};

}  // namespace mezz
