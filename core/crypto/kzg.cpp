// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/kzg.hpp"

#include <string_view>
#include <vector>

#include "core/crypto/kzg_polynomial.hpp"
#include "core/crypto/sha256.hpp"

namespace mezz::crypto {
namespace {

using namespace kzg;

/// The claim that the polynomial of `commitment` has the value y at z.
struct Opening {
    G1 commitment;
    Fr z, y;
    G1 proof;
};

/// e(C - y + z pi, [1]_2) = e(pi, [tau]_2), which is (p(tau) - y) = q(tau) (tau - z).
bool verify(const Opening& o) {
    const G1Sum right = multiply_subgroup(G1Sum(o.proof), o.z.to_limbs()) +
                        multiply_subgroup(G1Sum(bls12_381::G1_GENERATOR), (-o.y).to_limbs()) +
                        o.commitment;
    return opens(G1Sum(o.proof), right);
}

std::expected<Opening, KzgError> blob_opening(ByteView blob, const Bytes48& commitment,
                                              const Bytes48& proof) {
    const auto values = decode_blob(blob);
    if (!values) return std::unexpected(values.error());
    const auto c = decode_point(commitment);
    if (!c) return std::unexpected(c.error());
    const auto q = decode_point(proof);
    if (!q) return std::unexpected(q.error());
    const Fr z = blob_challenge(blob, commitment);
    return Opening{*c, z, evaluate(*values, z), *q};
}

}  // namespace

Bytes32 kzg_to_versioned_hash(const Bytes48& commitment) noexcept {
    Bytes32 hash = sha256(commitment);
    hash[0] = VERSIONED_HASH_VERSION_KZG;
    return hash;
}

std::expected<bool, KzgError> verify_kzg_proof(const Bytes48& commitment, const Bytes32& z,
                                               const Bytes32& y, const Bytes48& proof) {
    const auto z_value = decode_scalar(z), y_value = decode_scalar(y);
    if (!z_value || !y_value) return std::unexpected(KzgError::scalar_range);
    const auto c = decode_point(commitment), q = decode_point(proof);
    if (!c || !q) return std::unexpected(KzgError::point_encoding);
    return verify({*c, *z_value, *y_value, *q});
}

std::optional<FixedBytes<64>> point_evaluation(ByteView input) {
    if (input.size() != 192) return std::nullopt;
    const auto commitment = Bytes48::from(input.subspan(96)),
               proof = Bytes48::from(input.subspan(144));
    if (kzg_to_versioned_hash(commitment) != Bytes32::from(input)) return std::nullopt;
    const auto valid = verify_kzg_proof(commitment, Bytes32::from(input.subspan(32)),
                                        Bytes32::from(input.subspan(64)), proof);
    if (!valid || !*valid) return std::nullopt;
    FixedBytes<64> out;
    store_be64(out.data() + 24, FIELD_ELEMENTS_PER_BLOB);
    for (std::size_t i = 0; i < 4; ++i) store_be64(out.data() + 56 - 8 * i, Fr::modulus()[i]);
    return out;
}

std::expected<bool, KzgError> verify_blob_kzg_proof(ByteView blob, const Bytes48& commitment,
                                                    const Bytes48& proof) {
    const auto opening = blob_opening(blob, commitment, proof);
    if (!opening) return std::unexpected(opening.error());
    return verify(*opening);
}

std::expected<bool, KzgError> verify_blob_kzg_proof_batch(std::span<const ByteView> blobs,
                                                          std::span<const Bytes48> commitments,
                                                          std::span<const Bytes48> proofs) {
    if (blobs.size() != commitments.size() || blobs.size() != proofs.size())
        return std::unexpected(KzgError::input_length);
    std::vector<Opening> openings;
    static constexpr std::string_view DOMAIN = "RCKZGBATCH___V1_";
    std::uint8_t head[32]{};
    std::memcpy(head, DOMAIN.data(), DOMAIN.size());
    store_be64(head + 16, FIELD_ELEMENTS_PER_BLOB);
    store_be64(head + 24, blobs.size());
    Sha256 transcript;
    transcript.update(head);
    for (std::size_t i = 0; i < blobs.size(); ++i) {
        const auto opening = blob_opening(blobs[i], commitments[i], proofs[i]);
        if (!opening) return std::unexpected(opening.error());
        openings.push_back(*opening);
        Bytes32 z, y;
        opening->z.to_be(z.data());
        opening->y.to_be(y.data());
        transcript.update(commitments[i]).update(z).update(y).update(proofs[i]);
    }
    // One equation with powers of a number that the inputs fix: a false claim survives with chance
    // 2^-250.
    const Fr challenge = hash_to_scalar(transcript.finish());
    std::vector<G1> left, right;
    std::vector<bls12_381::Scalar> left_scalars, right_scalars;
    Fr power = Fr::one(), sum_y;
    for (const auto& o : openings) {
        left.push_back(o.proof);
        left_scalars.push_back(power.to_limbs());
        right.push_back(o.commitment);
        right_scalars.push_back(power.to_limbs());
        right.push_back(o.proof);
        right_scalars.push_back((power * o.z).to_limbs());
        sum_y += power * o.y;
        power *= challenge;
    }
    right.push_back(bls12_381::G1_GENERATOR);
    right_scalars.push_back((-sum_y).to_limbs());
    return opens(multiply_sum(left, left_scalars), multiply_sum(right, right_scalars));
}

}  // namespace mezz::crypto
