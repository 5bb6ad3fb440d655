// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/keccak.hpp"

#include <bit>

#include "core/base/endian.hpp"

namespace mezz::crypto {
namespace {

constexpr std::size_t RATE = 136;

constexpr std::uint64_t ROUND_CONSTANTS[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

// Six lanes are kept complemented through the rounds. Chi's (not b) and c then needs one NOT a row
// rather than five; which operator each lane takes follows from which of its inputs are
// complemented.
constexpr int COMPLEMENTED[6] = {1, 2, 8, 12, 17, 20};

struct Lanes {
    std::uint64_t a[25];
};

/// One round from `s` to `e`. Constant indices only, so that both stay in registers and stack
/// slots.
[[gnu::always_inline]] inline void round(const Lanes& s, Lanes& e,
                                         std::uint64_t constant) noexcept {
    const auto& a = s.a;
    const std::uint64_t c0 = a[0] ^ a[5] ^ a[10] ^ a[15] ^ a[20];
    const std::uint64_t c1 = a[1] ^ a[6] ^ a[11] ^ a[16] ^ a[21];
    const std::uint64_t c2 = a[2] ^ a[7] ^ a[12] ^ a[17] ^ a[22];
    const std::uint64_t c3 = a[3] ^ a[8] ^ a[13] ^ a[18] ^ a[23];
    const std::uint64_t c4 = a[4] ^ a[9] ^ a[14] ^ a[19] ^ a[24];
    const std::uint64_t d0 = c4 ^ std::rotl(c1, 1);
    const std::uint64_t d1 = c0 ^ std::rotl(c2, 1);
    const std::uint64_t d2 = c1 ^ std::rotl(c3, 1);
    const std::uint64_t d3 = c2 ^ std::rotl(c4, 1);
    const std::uint64_t d4 = c3 ^ std::rotl(c0, 1);
    {
        const std::uint64_t b0 = a[0] ^ d0;
        const std::uint64_t b1 = std::rotl(a[6] ^ d1, 44);
        const std::uint64_t b2 = std::rotl(a[12] ^ d2, 43);
        const std::uint64_t b3 = std::rotl(a[18] ^ d3, 21);
        const std::uint64_t b4 = std::rotl(a[24] ^ d4, 14);
        e.a[0] = b0 ^ (b1 | b2) ^ constant;
        e.a[1] = b1 ^ (~b2 | b3);
        e.a[2] = b2 ^ (b3 & b4);
        e.a[3] = b3 ^ (b4 | b0);
        e.a[4] = b4 ^ (b0 & b1);
    }
    {
        const std::uint64_t b0 = std::rotl(a[3] ^ d3, 28);
        const std::uint64_t b1 = std::rotl(a[9] ^ d4, 20);
        const std::uint64_t b2 = std::rotl(a[10] ^ d0, 3);
        const std::uint64_t b3 = std::rotl(a[16] ^ d1, 45);
        const std::uint64_t b4 = std::rotl(a[22] ^ d2, 61);
        e.a[5] = b0 ^ (b1 | b2);
        e.a[6] = b1 ^ (b2 & b3);
        e.a[7] = b2 ^ (b3 | ~b4);
        e.a[8] = b3 ^ (b4 | b0);
        e.a[9] = b4 ^ (b0 & b1);
    }
    {
        const std::uint64_t b0 = std::rotl(a[1] ^ d1, 1);
        const std::uint64_t b1 = std::rotl(a[7] ^ d2, 6);
        const std::uint64_t b2 = std::rotl(a[13] ^ d3, 25);
        const std::uint64_t b3 = std::rotl(a[19] ^ d4, 8);
        const std::uint64_t b4 = std::rotl(a[20] ^ d0, 18);
        const std::uint64_t not_b3 = ~b3;
        e.a[10] = b0 ^ (b1 | b2);
        e.a[11] = b1 ^ (b2 & b3);
        e.a[12] = b2 ^ (not_b3 & b4);
        e.a[13] = not_b3 ^ (b4 | b0);
        e.a[14] = b4 ^ (b0 & b1);
    }
    {
        const std::uint64_t b0 = std::rotl(a[4] ^ d4, 27);
        const std::uint64_t b1 = std::rotl(a[5] ^ d0, 36);
        const std::uint64_t b2 = std::rotl(a[11] ^ d1, 10);
        const std::uint64_t b3 = std::rotl(a[17] ^ d2, 15);
        const std::uint64_t b4 = std::rotl(a[23] ^ d3, 56);
        const std::uint64_t not_b3 = ~b3;
        e.a[15] = b0 ^ (b1 & b2);
        e.a[16] = b1 ^ (b2 | b3);
        e.a[17] = b2 ^ (not_b3 | b4);
        e.a[18] = not_b3 ^ (b4 & b0);
        e.a[19] = b4 ^ (b0 | b1);
    }
    {
        const std::uint64_t b0 = std::rotl(a[2] ^ d2, 62);
        const std::uint64_t b1 = std::rotl(a[8] ^ d3, 55);
        const std::uint64_t b2 = std::rotl(a[14] ^ d4, 39);
        const std::uint64_t b3 = std::rotl(a[15] ^ d0, 41);
        const std::uint64_t b4 = std::rotl(a[21] ^ d1, 2);
        const std::uint64_t not_b1 = ~b1;
        e.a[20] = b0 ^ (not_b1 & b2);
        e.a[21] = not_b1 ^ (b2 | b3);
        e.a[22] = b2 ^ (b3 & b4);
        e.a[23] = b3 ^ (b4 | b0);
        e.a[24] = b4 ^ (b0 & b1);
    }
}

void absorb_block(std::uint64_t (&state)[25], const std::uint8_t* block) noexcept {
    for (std::size_t i = 0; i < RATE / 8; ++i) state[i] ^= load_le64(block + 8 * i);
    keccak_f1600(state);
}

void absorb_byte(std::uint64_t (&state)[25], std::size_t at, std::uint8_t byte) noexcept {
    state[at / 8] ^= std::uint64_t{byte} << (8 * (at % 8));
}

/// Mixes `size` bytes in at byte offset `at`; at + size <= RATE.
void absorb_part(std::uint64_t (&state)[25], std::size_t at, const std::uint8_t* data,
                 std::size_t size) noexcept {
    std::size_t i = 0;
    for (; i < size && (at + i) % 8 != 0; ++i) absorb_byte(state, at + i, data[i]);
    for (; i + 8 <= size; i += 8) state[(at + i) / 8] ^= load_le64(data + i);
    for (; i < size; ++i) absorb_byte(state, at + i, data[i]);
}

Bytes32 finish_block(std::uint64_t (&state)[25], std::size_t filled) noexcept {
    absorb_byte(state, filled, 0x01);
    absorb_byte(state, RATE - 1, 0x80);
    keccak_f1600(state);
    Bytes32 digest;
    for (std::size_t i = 0; i < 4; ++i) store_le64(digest.data() + 8 * i, state[i]);
    return digest;
}

}  // namespace

void keccak_f1600(std::uint64_t (&state)[25]) noexcept {
    Lanes s, e;
    for (int i = 0; i < 25; ++i) s.a[i] = state[i];
    for (const int i : COMPLEMENTED) s.a[i] = ~s.a[i];
    for (int r = 0; r < 24; r += 2) {
        round(s, e, ROUND_CONSTANTS[r]);
        round(e, s, ROUND_CONSTANTS[r + 1]);
    }
    for (const int i : COMPLEMENTED) s.a[i] = ~s.a[i];
    for (int i = 0; i < 25; ++i) state[i] = s.a[i];
}

Bytes32 keccak256(ByteView data) noexcept {
    std::uint64_t state[25]{};
    const std::uint8_t* p = data.data();
    std::size_t left = data.size();
    for (; left >= RATE; left -= RATE, p += RATE) absorb_block(state, p);
    absorb_part(state, 0, p, left);
    return finish_block(state, left);
}

void Keccak256::update(ByteView data) noexcept {
    const std::uint8_t* p = data.data();
    std::size_t left = data.size();
    if (filled_ + left < RATE) {
        absorb_part(state_, filled_, p, left);
        filled_ += left;
        return;
    }
    const std::size_t head = RATE - filled_;
    absorb_part(state_, filled_, p, head);
    keccak_f1600(state_);
    p += head;
    left -= head;
    for (; left >= RATE; left -= RATE, p += RATE) absorb_block(state_, p);
    absorb_part(state_, 0, p, left);
    filled_ = left;
}

Bytes32 Keccak256::finish() noexcept {
    const Bytes32 digest = finish_block(state_, filled_);
    *this = Keccak256{};
    return digest;
}

}  // namespace mezz::crypto
