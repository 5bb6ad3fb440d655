// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/crypto/kzg_native.hpp"

#include <memory>

#include "core/crypto/kzg_polynomial.hpp"
#include "node/host/crypto/fixed_sums.hpp"
#include "node/host/crypto/ifma.hpp"
#include "node/host/crypto/trusted_setup.hpp"

namespace mezz::host {

#ifndef MEZZ_IFMA
bool ifma_available() noexcept {
    return false;
}
#else

bool ifma_available() noexcept {
    static const bool available =
        __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512ifma");
    return available;
}

#pragma clang attribute push(__attribute__((target("avx512f,avx512ifma"))), apply_to = function)

namespace {

using namespace crypto::kzg;
using crypto::bls12_381::Fp;
using crypto::bls12_381::Scalar;

constexpr std::size_t lanes = 8;

/// Signed digits of `width` bits, |digit| <= 2^(width - 1), lowest first.
template <std::size_t WIDTH>
struct Digits {
    static constexpr std::size_t count = 255 / WIDTH + 1;
    std::array<std::int8_t, count> digit;

    explicit Digits(const Scalar& k) noexcept {
        int carry = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t at = WIDTH * i, limb = at / 64, shift = at % 64;
            std::uint64_t v = k[limb] >> shift;
            if (shift + WIDTH > 64 && limb + 1 < 4) v |= k[limb + 1] << (64 - shift);
            int d = static_cast<int>(v & ((1u << WIDTH) - 1)) + carry;
            carry = d > (1 << (WIDTH - 1)) ? 1 : 0;
            d -= carry << WIDTH;
            digit[i] = static_cast<std::int8_t>(d);
        }
    }
};

/// Multiples 1 to 2^(width - 1) of fixed points.
constexpr std::size_t table_width = 5;
constexpr std::size_t multiples = std::size_t{1} << (table_width - 1);
using TableDigits = Digits<table_width>;

struct Table {
    std::vector<ifma::Affine> entries;  ///< by point, then multiple; neutral points hold zeros
    std::vector<bool> neutral;

    explicit Table(std::span<const G1> points) : neutral(points.size()) {
        entries.resize(points.size() * multiples);
        constexpr std::size_t chunk = 256;
        for (std::size_t start = 0; start < points.size(); start += chunk) {
            const std::size_t n = std::min(chunk, points.size() - start);
            std::vector<G1Sum> sums;
            sums.reserve(n * multiples);
            for (std::size_t i = 0; i < n; ++i) {
                neutral[start + i] = points[start + i].infinity;
                G1Sum p(points[start + i]);
                for (std::size_t m = 0; m < multiples; ++m) {
                    sums.push_back(p);
                    p += points[start + i];
                }
            }
            const auto affine = crypto::affine_all<Fp, false>(std::span<const G1Sum>(sums));
            for (std::size_t i = 0; i < affine.size(); ++i)
                entries[start * multiples + i] = {ifma::element(affine[i].x),
                                                  ifma::element(affine[i].y)};
        }
    }
};

/// In each lane the sum over i < n of scalars[first[lane] + i] points[first[lane] + i].
ifma::Points sums(const Table& table, std::span<const Scalar> scalars,
                  const std::array<std::size_t, lanes>& first, std::size_t n) {
    std::vector<TableDigits> digits;
    digits.reserve(n * lanes);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t lane = 0; lane < lanes; ++lane)
            digits.emplace_back(scalars[first[lane] + i]);
    ifma::Points total = ifma::neutral();
    for (std::size_t w = TableDigits::count; w-- > 0;) {
        if (w + 1 != TableDigits::count)
            for (std::size_t k = 0; k < table_width; ++k) total = ifma::twice(total);
        for (std::size_t i = 0; i < n; ++i) {
            const ifma::Element *x[lanes], *y[lanes];
            unsigned used = 0, negative = 0;
            for (std::size_t lane = 0; lane < lanes; ++lane) {
                const int d = digits[i * lanes + lane].digit[w];
                const std::size_t point = first[lane] + i;
                if (d != 0 && !table.neutral[point]) used |= 1u << lane;
                if (d < 0) negative |= 1u << lane;
                const auto m = static_cast<std::size_t>(d < 0 ? -d : d);
                const auto& entry = table.entries[point * multiples + (m == 0 ? 0 : m - 1)];
                x[lane] = &entry.x;
                y[lane] = &entry.y;
            }
            if (used == 0) continue;
            const ifma::F py = ifma::negated(static_cast<__mmask8>(negative), ifma::load(y));
            total = ifma::blend(static_cast<__mmask8>(used), total,
                                ifma::add_affine(total, ifma::load(x), py));
        }
    }
    return total;
}

