// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/crypto/keccak_native.hpp"

#include <gtest/gtest.h>

#include <random>

#include "core/crypto/keccak_plain.hpp"

namespace mezz::host {
namespace {

TEST(Keccak256Native, EqualsCoreAndTheDefinitionAtEveryLength) {
    std::mt19937_64 random{3};
    Bytes data;
    for (int size = 0; size < 5 * 136 + 2; ++size) {
        const Bytes32 digest = keccak256_native(data);
        ASSERT_EQ(digest, crypto::keccak256(data)) << size;
        ASSERT_EQ(digest, crypto::plain::keccak256(data)) << size;
        data.push_back(static_cast<std::uint8_t>(random()));
    }
}

TEST(Keccak256Native, EqualsCoreOnRandomInput) {
    std::mt19937_64 random{4};
    for (int i = 0; i < 20'000; ++i) {
        Bytes data(random() % 300);
        for (auto& byte : data) byte = static_cast<std::uint8_t>(random());
        ASSERT_EQ(keccak256_native(data), crypto::keccak256(data)) << i;
    }
}

TEST(Keccak256Native, KnowsTheEmptyString) {
    EXPECT_EQ(keccak256_native({}), crypto::EMPTY_KECCAK);
}

TEST(Keccak256Many, EqualsCoreAtEveryLengthAndCount) {
    std::mt19937_64 random{5};
    for (std::size_t size = 0; size < 3 * 136 + 2; ++size)
        for (const std::size_t count : {0, 1, 2, 3, 7, 8, 9, 17}) {
            Bytes data(size * count);
            for (auto& byte : data) byte = static_cast<std::uint8_t>(random());
            std::vector<Bytes32> digests(count);
            keccak256_many(data.data(), size, digests);
            for (std::size_t i = 0; i < count; ++i)
                ASSERT_EQ(digests[i], crypto::keccak256(ByteView(data).subspan(size * i, size)))
                    << size << " " << i;
        }
}

TEST(Keccak256Many, MayOverwriteItsMessages) {
    std::mt19937_64 random{6};
    for (const std::size_t count : {1, 5, 8, 20, 64}) {
        std::vector<Bytes32> nodes(2 * count);
        for (auto& node : nodes)
            for (std::size_t i = 0; i < 32; ++i) node[i] = static_cast<std::uint8_t>(random());
        std::vector<Bytes32> parents(count);
        keccak256_many(nodes[0].data(), 64, parents);
        keccak256_many(nodes[0].data(), 64, std::span(nodes).first(count));
        nodes.resize(count);
        EXPECT_EQ(nodes, parents);
    }
}

}  // namespace
}  // namespace mezz::host
