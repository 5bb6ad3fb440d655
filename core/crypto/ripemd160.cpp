// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/ripemd160.hpp"

#include <bit>
#include <cstdint>

#include "core/base/endian.hpp"

namespace mezz::crypto {
namespace {

// Message word and rotation of each step, left line then right line.
constexpr std::uint8_t WORD[2][80] = {
    {0,  1, 2,  3, 4,  5,  6, 7,  8, 9,  10, 11, 12, 13, 14, 15, 7,  4,  13, 1,
     10, 6, 15, 3, 12, 0,  9, 5,  2, 14, 11, 8,  3,  10, 14, 4,  9,  15, 8,  1,
     2,  7, 0,  6, 13, 11, 5, 12, 1, 9,  11, 10, 0,  8,  12, 4,  13, 3,  7,  15,
     14, 5, 6,  2, 4,  0,  5, 9,  7, 12, 2,  10, 14, 1,  3,  8,  11, 6,  15, 13},
    {5,  14, 7,  0,  9,  2,  11, 4,  13, 6, 15, 8, 1,  10, 3,  12, 6, 11, 3, 7,
     0,  13, 5,  10, 14, 15, 8,  12, 4,  9, 1,  2, 15, 5,  1,  3,  7, 14, 6, 9,
     11, 8,  12, 2,  10, 0,  4,  13, 8,  6, 4,  1, 3,  11, 15, 0,  5, 12, 2, 13,
     9,  7,  10, 14, 12, 15, 10, 4,  1,  5, 8,  7, 6,  2,  13, 14, 0, 3,  9, 11}};
constexpr std::uint8_t ROTATION[2][80] = {
    {11, 14, 15, 12, 5, 8,  7,  9,  11, 13, 14, 15, 6,  7,  9,  8,  7,  6,  8,  13,
     11, 9,  7,  15, 7, 12, 15, 9,  11, 7,  13, 12, 11, 13, 6,  7,  14, 9,  13, 15,
     14, 8,  13, 6,  5, 12, 7,  5,  11, 12, 14, 15, 14, 15, 9,  8,  9,  14, 5,  6,
     8,  6,  5,  12, 9, 15, 5,  11, 6,  8,  13, 12, 5,  12, 13, 14, 11, 8,  5,  6},
    {8,  9,  9,  11, 13, 15, 15, 5, 7,  7,  8,  11, 14, 14, 12, 6,  9,  13, 15, 7,
     12, 8,  9,  11, 7,  7,  12, 7, 6,  15, 13, 11, 9,  7,  15, 11, 8,  6,  6,  14,
     12, 13, 5,  14, 13, 13, 7,  5, 15, 5,  8,  11, 14, 14, 6,  14, 6,  9,  12, 9,
     12, 5,  15, 8,  8,  5,  12, 9, 12, 5,  14, 6,  8,  13, 6,  5,  15, 13, 11, 11}};
constexpr std::uint32_t CONSTANT[2][5] = {{0, 0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xa953fd4e},
                                          {0x50a28be6, 0x5c4dd124, 0x6d703ef3, 0x7a6d76e9, 0}};

std::uint32_t mix(int function, std::uint32_t x, std::uint32_t y, std::uint32_t z) noexcept {
    switch (function) {
        case 0:
            return x ^ y ^ z;
        case 1:
            return (x & y) | (~x & z);
        case 2:
            return (x | ~y) ^ z;
        case 3:
            return (x & z) | (y & ~z);
        default:
            return x ^ (y | ~z);
    }
}

void compress(std::uint32_t (&state)[5], const std::uint8_t* block) noexcept {
    std::uint32_t line[2][5];
    for (int side = 0; side < 2; ++side) {
        std::uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
        for (int i = 0; i < 80; ++i) {
            const int group = i / 16;
            const std::uint32_t t = a + mix(side == 0 ? group : 4 - group, b, c, d) +
                                    load_le32(block + 4 * WORD[side][i]) + CONSTANT[side][group];
            a = e;
            e = d;
            d = std::rotl(c, 10);
            c = b;
            b = std::rotl(t, ROTATION[side][i]) + a;
        }
        const std::uint32_t end[5] = {a, b, c, d, e};
        for (int i = 0; i < 5; ++i) line[side][i] = end[i];
    }
    std::uint32_t next[5];
    for (int i = 0; i < 5; ++i)
        next[i] = state[(i + 1) % 5] + line[0][(i + 2) % 5] + line[1][(i + 3) % 5];
    for (int i = 0; i < 5; ++i) state[i] = next[i];
}

}  // namespace

FixedBytes<20> ripemd160(ByteView data) noexcept {
    std::uint32_t state[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    std::size_t at = 0;
    for (; at + 64 <= data.size(); at += 64) compress(state, data.data() + at);
    std::uint8_t tail[128]{};
    const std::size_t left = data.size() - at;
    if (left != 0) std::memcpy(tail, data.data() + at, left);
    tail[left] = 0x80;
    const std::size_t size = left < 56 ? 64 : 128;
    store_le64(tail + size - 8, std::uint64_t{data.size()} * 8);
    for (std::size_t i = 0; i < size; i += 64) compress(state, tail + i);
    FixedBytes<20> digest;
    for (int i = 0; i < 5; ++i) store_le32(digest.data() + 4 * i, state[i]);
    return digest;
}

}  // namespace mezz::crypto
