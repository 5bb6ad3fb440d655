// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/crypto/blake2f.hpp"
#include "core/crypto/ripemd160.hpp"
#include "core/crypto/sha256.hpp"

namespace mezz::crypto {
namespace {

ByteView text(const char* s) {
    return {reinterpret_cast<const std::uint8_t*>(s), std::strlen(s)};
}

TEST(sha256, known_digests) {
    EXPECT_EQ(sha256({}),
              hex<Bytes32>("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    EXPECT_EQ(sha256(text("abc")),
              hex<Bytes32>("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    EXPECT_EQ(sha256(text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
              hex<Bytes32>("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"));
    EXPECT_EQ(sha256(Bytes(1'000'000, 'a')),
              hex<Bytes32>("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"));
}

TEST(sha256, pieces_hash_like_the_whole) {
    const Bytes data(300, 7);
    for (std::size_t cut = 0; cut <= data.size(); ++cut) {
        Sha256 hasher;
        hasher.update(ByteView(data).first(cut)).update(ByteView(data).subspan(cut));
        ASSERT_EQ(hasher.finish(), sha256(data)) << cut;
    }
}

TEST(hmac_sha256, rfc_4231_case_2) {
    EXPECT_EQ(hmac_sha256(text("Jefe"), text("what do ya want for nothing?")),
              hex<Bytes32>("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
}

TEST(ripemd160, known_digests) {
    EXPECT_EQ(ripemd160({}), hex<FixedBytes<20>>("9c1185a5c5e9fc54612808977ee8f548b2258d31"));
    EXPECT_EQ(ripemd160(text("abc")),
              hex<FixedBytes<20>>("8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"));
    EXPECT_EQ(ripemd160(text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
              hex<FixedBytes<20>>("12a053384a9c0c88e405a06c27dcf49ada62eb2b"));
    EXPECT_EQ(ripemd160(Bytes(1'000'000, 'a')),
              hex<FixedBytes<20>>("52783243c1697bdbe16d37f97f68f08325dc1528"));
}

TEST(blake2f, wrong_size_or_flag_is_rejected) {
    EXPECT_FALSE(blake2f(Bytes(BLAKE2F_INPUT_SIZE - 1)));
    EXPECT_FALSE(blake2f(Bytes(BLAKE2F_INPUT_SIZE + 1)));
    Bytes input(BLAKE2F_INPUT_SIZE);
    EXPECT_TRUE(blake2f(input));
    input.back() = 1;
    EXPECT_TRUE(blake2f(input));
    input.back() = 2;
    EXPECT_FALSE(blake2f(input));
}

TEST(blake2f, twelve_rounds_make_blake2b_of_abc) {
    // h = IV with the parameter block of a 64-byte digest, m = "abc".
    std::array<std::uint64_t, 8> h = {0x6a09e667f2bdc948, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
                                      0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
                                      0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};
    blake2b_compress(12, h, {0x636261}, {3, 0}, true);
    EXPECT_EQ(h[0], 0x0d4d1c983fa580baU);
    EXPECT_EQ(h[7], 0x239900d4ed8623b9U);
}

}  // namespace
}  // namespace mezz::crypto
