// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/crypto/keccak_native.hpp"

#include "core/base/endian.hpp"

#if defined(__clang__) && defined(__x86_64__)
#define MEZZ_KECCAK_LANES 1
#endif

namespace mezz::host {

#ifdef MEZZ_KECCAK_LANES
namespace {

bool lanes_available() noexcept {
    static const bool available =
        __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl");
    return available;
}

#pragma clang attribute push(__attribute__((target("avx512f,avx512vl"))), apply_to = function)

/// A lane in the low word of a register; the compiler makes one instruction of `a ^ (~b & c)` and
/// of a rotation.
using Lane = std::uint64_t __attribute__((vector_size(16)));

constexpr std::size_t RATE = 136;
constexpr std::uint64_t ROUND_CONSTANTS[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};
/// Of lane (x, y) at [x + 5 * y]. spec: Keccak reference, 1.2, table 2.
constexpr int ROTATIONS[25] = {0,  1,  62, 28, 27, 36, 44, 6,  55, 20, 3,  10, 43,
                               25, 39, 41, 45, 15, 21, 8,  18, 2,  61, 56, 14};

template <int BITS>
[[gnu::always_inline]] inline Lane rotated(Lane lane) noexcept {
    if constexpr (BITS == 0)
        return lane;
    else
        return lane << BITS | lane >> (64 - BITS);
}

/// Row `ROW` of the next state: rho and pi bring lane (x, X) to it, where 2 x + 3 X = ROW mod 5.
template <int ROW>
[[gnu::always_inline]] inline void make_row(const Lane (&a)[25], const Lane (&d)[5],
                                            Lane (&next)[25]) noexcept {
    const auto lane = [&]<int X>(std::integral_constant<int, X>) {
        constexpr int x = (3 * ROW + X) % 5;
        return rotated<ROTATIONS[x + 5 * X]>(a[x + 5 * X] ^ d[x]);
    };
    const Lane b0 = lane(std::integral_constant<int, 0>{}),
               b1 = lane(std::integral_constant<int, 1>{}),
               b2 = lane(std::integral_constant<int, 2>{}),
               b3 = lane(std::integral_constant<int, 3>{}),
               b4 = lane(std::integral_constant<int, 4>{});
    next[5 * ROW] = b0 ^ (~b1 & b2);
    next[5 * ROW + 1] = b1 ^ (~b2 & b3);
    next[5 * ROW + 2] = b2 ^ (~b3 & b4);
    next[5 * ROW + 3] = b3 ^ (~b4 & b0);
    next[5 * ROW + 4] = b4 ^ (~b0 & b1);
}

void permute(std::uint64_t (&state)[25]) noexcept {
    Lane a[25];
    for (int i = 0; i < 25; ++i) a[i] = Lane{state[i], 0};
    for (const std::uint64_t constant : ROUND_CONSTANTS) {
        Lane c[5], d[5], next[25];
        for (int x = 0; x < 5; ++x) c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
        // Made once rather than five times from its two parts: registers are what is scarce.
        for (int x = 0; x < 5; ++x) d[x] = c[(x + 4) % 5] ^ rotated<1>(c[(x + 1) % 5]);
        make_row<0>(a, d, next);
        make_row<1>(a, d, next);
        make_row<2>(a, d, next);
        make_row<3>(a, d, next);
        make_row<4>(a, d, next);
        next[0] ^= Lane{constant, 0};
        for (int i = 0; i < 25; ++i) a[i] = next[i];
    }
    for (int i = 0; i < 25; ++i) state[i] = a[i][0];
}

#pragma clang attribute pop

Bytes32 keccak256_lanes(ByteView data) noexcept {
    std::uint64_t state[25]{};
    const std::uint8_t* p = data.data();
    std::size_t left = data.size();
    for (; left >= RATE; left -= RATE, p += RATE) {
        for (std::size_t i = 0; i < RATE / 8; ++i) state[i] ^= load_le64(p + 8 * i);
        permute(state);
    }
    std::size_t i = 0;
    for (; 8 * i + 8 <= left; ++i) state[i] ^= load_le64(p + 8 * i);
    std::uint64_t rest = std::uint64_t{0x01} << (8 * (left % 8));
    for (std::size_t k = 8 * i; k < left; ++k) rest |= std::uint64_t{p[k]} << (8 * (k % 8));
    state[i] ^= rest;
    state[RATE / 8 - 1] ^= std::uint64_t{0x80} << 56;
    permute(state);
    Bytes32 digest;
    for (std::size_t k = 0; k < 4; ++k) store_le64(digest.data() + 8 * k, state[k]);
    return digest;
}

}  // namespace
#endif

Bytes32 keccak256_native(ByteView data) noexcept {
#ifdef MEZZ_KECCAK_LANES
    if (lanes_available()) return keccak256_lanes(data);
#endif
    return crypto::keccak256(data);
}

}  // namespace mezz::host
