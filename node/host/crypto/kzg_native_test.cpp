// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/crypto/kzg_native.hpp"

#include <gtest/gtest.h>

#include <random>

#include "node/host/crypto/trusted_setup.hpp"

namespace mezz::host {
namespace {

/// Empty, constant, sparse, and full blobs, with the largest element where it is likely to hurt.
std::vector<Bytes> blobs() {
    std::vector<Bytes> out(4, Bytes(crypto::BLOB_SIZE));
    for (std::size_t i = 0; i < crypto::BLOB_SIZE; i += 32) out[1][i + 31] = 7;
    const Bytes32 largest = to_bytes32(
        uint256{0xffffffff00000000, 0x53bda402fffe5bfe, 0x3339d80809a1d805, 0x73eda753299d7d48});
    for (const std::size_t at : {0u, 4095u, 17u})
        std::copy(largest.begin(), largest.end(),
                  out[2].begin() + static_cast<std::ptrdiff_t>(32 * at));
    std::mt19937_64 random{3};
    for (std::size_t i = 0; i < crypto::BLOB_SIZE; ++i)
        out[3][i] = i % 32 == 0 ? 0 : static_cast<std::uint8_t>(random());
    return out;
}

TEST(kzg_native, equals_core_on_accepted_blobs) {
    for (const Bytes& blob : blobs()) {
        EXPECT_EQ(blob_to_kzg_commitment(blob),
                  crypto::blob_to_kzg_commitment(trusted_setup(), blob));
        for (const std::uint64_t at : {std::uint64_t{1}, std::uint64_t{77}}) {
            const Bytes32 z = to_bytes32(at);  // 1 is on the domain
            const auto mine = compute_kzg_proof(blob, z);
            const auto theirs = crypto::compute_kzg_proof(trusted_setup(), blob, z);
            ASSERT_TRUE(mine && theirs);
            EXPECT_EQ(mine->proof, theirs->proof);
            EXPECT_EQ(mine->y, theirs->y);
        }
        const auto mine = compute_cells_and_kzg_proofs(blob);
        const auto theirs = crypto::compute_cells_and_kzg_proofs(trusted_setup(), blob);
        ASSERT_TRUE(mine && theirs);
        EXPECT_EQ(mine->cells, theirs->cells);
        EXPECT_EQ(mine->proofs, theirs->proofs);
    }
}

TEST(kzg_native, refuses_what_core_refuses) {
    const Bytes small(7), beyond(crypto::BLOB_SIZE, 0xff);
    for (const Bytes& blob : {small, beyond}) {
        EXPECT_EQ(blob_to_kzg_commitment(blob).error(),
                  crypto::blob_to_kzg_commitment(trusted_setup(), blob).error());
        EXPECT_EQ(compute_cells_and_kzg_proofs(blob).error(),
                  crypto::compute_cells_and_kzg_proofs(trusted_setup(), blob).error());
        EXPECT_EQ(compute_kzg_proof(blob, {}).error(),
                  crypto::compute_kzg_proof(trusted_setup(), blob, {}).error());
    }
    const Bytes zero(crypto::BLOB_SIZE);
    const Bytes32 large = to_bytes32(~uint256{});
    EXPECT_EQ(compute_kzg_proof(zero, large).error(),
              crypto::compute_kzg_proof(trusted_setup(), zero, large).error());
}

}  // namespace
}  // namespace mezz::host
