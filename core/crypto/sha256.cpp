// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/sha256.hpp"

#include <algorithm>
#include <bit>

#include "core/base/assert.hpp"
#include "core/base/endian.hpp"

namespace mezz::crypto {
namespace {

constexpr std::uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

void compress(std::uint32_t (&state)[8], const std::uint8_t* block) noexcept {
    std::uint32_t w[64];
    for (int i = 0; i < 16; ++i) w[i] = load_be32(block + 4 * i);
    for (int i = 16; i < 64; ++i) {
        const std::uint32_t x = w[i - 15], y = w[i - 2];
        w[i] = w[i - 16] + (std::rotr(x, 7) ^ std::rotr(x, 18) ^ (x >> 3)) + w[i - 7] +
               (std::rotr(y, 17) ^ std::rotr(y, 19) ^ (y >> 10));
    }
    std::uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    std::uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    for (int i = 0; i < 64; ++i) {
        const std::uint32_t t1 = h + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) +
                                 (g ^ (e & (f ^ g))) + K[i] + w[i];
        const std::uint32_t t2 =
            (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) | (c & (a | b)));
        h = g;
        g = f;
        f = e;
        e = d + t1;
        d = c;
        c = b;
        b = a;
        a = t1 + t2;
    }
    const std::uint32_t add[8] = {a, b, c, d, e, f, g, h};
    for (int i = 0; i < 8; ++i) state[i] += add[i];
}

}  // namespace

Sha256& Sha256::update(ByteView data) noexcept {
    const std::uint8_t* p = data.data();
    std::size_t left = data.size();
    while (left != 0) {
        const std::size_t at = size_bytes_ % 64;
        if (at == 0 && left >= 64) {
            compress(state_, p);
            p += 64;
            left -= 64;
            size_bytes_ += 64;
            continue;
        }
        const std::size_t take = std::min(left, 64 - at);
        std::memcpy(block_ + at, p, take);
        p += take;
        left -= take;
        size_bytes_ += take;
        if (at + take == 64) compress(state_, block_);
    }
    return *this;
}

Bytes32 Sha256::finish() noexcept {
    const std::uint64_t size_bits = size_bytes_ * 8;
    const std::uint8_t padding[64] = {0x80};
    const std::size_t at = size_bytes_ % 64;
    update({padding, (at < 56 ? 56 : 120) - at});
    std::uint8_t length[8];
    store_be64(length, size_bits);
    update(length);
    Bytes32 digest;
    for (int i = 0; i < 8; ++i) store_be32(digest.data() + 4 * i, state_[i]);
    *this = Sha256{};
    return digest;
}

Bytes32 sha256(ByteView data) noexcept {
    return Sha256{}.update(data).finish();
}

Bytes32 hmac_sha256(ByteView key, ByteView message) noexcept {
    ASSERT(key.size() <= 64);
    std::uint8_t inner[64], outer[64];
    for (std::size_t i = 0; i < 64; ++i) {
        const std::uint8_t byte = i < key.size() ? key[i] : std::uint8_t{0};
        inner[i] = byte ^ 0x36;
        outer[i] = byte ^ 0x5c;
    }
    const Bytes32 digest = Sha256{}.update(inner).update(message).finish();
    return Sha256{}.update(outer).update(digest).finish();
}

}  // namespace mezz::crypto
