// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/crypto/trusted_setup.hpp"

#include <gtest/gtest.h>

#include <random>

#include "core/crypto/kzg_prover.hpp"
#include "core/crypto/sha256.hpp"

namespace mezz::host {
namespace {

Bytes random_blob(std::uint64_t seed) {
    std::mt19937_64 random{seed};
    Bytes blob(crypto::BLOB_SIZE);
    for (std::size_t i = 0; i < blob.size(); ++i)
        blob[i] = i % 32 == 0 ? 0 : static_cast<std::uint8_t>(random());
    return blob;
}

TEST(trusted_setup, is_the_pinned_file) {
    EXPECT_EQ(crypto::sha256(trusted_setup_bytes()),
              hex<Bytes32>("0e6b9f2c8c32c3f18fc34070adc6a28a7772402bccb5f56668541726b3b419ce"));
}

TEST(trusted_setup, what_the_prover_makes_the_verifier_accepts) {
    const auto& setup = trusted_setup();
    Bytes blob = random_blob(1);
    const auto commitment = crypto::blob_to_kzg_commitment(setup, blob);
    ASSERT_TRUE(commitment);
    const auto proof = crypto::compute_blob_kzg_proof(setup, blob, *commitment);
    ASSERT_TRUE(proof);
    EXPECT_EQ(crypto::verify_blob_kzg_proof(blob, *commitment, *proof), true);
    blob[31] ^= 1;
    EXPECT_EQ(crypto::verify_blob_kzg_proof(blob, *commitment, *proof), false);

    for (const std::uint64_t at : {std::uint64_t{1}, std::uint64_t{77}}) {  // 1 is on the domain
        const Bytes32 z = to_bytes32(at);
        const auto opening = crypto::compute_kzg_proof(setup, blob, z);
        const auto changed = crypto::blob_to_kzg_commitment(setup, blob);
        ASSERT_TRUE(opening && changed);
        EXPECT_EQ(crypto::verify_kzg_proof(*changed, z, opening->y, opening->proof), true);
        EXPECT_EQ(crypto::verify_kzg_proof(*commitment, z, opening->y, opening->proof), false);
    }
}

TEST(trusted_setup, cells_verify_and_carry_the_blob_in_their_first_half) {
    const auto& setup = trusted_setup();
    const Bytes blob = random_blob(2);
    const auto commitment = crypto::blob_to_kzg_commitment(setup, blob);
    const auto made = crypto::compute_cells_and_kzg_proofs(setup, blob);
    ASSERT_TRUE(commitment && made);
    EXPECT_TRUE(equal(ByteView(made->cells).first(blob.size()), blob));

    std::vector<Bytes48> commitments, proofs;
    std::vector<std::uint64_t> indices;
    std::vector<ByteView> cells;
    for (std::uint64_t i = 0; i < crypto::CELLS_PER_EXT_BLOB; i += 9) {
        commitments.push_back(*commitment);
        proofs.push_back(made->proofs[i]);
        indices.push_back(i);
        cells.push_back(ByteView(made->cells).subspan(i * crypto::CELL_SIZE, crypto::CELL_SIZE));
    }
    auto verify = [&] {
        return crypto::verify_cell_kzg_proof_batch(setup, commitments, indices, cells, proofs);
    };
    EXPECT_EQ(verify(), true);
    std::swap(indices[0], indices[1]);
    EXPECT_EQ(verify(), false);
    indices[0] = crypto::CELLS_PER_EXT_BLOB;
    EXPECT_EQ(verify().error(), crypto::KzgError::cell_index);
    indices.pop_back();
    EXPECT_EQ(verify().error(), crypto::KzgError::input_length);
}

}  // namespace
}  // namespace mezz::host
