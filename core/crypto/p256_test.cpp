// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/p256.hpp"

#include <gtest/gtest.h>

namespace mezz::crypto {
namespace {

// The example of the EIP's reference tests: hash, r, s, x, y.
const auto VALID = hex<FixedBytes<160>>(
    "4cee90eb86eaa050036147a12d49004b6b9c72bd725d39d4785011fe190f0b4d"
    "a73bd4903f0ce3b639bbbf6e8e80d16931ff4bcf5993d58468e8fb19086e8cac"
    "36dbcd03009df8c59286b162af3bd7fcc0450c9aa81be5d10d312af6c66b1d60"
    "4aebd3099c618202fcfe16ae7770b0c49ab5eadf74b754204a3bb6060e44eff3"
    "7618b065f9832de4ca6ca971a7a1adc826d0f7c00181a5fb2ddf79ae00b4e10e");

TEST(p256, a_valid_signature_is_accepted_and_any_other_byte_is_not) {
    EXPECT_TRUE(p256_verify(VALID));
    for (std::size_t i = 0; i < 160; ++i) {
        auto changed = VALID;
        changed[i] ^= 1;
        EXPECT_FALSE(p256_verify(changed)) << i;
    }
}

TEST(p256, sizes_and_ranges_are_checked) {
    EXPECT_FALSE(p256_verify({}));
    EXPECT_FALSE(p256_verify(ByteView(VALID).first(159)));
    for (std::size_t field = 1; field < 5; ++field) {
        auto zero = VALID, large = VALID;
        for (std::size_t i = 0; i < 32; ++i) {
            zero[32 * field + i] = 0;
            large[32 * field + i] = 0xff;
        }
        EXPECT_FALSE(p256_verify(zero)) << field;
        EXPECT_FALSE(p256_verify(large)) << field;
    }
    auto neutral = VALID;
    for (std::size_t i = 96; i < 160; ++i) neutral[i] = 0;
    EXPECT_FALSE(p256_verify(neutral));
}

}  // namespace
}  // namespace mezz::crypto
