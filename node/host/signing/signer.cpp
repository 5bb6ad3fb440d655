// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/signing/signer.hpp"

#include "core/base/assert.hpp"
#include "core/crypto/secp256k1.hpp"
#include "node/host/crypto/secp256k1_native.hpp"

namespace mezz::node {

Result<Signer> Signer::make(const Bytes32& private_key) {
    const auto address = crypto::address_of(private_key);
    if (!address)
        return fatal(
            "private key: it is zero or not below the order of secp256k1; give 32 other bytes");
    return Signer(private_key, *address);
}

void Signer::sign(Transaction& txn) const {
    const auto signature = host::sign_native(signing_hash(txn), key_);
    ASSERT(signature);
    txn.r = signature->r;
    txn.s = signature->s;
    txn.odd_y = signature->odd_y;
}

}  // namespace mezz::node
