// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/kzg_polynomial.hpp"

#include <bit>
#include <string_view>

#include "core/crypto/sha256.hpp"

namespace mezz::crypto::kzg {

std::vector<Fr> roots_of_unity(std::size_t size) {
    Fr root = EXTENDED_ROOT;
    for (std::size_t order = EXTENDED_SIZE; order > size; order /= 2) root = root.square();
    std::vector<Fr> roots(size, Fr::one());
    for (std::size_t i = 1; i < size; ++i) roots[i] = roots[i - 1] * root;
    return roots;
}

std::expected<Fr, KzgError> decode_scalar(ByteView bytes) noexcept {
    const auto scalar = Fr::from_be(bytes);
    if (!scalar) return std::unexpected(KzgError::scalar_range);
    return *scalar;
}

std::expected<G1, KzgError> decode_point(ByteView bytes) noexcept {
    const auto point = bls12_381::decompress_g1(bytes);
    if (!point || !in_subgroup(*point)) return std::unexpected(KzgError::point_encoding);
    return *point;
}

std::expected<std::vector<Fr>, KzgError> decode_blob(ByteView blob) {
    if (blob.size() != BLOB_SIZE) return std::unexpected(KzgError::input_length);
    std::vector<Fr> values(FIELD_ELEMENTS_PER_BLOB);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto value = decode_scalar(blob.subspan(32 * i, 32));
        if (!value) return std::unexpected(value.error());
        values[i] = *value;
    }
    return values;
}

Fr hash_to_scalar(const Bytes32& digest) noexcept {
    return Fr::from_limbs(limbs_from_be<4>(digest));
}

Fr blob_challenge(ByteView blob, const Bytes48& commitment) noexcept {
    static constexpr std::string_view DOMAIN = "FSBLOBVERIFY_V1_";
    std::uint8_t head[32]{};
    std::memcpy(head, DOMAIN.data(), DOMAIN.size());
    store_be64(head + 24, FIELD_ELEMENTS_PER_BLOB);
    return hash_to_scalar(Sha256{}.update(head).update(blob).update(commitment).finish());
}

Fr evaluate(std::span<const Fr> values, const Fr& z) {
    const std::vector<Fr> roots = roots_of_unity(values.size());
    const auto bits = static_cast<unsigned>(std::countr_zero(values.size()));
    std::vector<Fr> terms(values.size());  // 1 / (z - w_i)
    for (std::size_t i = 0; i < values.size(); ++i) {
        terms[i] = z - roots[reverse_bits(i, bits)];
        if (terms[i].is_zero()) return values[i];
    }
    invert_all<Fr>(terms);
    // (z^n - 1) / n times the sum of f_i w_i / (z - w_i).
    Fr sum, power = z;
    for (std::size_t i = 0; i < values.size(); ++i)
        sum += values[i] * roots[reverse_bits(i, bits)] * terms[i];
    for (unsigned i = 0; i < bits; ++i) power = power.square();
    return sum * (power - Fr::one()) * Fr::from_u64(values.size()).inverse();
}

bool opens(const G1Sum& p, const G1Sum& q) {
    const bls12_381::Pair pairs[] = {{p.affine(), TAU_G2},
                                     {q.affine().negated(), bls12_381::G2_GENERATOR}};
    return pairing_product_is_one(pairs);
}

}  // namespace mezz::crypto::kzg
