// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/kzg_polynomial.hpp"
#include "core/crypto/kzg_prover.hpp"
#include "core/crypto/sha256.hpp"

namespace mezz::crypto {
namespace {

using namespace kzg;
using bls12_381::Scalar;

constexpr std::size_t N = FIELD_ELEMENTS_PER_BLOB, CELL = FIELD_ELEMENTS_PER_CELL,
                      CELLS = CELLS_PER_EXT_BLOB;

std::vector<Fr> inverses(std::span<const Fr> roots) {
    std::vector<Fr> out(roots.begin(), roots.end());
    for (std::size_t i = 1; i < out.size(); ++i) out[i] = roots[out.size() - i];
    return out;
}

constexpr auto scale = [](const auto& a, const Fr& root) { return scaled(a, root); };

/// All cell proofs at once: the quotients are Toeplitz products, done as circulants of twice the
/// size between two transforms. Rows, like proofs, are in bit-reversed order.
std::vector<Bytes48> prove_cells(const KzgSetup& setup, std::span<const Fr> coefficients) {
    const std::vector<Scalar> rows = cell_row_scalars(coefficients);
    std::vector<G1Sum> h(CELLS);
    for (std::size_t row = 0; row < CELLS; ++row)
        h[row] = multiply_sum(std::span(setup.cell_rows).subspan(row * CELL, CELL),
                              std::span(rows).subspan(row * CELL, CELL));
    return cell_proofs(std::move(h));
}

std::uint64_t coset_exponent(std::uint64_t cell_index) noexcept {
    return reverse_bits(cell_index, 7);  // the cell's points are w^e times the 64th roots of unity
}

}  // namespace

std::vector<Fr> kzg::interpolate(std::vector<Fr> values) {
    transform_back<Fr>(values, inverses(roots_of_unity(values.size())), scale);
    const Fr factor = Fr::from_u64(values.size()).inverse();
    for (auto& value : values) value *= factor;
    return values;
}

std::vector<Bytes48> kzg::cell_proofs(std::vector<G1Sum> row_sums) {
    const std::vector<Fr> roots = roots_of_unity(CELLS);
    transform_back<G1Sum>(row_sums, inverses(roots), scale);
    for (std::size_t i = CELLS / 2; i < CELLS; ++i) row_sums[i] = G1Sum{};
    transform<G1Sum>(row_sums, roots, scale);
    std::vector<Bytes48> proofs;
    for (const auto& p : affine_all<bls12_381::Fp, false>(row_sums)) proofs.push_back(compress(p));
    return proofs;
}

Bytes kzg::extend(std::span<const Fr> coefficients) {
    std::vector<Fr> extended(coefficients.begin(), coefficients.end());
    extended.resize(EXTENDED_SIZE);
    transform<Fr>(extended, roots_of_unity(EXTENDED_SIZE), scale);
    Bytes cells(32 * EXTENDED_SIZE);
    for (std::size_t i = 0; i < EXTENDED_SIZE; ++i) extended[i].to_be(&cells[32 * i]);
    return cells;
}

std::vector<Scalar> kzg::cell_row_scalars(std::span<const Fr> coefficients) {
    const std::vector<Fr> roots = roots_of_unity(CELLS);
    const Fr factor = Fr::from_u64(CELLS).inverse();  // that the way back leaves out
    std::vector<Scalar> rows(CELLS * CELL);
    for (std::size_t column = 0; column < CELL; ++column) {
        std::vector<Fr> circulant(CELLS);
        circulant[0] = coefficients[N - 1 - column];
        for (std::size_t i = CELLS / 2 + 2, j = 2 * CELL - column - 1; i < CELLS; ++i, j += CELL)
            circulant[i] = coefficients[j];
        transform<Fr>(circulant, roots, scale);
        for (std::size_t row = 0; row < CELLS; ++row)
            rows[row * CELL + column] = (circulant[row] * factor).to_limbs();
    }
    return rows;
}

std::expected<Bytes, KzgError> compute_cells(ByteView blob) {
    auto values = decode_blob(blob);
    if (!values) return std::unexpected(values.error());
    return extend(interpolate(std::move(*values)));
}

std::expected<CellsAndProofs, KzgError> compute_cells_and_kzg_proofs(const KzgSetup& setup,
                                                                     ByteView blob) {
    auto values = decode_blob(blob);
    if (!values) return std::unexpected(values.error());
    const std::vector<Fr> coefficients = interpolate(std::move(*values));
    return CellsAndProofs{extend(coefficients), prove_cells(setup, coefficients)};
}

std::expected<bool, KzgError> verify_cell_kzg_proof_batch(
    const KzgSetup& setup, std::span<const Bytes48> commitments,
    std::span<const std::uint64_t> cell_indices, std::span<const ByteView> cells,
    std::span<const Bytes48> proofs) {
    const std::size_t n = cells.size();
    if (commitments.size() != n || cell_indices.size() != n || proofs.size() != n)
        return std::unexpected(KzgError::input_length);
    if (n == 0) return true;

    Sha256 transcript;
    static constexpr std::uint8_t DOMAIN[] = {'R', 'C', 'K', 'Z', 'G', 'C', 'B', 'A',
                                              'T', 'C', 'H', '_', '_', 'V', '1', '_'};
    transcript.update(DOMAIN);
    std::vector<G1> left, right;  // proofs; commitments, proofs, monomial powers
    std::vector<std::vector<Fr>> values(n, std::vector<Fr>(CELL));
    for (std::size_t k = 0; k < n; ++k) {
        if (cell_indices[k] >= CELLS) return std::unexpected(KzgError::cell_index);
        if (cells[k].size() != CELL_SIZE) return std::unexpected(KzgError::input_length);
        // A blob's cells come together, under one commitment.
        const bool same = k > 0 && commitments[k] == commitments[k - 1];
        const auto c =
            same ? std::expected<G1, KzgError>(right.back()) : decode_point(commitments[k]);
        const auto q = decode_point(proofs[k]);
        if (!c || !q) return std::unexpected(KzgError::point_encoding);
        right.push_back(*c);
        left.push_back(*q);
        for (std::size_t i = 0; i < CELL; ++i) {
            const auto value = decode_scalar(cells[k].subspan(32 * i, 32));
            if (!value) return std::unexpected(value.error());
            values[k][i] = *value;
        }
        std::uint8_t index[8];
        store_be64(index, cell_indices[k]);
        transcript.update(commitments[k]).update(index).update(cells[k]).update(proofs[k]);
    }
    const Fr challenge = hash_to_scalar(transcript.finish());

    // Sum of r^k times: C_k - [I_k(tau)]_1 + h_k^64 pi_k against pi_k (tau^64), I_k the cell's
    // interpolation.
    const std::vector<Fr> roots = roots_of_unity(EXTENDED_SIZE);
    std::vector<Scalar> left_scalars, right_scalars, proof_scalars;
    std::vector<Fr> interpolation(CELL);
    Fr power = Fr::one();
    for (std::size_t k = 0; k < n; ++k) {
        const std::uint64_t e = coset_exponent(cell_indices[k]);
        left_scalars.push_back(power.to_limbs());
        right_scalars.push_back(power.to_limbs());
        proof_scalars.push_back((power * roots[e * CELL]).to_limbs());
        const std::vector<Fr> coefficients = interpolate(std::move(values[k]));
        for (std::size_t i = 0; i < CELL; ++i)  // I(X) = sum of c_i (X / h)^i
            interpolation[i] += power * coefficients[i] *
                                roots[(EXTENDED_SIZE - e * i % EXTENDED_SIZE) % EXTENDED_SIZE];
        power *= challenge;
    }
    right.insert(right.end(), left.begin(), left.end());
    right_scalars.insert(right_scalars.end(), proof_scalars.begin(), proof_scalars.end());
    right.insert(right.end(), setup.monomial.begin(), setup.monomial.end());
    for (const auto& c : interpolation) right_scalars.push_back((-c).to_limbs());

    const bls12_381::Pair pairs[] = {
        {multiply_sum(left, left_scalars).affine(), setup.tau_cell},
        {multiply_sum(right, right_scalars).affine().negated(), bls12_381::G2_GENERATOR}};
    return pairing_product_is_one(pairs);
}

}  // namespace mezz::crypto
