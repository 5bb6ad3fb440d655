// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Polynomials over the scalar field as KZG needs them. Internal to core/crypto.

#include <expected>
#include <span>
#include <vector>

#include "core/crypto/bls12_381_group.hpp"
#include "core/crypto/kzg.hpp"

namespace mezz::crypto::kzg {

using bls12_381::Fr;
using bls12_381::G1;
using bls12_381::G1Sum;
using bls12_381::G2;

inline constexpr std::size_t EXTENDED_SIZE = 8192;
/// A primitive 8192nd root of unity: 7^((r - 1) / 8192).
inline constexpr Fr EXTENDED_ROOT =
    Fr::from_hex("0x485d512737b1da3d2ccddea2972e89ed146b58bc434906ac6fdd00bfc78c8967");

inline constexpr bls12_381::G2 TAU_G2{
    {bls12_381::Fp::from_hex("0x185cbfee53492714734429b7b38608e23926c911cceceac9a36851477ba4c60b087"
                             "041de621000edc98edada20c1def2"),
     bls12_381::Fp::from_hex("0x15bfd7dd8cdeb128843bc287230af38926187075cbfbefa81009a2ce615ac53d291"
                             "4e5870cb452d2afaaab24f3499f72")},
    {bls12_381::Fp::from_hex("0x014353bdb96b626dd7d5ee8599d1fca2131569490e28de18e82451a496a9c9794ce"
                             "26d105941f383ee689bfbbb832a99"),
     bls12_381::Fp::from_hex("0x1666c54b0a32529503432fcae0181b4bef79de09fc63671fda5ed1ba9bfa0789949"
                             "5346f3d7ac9cd23048ef30d0a154f")}};
/// index with its low `bits` bits in reverse order.
constexpr std::size_t reverse_bits(std::size_t index, unsigned bits) noexcept {
    std::size_t r = 0;
    for (unsigned i = 0; i < bits; ++i) r |= ((index >> i) & 1) << (bits - 1 - i);
    return r;
}

/// The powers 1, w, w^2, ... of the primitive root of unity of order `size`, a power of two <=
/// 8192.
[[nodiscard]] std::vector<Fr> roots_of_unity(std::size_t size);

/// The 4096 values of a blob, in the blob's (bit-reversed) order.
[[nodiscard]] std::expected<std::vector<Fr>, KzgError> decode_blob(ByteView blob);

/// A canonical scalar.
[[nodiscard]] std::expected<Fr, KzgError> decode_scalar(ByteView bytes) noexcept;
/// A canonical, subgroup-checked point.
[[nodiscard]] std::expected<G1, KzgError> decode_point(ByteView bytes) noexcept;

/// sha256 output as a scalar, reduced.
[[nodiscard]] Fr hash_to_scalar(const Bytes32& digest) noexcept;

/// The point at which a blob's proof opens. spec: compute_challenge.
[[nodiscard]] Fr blob_challenge(ByteView blob, const Bytes48& commitment) noexcept;

/// The polynomial's value at z, from its values on the (bit-reversed) domain.
[[nodiscard]] Fr evaluate(std::span<const Fr> values, const Fr& z);

inline Fr negated(const Fr& a) noexcept {
    return -a;
}
inline G1Sum negated(const G1Sum& a) noexcept {
    return a.negated();
}
inline Fr scaled(const Fr& a, const Fr& root) noexcept {
    return a * root;
}
inline G1Sum scaled(const G1Sum& a, const Fr& root) noexcept {
    return a.infinity() ? a : multiply_subgroup(a, root.to_limbs());
}

/// In-place Fourier transforms without a permutation: natural order in, bit-reversed out, and back.
/// `roots` are the powers of a root of the transform's order (its inverse's for the way back, which
/// leaves a factor of the size). `multiply` scales an element by a root.
template <class T, class Multiply>
void transform(std::span<T> a, std::span<const Fr> roots, Multiply multiply) {
    for (std::size_t half = a.size() / 2; half != 0; half /= 2) {
        const std::size_t stride = a.size() / 2 / half;
        for (std::size_t block = 0; block < a.size(); block += 2 * half)
            for (std::size_t i = 0; i < half; ++i) {
                const T low = a[block + i], high = a[block + i + half];
                a[block + i] = low + high;
                const T difference = low + negated(high);
                a[block + i + half] = i == 0 ? difference : multiply(difference, roots[i * stride]);
            }
    }
}
template <class T, class Multiply>
void transform_back(std::span<T> a, std::span<const Fr> inverse_roots, Multiply multiply) {
    for (std::size_t half = 1; half < a.size(); half *= 2) {
        const std::size_t stride = a.size() / 2 / half;
        for (std::size_t block = 0; block < a.size(); block += 2 * half)
            for (std::size_t i = 0; i < half; ++i) {
                const T low = a[block + i];
                const T high = i == 0 ? a[block + half]
                                      : multiply(a[block + i + half], inverse_roots[i * stride]);
                a[block + i] = low + high;
                a[block + i + half] = low + negated(high);
            }
    }
}

// --- the provers' field arithmetic, without the sums of points ---------------------------------

/// The values of (p - y) / (X - z) on the (bit-reversed) domain, from those of p; y is p(z).
[[nodiscard]] std::vector<Fr> quotient(std::span<const Fr> values, const Fr& z, const Fr& y);
/// Coefficients from values in bit-reversed order.
[[nodiscard]] std::vector<Fr> interpolate(std::vector<Fr> values);
/// The 128 cells of a polynomial, from its coefficients.
[[nodiscard]] Bytes extend(std::span<const Fr> coefficients);
/// The scalars of the setup's cell rows, 64 a row: their sums with the rows, taken back, cut to
/// their first half and transformed again, are the cell proofs.
[[nodiscard]] std::vector<bls12_381::Scalar> cell_row_scalars(std::span<const Fr> coefficients);
/// The cell proofs from those 128 sums.
[[nodiscard]] std::vector<Bytes48> cell_proofs(std::vector<G1Sum> row_sums);

/// Whether e(p, [tau]_2) = e(q, [1]_2).
[[nodiscard]] bool opens(const G1Sum& p, const G1Sum& q);

}  // namespace mezz::crypto::kzg
