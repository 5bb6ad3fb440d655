// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A private key in memory.

#include "core/types/transaction.hpp"
#include "node/ports/result.hpp"

namespace mezz::node {

class Signer {
public:
    /// Fails with fatal when the key is zero or not below the group order.
    static Result<Signer> make(const Bytes32& private_key);

    [[nodiscard]] const Address& address() const noexcept { return address_; }
    /// Sets the signature. requires: chain_id and every other field are final.
    void sign(Transaction& txn) const;

private:
    Signer(const Bytes32& key, const Address& address) : key_(key), address_(address) {}

    Bytes32 key_;
    Address address_;
};

}  // namespace mezz::node
