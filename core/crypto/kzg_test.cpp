// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/kzg.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "core/crypto/kzg_polynomial.hpp"
#include "core/crypto/kzg_setup.hpp"

namespace mezz::crypto {
namespace {

using namespace kzg;

const Bytes48 NEUTRAL = compress(G1{});
const Bytes48 GENERATOR = compress(bls12_381::G1_GENERATOR);

Bytes32 scalar(std::uint64_t v) {
    Bytes32 out;
    store_be64(out.data() + 24, v);
    return out;
}
Bytes point_input(const Bytes48& commitment, std::uint64_t z, std::uint64_t y,
                  const Bytes48& proof) {
    Bytes in = to_bytes(kzg_to_versioned_hash(commitment));
    append(in, scalar(z));
    append(in, scalar(y));
    append(in, commitment);
    append(in, proof);
    return in;
}

TEST(kzg, a_constant_polynomial_opens_to_its_constant_everywhere) {
    EXPECT_EQ(verify_kzg_proof(GENERATOR, scalar(5), scalar(1), NEUTRAL), true);
    EXPECT_EQ(verify_kzg_proof(GENERATOR, scalar(5), scalar(2), NEUTRAL), false);
    EXPECT_EQ(verify_kzg_proof(NEUTRAL, scalar(5), scalar(0), NEUTRAL), true);
    EXPECT_EQ(verify_kzg_proof(GENERATOR, scalar(5), scalar(1), GENERATOR), false);
}

TEST(kzg, malformed_parts_are_rejected_with_a_reason) {
    Bytes32 wide;
    for (auto& byte : wide.bytes) byte = 0xff;
    EXPECT_EQ(verify_kzg_proof(GENERATOR, wide, scalar(1), NEUTRAL).error(),
              KzgError::scalar_range);
    EXPECT_EQ(verify_kzg_proof(GENERATOR, scalar(1), wide, NEUTRAL).error(),
              KzgError::scalar_range);
    EXPECT_EQ(verify_kzg_proof(Bytes48{}, scalar(1), scalar(1), NEUTRAL).error(),
              KzgError::point_encoding);
    EXPECT_EQ(verify_blob_kzg_proof(Bytes(BLOB_SIZE - 1), NEUTRAL, NEUTRAL).error(),
              KzgError::input_length);
    Bytes blob(BLOB_SIZE);
    EXPECT_EQ(verify_blob_kzg_proof(blob, NEUTRAL, NEUTRAL), true);
    for (std::size_t i = 0; i < 32; ++i) blob[i] = 0xff;
    EXPECT_EQ(verify_blob_kzg_proof(blob, NEUTRAL, NEUTRAL).error(), KzgError::scalar_range);
}

TEST(kzg, point_evaluation_checks_size_hash_and_claim) {
    Bytes good = point_input(GENERATOR, 9, 1, NEUTRAL);
    const auto out = point_evaluation(good);
    ASSERT_TRUE(out);
    EXPECT_EQ((*out)[30], 0x10);  // 4096
    EXPECT_EQ((*out)[32], 0x73);
    EXPECT_EQ((*out)[63], 0x01);
    EXPECT_FALSE(point_evaluation(point_input(GENERATOR, 9, 2, NEUTRAL)));
    EXPECT_FALSE(point_evaluation(ByteView(good).first(191)));
    good.push_back(0);
    EXPECT_FALSE(point_evaluation(good));
    good.pop_back();
    good[0] = 2;  // version
    EXPECT_FALSE(point_evaluation(good));
    good[0] = 1;
    good[1] ^= 1;
    EXPECT_FALSE(point_evaluation(good));
}

TEST(kzg, batches_accept_true_claims_and_reject_one_false) {
    const Bytes zero(BLOB_SIZE);
    Bytes one(BLOB_SIZE);
    for (std::size_t i = 31; i < BLOB_SIZE; i += 32) one[i] = 1;
    const std::vector<ByteView> blobs = {zero, one};
    EXPECT_EQ(verify_blob_kzg_proof_batch({}, {}, {}), true);
    EXPECT_EQ(verify_blob_kzg_proof_batch(blobs, std::vector{NEUTRAL, GENERATOR},
                                          std::vector{NEUTRAL, NEUTRAL}),
              true);
    EXPECT_EQ(verify_blob_kzg_proof_batch(blobs, std::vector{GENERATOR, GENERATOR},
                                          std::vector{NEUTRAL, NEUTRAL}),
              false);
    EXPECT_EQ(
        verify_blob_kzg_proof_batch(blobs, std::vector{NEUTRAL}, std::vector{NEUTRAL}).error(),
        KzgError::input_length);
}

TEST(kzg, evaluation_agrees_with_horner_on_and_off_the_domain) {
    // p = 3 + 2 X + X^4095
    std::vector<Fr> coefficients(4096), values(4096);
    coefficients[0] = Fr::from_u64(3);
    coefficients[1] = Fr::from_u64(2);
    coefficients[4095] = Fr::one();
    values = coefficients;
    const auto roots = roots_of_unity(4096);
    transform<Fr>(values, roots, [](const Fr& a, const Fr& w) { return a * w; });
    auto horner = [&](const Fr& x) {
        Fr r;
        for (std::size_t i = 4096; i-- > 0;) r = r * x + coefficients[i];
        return r;
    };
    EXPECT_EQ(values[reverse_bits(7, 12)], horner(roots[7]));
    EXPECT_EQ(evaluate(values, roots[7]), horner(roots[7]));
    EXPECT_EQ(evaluate(values, Fr::from_u64(12345)), horner(Fr::from_u64(12345)));
    EXPECT_EQ(evaluate(values, Fr::zero()), Fr::from_u64(3));
}

TEST(kzg, a_damaged_setup_does_not_parse) {
    EXPECT_EQ(decode_setup({}).error(), KzgError::setup_encoding);
    EXPECT_EQ(decode_setup(Bytes(100)).error(), KzgError::setup_encoding);
    EXPECT_EQ(parse_trusted_setup({}).error(), KzgError::setup_encoding);
    const char text[] = "4096\n65\nzz\n";
    EXPECT_EQ(
        parse_trusted_setup({reinterpret_cast<const std::uint8_t*>(text), sizeof text - 1}).error(),
        KzgError::setup_encoding);
}

}  // namespace
}  // namespace mezz::crypto
