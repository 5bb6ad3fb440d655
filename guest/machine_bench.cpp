// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// A mix of the work a block is made of, without input, for bench/machine: hashing, arithmetic of
/// 256 bits, ordered maps and copies. Exits with seven bits of what it computed. No part of what is
/// proven.

#include <cstring>
#include <map>
#include <vector>

#include "core/base/uint256.hpp"
#include "core/crypto/keccak.hpp"

namespace {

using namespace mezz;

constexpr int ROUNDS = 40;

/// A chain of hashes over a buffer that each changes.
Bytes32 hash_memory(std::vector<std::uint8_t>& buffer) {
    Bytes32 digest;
    for (std::size_t at = 0; at + 1088 <= buffer.size(); at += 1088) {
        std::memcpy(buffer.data() + at, digest.data(), 32);
        digest = crypto::keccak256(ByteView(buffer).subspan(at, 1088));
    }
    return digest;
}

uint256 multiply(uint256 a, const uint256& b, const uint256& modulus) {
    for (int i = 0; i < 600; ++i) a = mul_mod(a, b, modulus);
    return a;
}

std::uint64_t use_map(std::uint64_t seed) {
    std::map<std::uint64_t, std::uint64_t> map;
    for (int i = 0; i < 3000; ++i) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        map[seed >> 52] += static_cast<std::uint64_t>(i);
    }
    std::uint64_t sum = 0;
    for (const auto& [key, value] : map) sum = sum * 31 + key + value;
    return sum;
}

}  // namespace

int main() {
    std::vector<std::uint8_t> buffer(64 * 1024), copy(64 * 1024);
    Bytes32 digest;
    std::uint64_t sum = 0;
    uint256 product{3};
    const uint256 modulus{~0ull, ~0ull, ~0ull, 0x7fff'ffff'ffff'ffff};
    for (int round = 0; round < ROUNDS; ++round) {
        digest = hash_memory(buffer);
        std::memcpy(copy.data() + round, buffer.data() + 7, buffer.size() - 64);
        std::memcpy(buffer.data(), copy.data(), copy.size());
        product =
            multiply(product, uint256{digest[0] + 2u, load_le64(digest.data()), 5, 7}, modulus);
        sum += use_map(sum + product.limb[0]);
    }
    return static_cast<int>((sum ^ product.limb[0]) & 0x7f);
}
