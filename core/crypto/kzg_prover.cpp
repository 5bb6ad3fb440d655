// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/kzg_prover.hpp"

#include "core/crypto/kzg_polynomial.hpp"

namespace mezz::crypto {
namespace {

using namespace kzg;
using bls12_381::Scalar;

Bytes48 commit(const KzgSetup& setup, std::span<const Fr> values) {
    std::vector<Scalar> scalars(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) scalars[i] = values[i].to_limbs();
    return compress(multiply_sum(setup.lagrange, scalars).affine());
}

KzgOpening open(const KzgSetup& setup, std::span<const Fr> values, const Fr& z) {
    const Fr y = evaluate(values, z);
    KzgOpening out;
    y.to_be(out.y.data());
    out.proof = commit(setup, quotient(values, z, y));
    return out;
}

}  // namespace

/// At a root w_m = z itself the value is the sum over i of (p_i - y) w_i / (z (z - w_i)).
std::vector<Fr> kzg::quotient(std::span<const Fr> values, const Fr& z, const Fr& y) {
    const std::vector<Fr> roots = roots_of_unity(values.size());
    auto root = [&](std::size_t i) { return roots[reverse_bits(i, 12)]; };
    std::vector<Fr> q(values.size());
    for (std::size_t i = 0; i < q.size(); ++i) q[i] = root(i) - z;
    std::size_t at_root = q.size();
    for (std::size_t i = 0; i < q.size(); ++i)
        if (q[i].is_zero()) at_root = i;
    invert_all<Fr>(q);
    for (std::size_t i = 0; i < q.size(); ++i) q[i] *= values[i] - y;
    if (at_root == q.size()) return q;
    Fr sum;
    for (std::size_t i = 0; i < q.size(); ++i)
        if (i != at_root) sum -= q[i] * root(i);
    q[at_root] = sum * z.inverse();
    return q;
}

std::expected<Bytes48, KzgError> blob_to_kzg_commitment(const KzgSetup& setup, ByteView blob) {
    const auto values = decode_blob(blob);
    if (!values) return std::unexpected(values.error());
    return commit(setup, *values);
}

std::expected<KzgOpening, KzgError> compute_kzg_proof(const KzgSetup& setup, ByteView blob,
                                                      const Bytes32& z) {
    const auto values = decode_blob(blob);
    if (!values) return std::unexpected(values.error());
    const auto point = decode_scalar(z);
    if (!point) return std::unexpected(point.error());
    return open(setup, *values, *point);
}

std::expected<Bytes48, KzgError> compute_blob_kzg_proof(const KzgSetup& setup, ByteView blob,
                                                        const Bytes48& commitment) {
    const auto values = decode_blob(blob);
    if (!values) return std::unexpected(values.error());
    if (const auto c = decode_point(commitment); !c) return std::unexpected(c.error());
    return open(setup, *values, blob_challenge(blob, commitment)).proof;
}

}  // namespace mezz::crypto
