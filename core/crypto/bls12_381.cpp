// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/bls12_381.hpp"

#include <vector>

#include "core/crypto/bls12_381_group.hpp"
#include "core/crypto/bls12_381_map.hpp"

namespace mezz::crypto {
namespace {

using namespace bls12_381;

template <class T>
using Result = std::expected<T, Bls12Error>;

constexpr std::size_t FP_SIZE = 64, G1_SIZE = 128, G2_SIZE = 256, SCALAR_SIZE = 32;

Result<Fp> decode_fp(const std::uint8_t* in) noexcept {
    for (int i = 0; i < 16; ++i)
        if (in[i] != 0) return std::unexpected(Bls12Error::field_padding);
    const auto value = Fp::from_be({in + 16, 48});
    if (!value) return std::unexpected(Bls12Error::field_range);
    return *value;
}
Result<Fp2> decode_fp2(const std::uint8_t* in) noexcept {
    const auto a0 = decode_fp(in);
    if (!a0) return std::unexpected(a0.error());
    const auto a1 = decode_fp(in + FP_SIZE);
    if (!a1) return std::unexpected(a1.error());
    return Fp2{*a0, *a1};
}
template <class F>
Result<AffinePoint<F>> checked(const Result<F>& x, const Result<F>& y, bool subgroup) noexcept {
    if (!x) return std::unexpected(x.error());
    if (!y) return std::unexpected(y.error());
    if (x->is_zero() && y->is_zero()) return AffinePoint<F>{};
    const AffinePoint<F> p{*x, *y};
    if (!on_curve(p)) return std::unexpected(Bls12Error::not_on_curve);
    if (subgroup && !in_subgroup(p)) return std::unexpected(Bls12Error::not_in_subgroup);
    return p;
}
Result<G1> decode_g1(const std::uint8_t* in, bool subgroup) noexcept {
    return checked(decode_fp(in), decode_fp(in + FP_SIZE), subgroup);
}
Result<G2> decode_g2(const std::uint8_t* in, bool subgroup) noexcept {
    return checked(decode_fp2(in), decode_fp2(in + 2 * FP_SIZE), subgroup);
}

Bls12G1 encode(const G1& p) noexcept {
    Bls12G1 out;
    if (p.infinity) return out;
    p.x.to_be(out.data() + 16);
    p.y.to_be(out.data() + 80);
    return out;
}
Bls12G2 encode(const G2& p) noexcept {
    Bls12G2 out;
    if (p.infinity) return out;
    p.x.a0.to_be(out.data() + 16);
    p.x.a1.to_be(out.data() + 80);
    p.y.a0.to_be(out.data() + 144);
    p.y.a1.to_be(out.data() + 208);
    return out;
}

/// The sum of scalar multiples over (point, scalar) entries of `point_size` + 32 bytes.
template <class Encoded, class F>
Result<Encoded> sum(ByteView input, std::size_t point_size,
                    Result<AffinePoint<F>> (*decode)(const std::uint8_t*, bool) noexcept) {
    const std::size_t entry = point_size + SCALAR_SIZE;
    if (input.empty() || input.size() % entry != 0)
        return std::unexpected(Bls12Error::input_length);
    std::vector<AffinePoint<F>> points;
    std::vector<Scalar> scalars;
    for (std::size_t at = 0; at < input.size(); at += entry) {
        const auto p = decode(input.data() + at, true);
        if (!p) return std::unexpected(p.error());
        points.push_back(*p);
        scalars.push_back(limbs_from_be<4>(input.subspan(at + point_size, SCALAR_SIZE)));
    }
    return encode(multiply_sum(points, scalars).affine());
}

}  // namespace

Result<Bls12G1> bls12_g1_add(ByteView input) noexcept {
    if (input.size() != 2 * G1_SIZE) return std::unexpected(Bls12Error::input_length);
    const auto p = decode_g1(input.data(), false);
    if (!p) return std::unexpected(p.error());
    const auto q = decode_g1(input.data() + G1_SIZE, false);
    if (!q) return std::unexpected(q.error());
    return encode((G1Sum(*p) + *q).affine());
}

Result<Bls12G2> bls12_g2_add(ByteView input) noexcept {
    if (input.size() != 2 * G2_SIZE) return std::unexpected(Bls12Error::input_length);
    const auto p = decode_g2(input.data(), false);
    if (!p) return std::unexpected(p.error());
    const auto q = decode_g2(input.data() + G2_SIZE, false);
    if (!q) return std::unexpected(q.error());
    return encode((G2Sum(*p) + *q).affine());
}

Result<Bls12G1> bls12_g1_msm(ByteView input) {
    return sum<Bls12G1>(input, G1_SIZE, decode_g1);
}
Result<Bls12G2> bls12_g2_msm(ByteView input) {
    return sum<Bls12G2>(input, G2_SIZE, decode_g2);
}

Result<bool> bls12_pairing_check(ByteView input) {
    constexpr std::size_t entry = G1_SIZE + G2_SIZE;
    if (input.empty() || input.size() % entry != 0)
        return std::unexpected(Bls12Error::input_length);
    std::vector<Pair> pairs;
    for (std::size_t at = 0; at < input.size(); at += entry) {
        const auto p = decode_g1(input.data() + at, true);
        if (!p) return std::unexpected(p.error());
        const auto q = decode_g2(input.data() + at + G1_SIZE, true);
        if (!q) return std::unexpected(q.error());
        pairs.push_back({*p, *q});
    }
    return pairing_product_is_one(pairs);
}

Result<Bls12G1> bls12_map_fp_to_g1(ByteView input) noexcept {
    if (input.size() != FP_SIZE) return std::unexpected(Bls12Error::input_length);
    const auto u = decode_fp(input.data());
    if (!u) return std::unexpected(u.error());
    return encode(clear_cofactor(map_to_curve(*u)).affine());
}

Result<Bls12G2> bls12_map_fp2_to_g2(ByteView input) noexcept {
    if (input.size() != 2 * FP_SIZE) return std::unexpected(Bls12Error::input_length);
    const auto u = decode_fp2(input.data());
    if (!u) return std::unexpected(u.error());
    return encode(clear_cofactor(map_to_curve(*u)).affine());
}

}  // namespace mezz::crypto
