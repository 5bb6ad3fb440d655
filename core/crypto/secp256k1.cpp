// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/secp256k1.hpp"

#include "core/crypto/keccak.hpp"
#include "core/crypto/secp256k1_group.hpp"
#include "core/crypto/sha256.hpp"

namespace mezz::crypto {
namespace {

using namespace secp256k1;

static_assert(OrderModulus::LIMBS[0] == SECP256K1_ORDER.limb[0]);

bool in_range(const uint256& scalar) noexcept {
    return !scalar.is_zero() && scalar < SECP256K1_ORDER;
}

PublicKey encode(const Affine& p) noexcept {
    PublicKey key;
    p.x.to_be(key.data());
    p.y.to_be(key.data() + 32);
    return key;
}

/// The stream of nonce candidates of RFC 6979 §3.2.
class Nonces {
public:
    Nonces(const Bytes32& key, const Bytes32& hash) noexcept {
        for (auto& byte : v_.bytes) byte = 1;
        const Bytes32 reduced = to_bytes32(to_uint256(scalar_from(mezz::to_uint256(hash))));
        std::uint8_t seed[64];
        std::memcpy(seed, key.data(), 32);
        std::memcpy(seed + 32, reduced.data(), 32);
        update(0, seed);
        update(1, seed);
    }
    uint256 next() noexcept {
        if (used_) update(0, {});
        used_ = true;
        v_ = hmac_sha256(k_, v_);
        return mezz::to_uint256(v_);
    }

private:
    void update(std::uint8_t separator, ByteView seed) noexcept {
        std::uint8_t message[97];
        std::memcpy(message, v_.data(), 32);
        message[32] = separator;
        if (!seed.empty()) std::memcpy(message + 33, seed.data(), seed.size());
        k_ = hmac_sha256(k_, {message, 33 + seed.size()});
        v_ = hmac_sha256(k_, v_);
    }
    Bytes32 k_, v_;
    bool used_ = false;
};

}  // namespace

std::optional<PublicKey> recover_public_key(const Bytes32& hash, const uint256& r, const uint256& s,
                                            bool odd_y) noexcept {
    if (!in_range(r) || !in_range(s)) return std::nullopt;
    const auto x = Fp::from_uint256(r);
    if (!x) return std::nullopt;
    const auto y = (x->square() * *x + Fp::from_u64(7)).sqrt();
    if (!y) return std::nullopt;
    const Affine nonce_point{*x, y->is_odd() == odd_y ? *y : -*y};

    const Scalar inverse = scalar_from(r).inverse();
    const Scalar of_generator = -(scalar_from(mezz::to_uint256(hash)) * inverse);
    const Point key = multiply_two(of_generator, scalar_from(s) * inverse, nonce_point);
    if (key.infinity()) return std::nullopt;
    return encode(key.affine());
}

std::optional<Address> recover_address(const Bytes32& hash, const uint256& r, const uint256& s,
                                       bool odd_y) noexcept {
    const auto key = recover_public_key(hash, r, s, odd_y);
    if (!key) return std::nullopt;
    return address_of(*key);
}

std::optional<Signature> sign(const Bytes32& hash, const Bytes32& private_key) noexcept {
    const uint256 key = mezz::to_uint256(private_key);
    if (!in_range(key)) return std::nullopt;
    Nonces nonces(private_key, hash);
    while (true) {
        const uint256 nonce = nonces.next();
        if (!in_range(nonce)) continue;
        const Affine point = multiply_generator_secret(nonce);
        const uint256 x = point.x.to_uint256();
        const Scalar r = scalar_from(x);
        const Scalar s = (scalar_from(mezz::to_uint256(hash)) + r * scalar_from(key)) *
                         scalar_from(nonce).inverse();
        // x >= n would need a second recovery bit, which no Ethereum signature has room for.
        if (r.is_zero() || s.is_zero() || x >= SECP256K1_ORDER) continue;
        const bool high = to_uint256(s) > SECP256K1_HALF_ORDER;
        return Signature{to_uint256(r), to_uint256(high ? -s : s), point.y.is_odd() != high};
    }
}

std::optional<PublicKey> public_key(const Bytes32& private_key) noexcept {
    const uint256 key = mezz::to_uint256(private_key);
    if (!in_range(key)) return std::nullopt;
    return encode(multiply_generator_secret(key));
}

Address address_of(const PublicKey& key) noexcept {
    return Address::from(ByteView(keccak256(key)).subspan(12));
}

std::optional<Address> address_of(const Bytes32& private_key) noexcept {
    const auto key = public_key(private_key);
    if (!key) return std::nullopt;
    return address_of(*key);
}

}  // namespace mezz::crypto
