// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/crypto/secp256k1_native.hpp"

#include <secp256k1.h>
#include <secp256k1_recovery.h>

#include <memory>

#include "core/base/assert.hpp"

namespace mezz::host {
namespace {

struct DestroyContext {
    void operator()(secp256k1_context* context) const noexcept {
        secp256k1_context_destroy(context);
    }
};
using Context = std::unique_ptr<secp256k1_context, DestroyContext>;

/// One context a thread: signing needs one that is built, and contexts are cheap to keep.
const secp256k1_context* context() noexcept {
    thread_local const Context instance(
        secp256k1_context_create(SECP256K1_CONTEXT_SIGN | SECP256K1_CONTEXT_VERIFY));
    ASSERT(instance != nullptr);
    return instance.get();
}

}  // namespace

std::optional<Address> recover_address_native(const Bytes32& hash, const uint256& r,
                                              const uint256& s, bool odd_y) noexcept {
    // The library reduces nothing and accepts zero at parsing; recovery then rejects it.
    std::uint8_t compact[64];
    store_be256(compact, r);
    store_be256(compact + 32, s);
    secp256k1_ecdsa_recoverable_signature signature;
    secp256k1_pubkey key;
    if (secp256k1_ecdsa_recoverable_signature_parse_compact(context(), &signature, compact,
                                                            odd_y ? 1 : 0) == 0 ||
        secp256k1_ecdsa_recover(context(), &key, &signature, hash.data()) == 0)
        return std::nullopt;
    std::uint8_t encoded[65];
    std::size_t size = sizeof encoded;
    secp256k1_ec_pubkey_serialize(context(), encoded, &size, &key, SECP256K1_EC_UNCOMPRESSED);
    crypto::PublicKey xy;
    std::memcpy(xy.data(), encoded + 1, 64);
    return crypto::address_of(xy);
}

std::optional<crypto::Signature> sign_native(const Bytes32& hash,
                                             const Bytes32& private_key) noexcept {
    secp256k1_ecdsa_recoverable_signature signature;
    // The default nonce function hashes the message as given; RFC 6979 reduces it modulo n first.
    const uint256 number = to_uint256(hash);
    const Bytes32 reduced =
        to_bytes32(number >= crypto::SECP256K1_ORDER ? number - crypto::SECP256K1_ORDER : number);
    if (secp256k1_ecdsa_sign_recoverable(context(), &signature, reduced.data(), private_key.data(),
                                         secp256k1_nonce_function_rfc6979, nullptr) == 0)
        return std::nullopt;
    std::uint8_t compact[64];
    int recovery_id = 0;
    secp256k1_ecdsa_recoverable_signature_serialize_compact(context(), compact, &recovery_id,
                                                            &signature);
    // Bit 1 means r was reduced modulo n (chance 2^-128): such a signature has no encoding.
    if (recovery_id > 1) return crypto::sign(hash, private_key);
    return crypto::Signature{load_be256(compact), load_be256(compact + 32), recovery_id == 1};
}

}  // namespace mezz::host