/// Each lane's point times its own scalar.
ifma::Points multiply(const ifma::Points& p, const std::array<Scalar, lanes>& scalars) {
    constexpr std::size_t width = 4, half = 8;
    ifma::Point multiple[lanes][half];
    const auto keep = [&](const ifma::Points& v, std::size_t m) {
        ifma::Point* to[lanes];
        for (std::size_t lane = 0; lane < lanes; ++lane) to[lane] = &multiple[lane][m];
        ifma::store(v, to);
    };
    ifma::Points next = p;
    keep(next, 0);
    for (std::size_t m = 1; m < half; ++m) {
        next = next + p;
        keep(next, m);
    }
    std::vector<Digits<width>> digits;
    for (const auto& k : scalars) digits.emplace_back(k);
    ifma::Points total = ifma::neutral();
    for (std::size_t w = Digits<width>::count; w-- > 0;) {
        for (std::size_t k = 0; k < width; ++k) total = ifma::twice(total);
        const ifma::Point* from[lanes];
        unsigned used = 0, negative = 0;
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            const int d = digits[lane].digit[w];
            if (d != 0) used |= 1u << lane;
            if (d < 0) negative |= 1u << lane;
            const auto m = static_cast<std::size_t>(d < 0 ? -d : d);
            from[lane] = &multiple[lane][m == 0 ? 0 : m - 1];
        }
        if (used == 0) continue;
        ifma::Points q = ifma::load(from);
        q.y = ifma::negated(static_cast<__mmask8>(negative), q.y);
        total = ifma::blend(static_cast<__mmask8>(used), total, total + q);
    }
    return total;
}

/// kzg::transform and kzg::transform_back of points, eight butterflies at a time.
template <bool BACK>
void transform_points(std::vector<ifma::Point>& a, std::span<const Fr> roots) {
    const std::size_t size = a.size();
    for (std::size_t step = 1; step < size; step *= 2) {
        const std::size_t half = BACK ? step : size / 2 / step;
        const std::size_t stride = size / 2 / half;
        for (std::size_t k = 0; k < size / 2; k += lanes) {
            ifma::Point *low_at[lanes], *high_at[lanes];
            std::array<Scalar, lanes> scalars;
            for (std::size_t lane = 0; lane < lanes; ++lane) {
                const std::size_t block = (k + lane) / half * 2 * half, i = (k + lane) % half;
                low_at[lane] = &a[block + i];
                high_at[lane] = &a[block + i + half];
                scalars[lane] = roots[i * stride].to_limbs();
            }
            const bool trivial = half == 1;  // every root is one
            const auto as_const = [](ifma::Point* const(&p)[lanes], const ifma::Point*(&q)[lanes]) {
                for (std::size_t lane = 0; lane < lanes; ++lane) q[lane] = p[lane];
            };
            const ifma::Point *low_from[lanes], *high_from[lanes];
            as_const(low_at, low_from);
            as_const(high_at, high_from);
            const ifma::Points low = ifma::load(low_from);
            ifma::Points high = ifma::load(high_from);
            if (BACK && !trivial) high = multiply(high, scalars);
            ifma::Points minus = high;
            minus.y = ifma::negated(0xff, minus.y);
            ifma::Points difference = low + minus;
            if (!BACK && !trivial) difference = multiply(difference, scalars);
            ifma::store(low + high, low_at);
            ifma::store(difference, high_at);
        }
    }
}

const Table& lagrange_table() {
    static const Table table(trusted_setup().lagrange);
    return table;
}
const Table& rows_table() {
    static const Table table(trusted_setup().cell_rows);
    return table;
}

std::array<ifma::Point, lanes> points_of(const ifma::Points& v) {
    std::array<ifma::Point, lanes> out;
    ifma::Point* to[lanes];
    for (std::size_t lane = 0; lane < lanes; ++lane) to[lane] = &out[lane];
    ifma::store(v, to);
    return out;
}

