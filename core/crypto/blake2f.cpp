// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/blake2f.hpp"

#include <bit>

#include "core/base/endian.hpp"

namespace mezz::crypto {
namespace {

constexpr std::uint64_t IV[8] = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
                                 0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
                                 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};
constexpr std::uint8_t SIGMA[10][16] = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
                                        {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
                                        {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
                                        {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
                                        {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
                                        {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
                                        {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
                                        {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
                                        {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
                                        {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};

}  // namespace

void blake2b_compress(std::uint32_t rounds, std::array<std::uint64_t, 8>& h,
                      const std::array<std::uint64_t, 16>& m, const std::array<std::uint64_t, 2>& t,
                      bool final_block) noexcept {
    std::uint64_t v[16];
    for (std::size_t i = 0; i < 8; ++i) {
        v[i] = h[i];
        v[i + 8] = IV[i];
    }
    v[12] ^= t[0];
    v[13] ^= t[1];
    if (final_block) v[14] = ~v[14];
    auto g = [&](int a, int b, int c, int d, std::uint64_t x, std::uint64_t y) {
        v[a] += v[b] + x;
        v[d] = std::rotr(v[d] ^ v[a], 32);
        v[c] += v[d];
        v[b] = std::rotr(v[b] ^ v[c], 24);
        v[a] += v[b] + y;
        v[d] = std::rotr(v[d] ^ v[a], 16);
        v[c] += v[d];
        v[b] = std::rotr(v[b] ^ v[c], 63);
    };
    for (std::uint32_t round = 0, row = 0; round < rounds; ++round) {
        const std::uint8_t* s = SIGMA[row];
        row = row == 9 ? 0 : row + 1;
        g(0, 4, 8, 12, m[s[0]], m[s[1]]);
        g(1, 5, 9, 13, m[s[2]], m[s[3]]);
        g(2, 6, 10, 14, m[s[4]], m[s[5]]);
        g(3, 7, 11, 15, m[s[6]], m[s[7]]);
        g(0, 5, 10, 15, m[s[8]], m[s[9]]);
        g(1, 6, 11, 12, m[s[10]], m[s[11]]);
        g(2, 7, 8, 13, m[s[12]], m[s[13]]);
        g(3, 4, 9, 14, m[s[14]], m[s[15]]);
    }
    for (std::size_t i = 0; i < 8; ++i) h[i] ^= v[i] ^ v[i + 8];
}

std::optional<FixedBytes<64>> blake2f(ByteView input) noexcept {
    if (input.size() != BLAKE2F_INPUT_SIZE || input[212] > 1) return std::nullopt;
    std::array<std::uint64_t, 8> h;
    std::array<std::uint64_t, 16> m;
    for (std::size_t i = 0; i < 8; ++i) h[i] = load_le64(&input[4 + 8 * i]);
    for (std::size_t i = 0; i < 16; ++i) m[i] = load_le64(&input[68 + 8 * i]);
    blake2b_compress(load_be32(input.data()), h, m,
                     {load_le64(&input[196]), load_le64(&input[204])}, input[212] == 1);
    FixedBytes<64> out;
    for (std::size_t i = 0; i < 8; ++i) store_le64(out.data() + 8 * i, h[i]);
    return out;
}

}  // namespace mezz::crypto
