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

}  // namespace
}  // namespace mezz::host