Bytes48 commit_in_lanes(std::span<const Fr> values) {
    std::vector<Scalar> scalars(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) scalars[i] = values[i].to_limbs();
    std::array<std::size_t, lanes> first;
    const std::size_t n = values.size() / lanes;
    for (std::size_t lane = 0; lane < lanes; ++lane) first[lane] = lane * n;
    G1Sum total;
    for (const auto& p : points_of(sums(lagrange_table(), scalars, first, n)))
        total += ifma::sum(p);
    return compress(total.affine());
}

std::vector<Bytes48> prove_cells_in_lanes(std::span<const Fr> coefficients) {
    constexpr std::size_t cells = crypto::CELLS_PER_EXT_BLOB,
                          columns = crypto::FIELD_ELEMENTS_PER_CELL;
    const std::vector<Scalar> scalars = cell_row_scalars(coefficients);
    std::vector<ifma::Point> h(cells);
    for (std::size_t row = 0; row < cells; row += lanes) {
        std::array<std::size_t, lanes> first;
        for (std::size_t lane = 0; lane < lanes; ++lane) first[lane] = (row + lane) * columns;
        const auto part = points_of(sums(rows_table(), scalars, first, columns));
        std::copy(part.begin(), part.end(), h.begin() + static_cast<std::ptrdiff_t>(row));
    }
    const std::vector<Fr> roots = roots_of_unity(cells);
    std::vector<Fr> inverses(roots);
    for (std::size_t i = 1; i < cells; ++i) inverses[i] = roots[cells - i];
    transform_points<true>(h, inverses);
    const ifma::Point neutral = points_of(ifma::neutral())[0];
    std::fill(h.begin() + cells / 2, h.end(), neutral);
    transform_points<false>(h, roots);
    std::vector<G1Sum> sums_of;
    for (const auto& p : h) sums_of.push_back(ifma::sum(p));
    std::vector<Bytes48> proofs;
    for (const auto& p : crypto::affine_all<Fp, false>(std::span<const G1Sum>(sums_of)))
        proofs.push_back(compress(p));
    return proofs;
}

}  // namespace

#pragma clang attribute pop
#endif

namespace {

Bytes48 commit(std::span<const crypto::kzg::Fr> values) {
#ifdef MEZZ_IFMA
    if (ifma_available()) return commit_in_lanes(values);
#endif
    constexpr unsigned width = 12;
    static const FixedSums table(trusted_setup().lagrange, crypto::FIELD_ELEMENTS_PER_BLOB, width);
    std::vector<crypto::bls12_381::Scalar> scalars(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) scalars[i] = values[i].to_limbs();
    return crypto::bls12_381::compress(table.rows(scalars)[0].affine());
}

std::vector<Bytes48> prove_cells(std::span<const crypto::kzg::Fr> coefficients) {
#ifdef MEZZ_IFMA
    if (ifma_available()) return prove_cells_in_lanes(coefficients);
#endif
    constexpr unsigned width = 8;
    static const FixedSums table(trusted_setup().cell_rows, crypto::FIELD_ELEMENTS_PER_CELL, width);
    return crypto::kzg::cell_proofs(table.rows(crypto::kzg::cell_row_scalars(coefficients)));
}

}  // namespace

std::expected<Bytes48, crypto::KzgError> blob_to_kzg_commitment(ByteView blob) {
    const auto values = crypto::kzg::decode_blob(blob);
    if (!values) return std::unexpected(values.error());
    return commit(*values);
}

std::expected<crypto::KzgOpening, crypto::KzgError> compute_kzg_proof(ByteView blob,
                                                                      const Bytes32& z) {
    const auto values = crypto::kzg::decode_blob(blob);
    if (!values) return std::unexpected(values.error());
    const auto point = crypto::kzg::decode_scalar(z);
    if (!point) return std::unexpected(point.error());
    crypto::KzgOpening out;
    const crypto::kzg::Fr y = crypto::kzg::evaluate(*values, *point);
    y.to_be(out.y.data());
    out.proof = commit(crypto::kzg::quotient(*values, *point, y));
    return out;
}

std::expected<crypto::CellsAndProofs, crypto::KzgError> compute_cells_and_kzg_proofs(
    ByteView blob) {
    auto values = crypto::kzg::decode_blob(blob);
    if (!values) return std::unexpected(values.error());
    const std::vector<crypto::kzg::Fr> coefficients = crypto::kzg::interpolate(std::move(*values));
    return crypto::CellsAndProofs{crypto::kzg::extend(coefficients), prove_cells(coefficients)};
}

}  // namespace mezz::host
