// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/crypto/keccak_native.hpp"

#include <algorithm>

#include "core/base/endian.hpp"

#if defined(__clang__) && defined(__x86_64__)
#define MEZZ_KECCAK_LANES 1
#endif

namespace mezz::host {

#ifdef MEZZ_KECCAK_LANES
namespace {

enum class Vectors : std::uint8_t { none, avx2, avx512 };

Vectors vectors() noexcept {
    static const Vectors available =
        __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") ? Vectors::avx512
        : __builtin_cpu_supports("avx2")                                        ? Vectors::avx2
                                                                                : Vectors::none;
    return available;
}

/// A lane in the low word of a register, and the lane of four or eight messages. With AVX-512 the
/// compiler makes one instruction of `a ^ (~b & c)` and of a rotation.
using Lane = std::uint64_t __attribute__((vector_size(16)));
using LaneOfFour = std::uint64_t __attribute__((vector_size(32)));
using LaneOfEight = std::uint64_t __attribute__((vector_size(64)));

// What follows is inlined into functions that have the registers: nothing is passed in any.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"

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

template <int BITS, class Lane>
[[gnu::always_inline]] inline Lane rotated(Lane lane) noexcept {
    if constexpr (BITS == 0)
        return lane;
    else
        return lane << BITS | lane >> (64 - BITS);
}

/// Row `ROW` of the next state: rho and pi bring lane (x, X) to it, where 2 x + 3 X = ROW mod 5.
template <int ROW, class Lane>
[[gnu::always_inline]] inline void make_row(const Lane (&a)[25], const Lane (&d)[5],
                                            Lane (&next)[25]) noexcept {
    const auto lane = [&]<int X>(std::integral_constant<int, X>) __attribute__((always_inline)) {
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

template <class Lane>
[[gnu::always_inline]] inline void permute_lanes(Lane (&a)[25]) noexcept {
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
        next[0] ^= constant;
        for (int i = 0; i < 25; ++i) a[i] = next[i];
    }
}

/// The digests of as many messages as a lane has parts.
template <class WideLane, std::size_t WIDTH>
[[gnu::always_inline]] inline void keccak256_wide(const std::uint8_t* const (&from)[WIDTH],
                                                  std::size_t size_bytes,
                                                  Bytes32 (&digests)[WIDTH]) noexcept {
    static_assert(sizeof(WideLane) == 8 * WIDTH);
    WideLane a[25]{};
    std::size_t at = 0;
    const auto absorb = [&](std::size_t lane, std::size_t offset) __attribute__((always_inline)) {
        WideLane words;
        for (std::size_t m = 0; m < WIDTH; ++m) words[m] = load_le64(from[m] + offset);
        a[lane] ^= words;
    };
    for (; size_bytes - at >= RATE; at += RATE) {
        for (std::size_t i = 0; i < RATE / 8; ++i) absorb(i, at + 8 * i);
        permute_lanes(a);
    }
    std::size_t lane = 0;
    for (; size_bytes - at >= 8; at += 8) absorb(lane++, at);
    WideLane rest{};
    for (std::size_t m = 0; m < WIDTH; ++m) {
        std::uint64_t last = std::uint64_t{0x01} << (8 * (size_bytes - at));
        for (std::size_t k = at; k < size_bytes; ++k)
            last |= std::uint64_t{from[m][k]} << (8 * (k - at));
        rest[m] = last;
    }
    a[lane] ^= rest;
    a[RATE / 8 - 1] ^= std::uint64_t{0x80} << 56;
    permute_lanes(a);
    for (std::size_t m = 0; m < WIDTH; ++m)
        for (std::size_t k = 0; k < 4; ++k) store_le64(digests[m].data() + 8 * k, a[k][m]);
}

#pragma clang diagnostic pop

[[gnu::target("avx2")]] void keccak256_four(const std::uint8_t* const (&from)[4],
                                            std::size_t size_bytes,
                                            Bytes32 (&digests)[4]) noexcept {
    keccak256_wide<LaneOfFour>(from, size_bytes, digests);
}

#pragma clang attribute push(__attribute__((target("avx512f,avx512vl"))), apply_to = function)

void keccak256_eight(const std::uint8_t* const (&from)[8], std::size_t size_bytes,
                     Bytes32 (&digests)[8]) noexcept {
    keccak256_wide<LaneOfEight>(from, size_bytes, digests);
}

void permute(std::uint64_t (&state)[25]) noexcept {
    Lane a[25];
    for (int i = 0; i < 25; ++i) a[i] = Lane{state[i], 0};
    permute_lanes(a);
    for (int i = 0; i < 25; ++i) state[i] = a[i][0];
}

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

#pragma clang attribute pop

/// Hashes WIDTH messages in each turn, while at least `worth_while` are left; fewer take longer
/// together than one by one. returns: how many are done.
template <std::size_t WIDTH, class HashWide>
std::size_t many(const std::uint8_t* messages, std::size_t size_bytes, std::span<Bytes32> digests,
                 std::size_t worth_while, HashWide&& hash_wide) noexcept {
    std::size_t done = 0;
    while (digests.size() - done >= worth_while) {
        const std::size_t count = std::min(digests.size() - done, WIDTH);
        const std::uint8_t* from[WIDTH];
        for (std::size_t m = 0; m < WIDTH; ++m)
            from[m] = messages + size_bytes * (done + std::min(m, count - 1));
        Bytes32 out[WIDTH];
        hash_wide(from, size_bytes, out);
        std::copy_n(out, count, digests.begin() + static_cast<std::ptrdiff_t>(done));
        done += count;
    }
    return done;
}

}  // namespace
#endif

Bytes32 keccak256_native(ByteView data) noexcept {
#ifdef MEZZ_KECCAK_LANES
    if (vectors() == Vectors::avx512) return keccak256_lanes(data);
#endif
    return crypto::keccak256(data);
}

void keccak256_many(const std::uint8_t* messages, std::size_t size_bytes,
                    std::span<Bytes32> digests) noexcept {
    std::size_t done = 0;
#ifdef MEZZ_KECCAK_LANES
    if (vectors() == Vectors::avx512)
        done = many<8>(messages, size_bytes, digests, 3, keccak256_eight);
    else if (vectors() == Vectors::avx2)
        done = many<4>(messages, size_bytes, digests, 3, keccak256_four);
#endif
    for (; done < digests.size(); ++done)
        digests[done] = keccak256_native({messages + size_bytes * done, size_bytes});
}

}  // namespace mezz::host
