// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <random>

#include "core/crypto/kzg_prover.hpp"
#include "core/derive/channel.hpp"
#include "node/host/crypto/trusted_setup.hpp"

namespace mezz::test {
namespace {

TEST(BlobEvaluation, gives_the_y_of_a_kzg_proof) {
    std::mt19937_64 random(7);
    Bytes data(derive::blob_capacity);
    for (auto& b : data) b = static_cast<std::uint8_t>(random());
    const Bytes blob = derive::encode_blobs(data)[0];
    Bytes32 versioned_hash;
    for (auto& b : versioned_hash.bytes) b = static_cast<std::uint8_t>(random());
    // A point between the roots of unity, two of the roots (1 and -1), and zero.
    const uint256 minus_one{0xffffffff00000000, 0x53bda402fffe5bfe, 0x3339d80809a1d805,
                            0x73eda753299d7d48};
    for (const uint256& z : {derive::opening_point(versioned_hash, derive::chunk_hash(data)),
                             uint256{1}, minus_one, uint256{}}) {
        const auto opening = crypto::compute_kzg_proof(host::trusted_setup(), blob, to_bytes32(z));
        ASSERT_TRUE(opening);
        EXPECT_EQ(to_bytes32(derive::evaluate_blob(blob, z)), opening->y);
    }
}

}  // namespace
}  // namespace mezz::test
