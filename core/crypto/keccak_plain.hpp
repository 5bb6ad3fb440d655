// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Keccak-256 written the way its definition reads: the reference that keccak.cpp must equal.
///
/// Used by differential tests only. spec: the Keccak reference, sections 1.2 and 1.3.

#include <bit>
#include <cstdint>

#include "core/base/bytes.hpp"
#include "core/base/endian.hpp"

namespace mezz::crypto::plain {

inline void keccak_f1600(std::uint64_t (&state)[25]) noexcept {
    std::uint8_t lfsr = 1;  // generates the round constants
    for (int round = 0; round < 24; ++round) {
        std::uint64_t column[5];
        for (int x = 0; x < 5; ++x)
            column[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20];
        for (int i = 0; i < 25; ++i)
            state[i] ^= column[(i + 4) % 5] ^ std::rotl(column[(i + 1) % 5], 1);

        int x = 1, y = 0;
        std::uint64_t moving = state[1];
        for (int t = 0; t < 24; ++t) {  // rho and pi, along the one cycle of 24 lanes
            const int next = (2 * x + 3 * y) % 5;
            x = y;
            y = next;
            const std::uint64_t replaced = state[x + 5 * y];
            state[x + 5 * y] = std::rotl(moving, (t + 1) * (t + 2) / 2 % 64);
            moving = replaced;
        }
        for (int row = 0; row < 25; row += 5) {
            std::uint64_t b[5];
            for (int i = 0; i < 5; ++i) b[i] = state[row + i];
            for (int i = 0; i < 5; ++i) state[row + i] = b[i] ^ (~b[(i + 1) % 5] & b[(i + 2) % 5]);
        }
        for (int j = 0; j < 7; ++j) {
            if ((lfsr & 1) != 0) state[0] ^= std::uint64_t{1} << ((1 << j) - 1);
            lfsr = static_cast<std::uint8_t>((lfsr << 1) ^ ((lfsr >> 7) * 0x71));
        }
    }
}

inline Bytes32 keccak256(ByteView data) {
    Bytes padded = to_bytes(data);
    padded.push_back(0x01);
    padded.resize((padded.size() + 135) / 136 * 136);
    padded.back() |= 0x80;
    std::uint64_t state[25]{};
    for (std::size_t at = 0; at < padded.size(); at += 136) {
        for (std::size_t i = 0; i < 17; ++i) state[i] ^= load_le64(&padded[at + 8 * i]);
        keccak_f1600(state);
    }
    Bytes32 digest;
    for (std::size_t i = 0; i < 4; ++i) store_le64(&digest[8 * i], state[i]);
    return digest;
}

}  // namespace mezz::crypto::plain
