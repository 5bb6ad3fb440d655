// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/kzg_setup.hpp"

#include <optional>
#include <span>

#include "core/crypto/kzg_polynomial.hpp"

namespace mezz::crypto {
namespace {

using namespace kzg;
using bls12_381::Fp;
using bls12_381::Fp2;

constexpr std::size_t G2_COUNT = FIELD_ELEMENTS_PER_CELL + 1;
constexpr std::size_t ROW_COUNT = CELLS_PER_EXT_BLOB, ROW_SIZE = FIELD_ELEMENTS_PER_CELL;

/// The words of a text, split at white space.
class Words {
public:
    explicit Words(ByteView text) noexcept : text_(text) {}
    ByteView next() noexcept {
        while (at_ < text_.size() && text_[at_] <= ' ') ++at_;
        const std::size_t start = at_;
        while (at_ < text_.size() && text_[at_] > ' ') ++at_;
        return text_.subspan(start, at_ - start);
    }

private:
    ByteView text_;
    std::size_t at_ = 0;
};

int digit_of(std::uint8_t c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

bool is_number(ByteView word, std::size_t expected) noexcept {
    std::size_t value = 0;
    for (const auto c : word) {
        if (c < '0' || c > '9' || value > expected) return false;
        value = 10 * value + (c - std::size_t{'0'});
    }
    return !word.empty() && value == expected;
}

template <std::size_t N>
std::optional<FixedBytes<N>> from_hex(ByteView word) noexcept {
    if (word.size() != 2 * N) return std::nullopt;
    FixedBytes<N> out;
    for (std::size_t i = 0; i < N; ++i) {
        const int high = digit_of(word[2 * i]), low = digit_of(word[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        out[i] = static_cast<std::uint8_t>(16 * high + low);
    }
    return out;
}

std::optional<G1> next_g1(Words& words) noexcept {
    const auto bytes = from_hex<48>(words.next());
    if (!bytes) return std::nullopt;
    const auto point = decode_point(*bytes);
    if (!point) return std::nullopt;
    return *point;
}

/// Row k, column c of the result: transform k of the c-th column of the Toeplitz matrices that give
/// the quotients by X^64 - h^64. spec: Feist, Khovratovich (2023), "Fast amortized KZG proofs".
std::vector<G1> make_cell_rows(std::span<const G1> monomial) {
    const std::vector<Fr> roots = roots_of_unity(ROW_COUNT);
    std::vector<G1Sum> rows(ROW_COUNT * ROW_SIZE);
    for (std::size_t column = 0; column < ROW_SIZE; ++column) {
        std::vector<G1Sum> x(ROW_COUNT);
        const std::size_t start = FIELD_ELEMENTS_PER_BLOB - ROW_SIZE - 1 - column;
        for (std::size_t i = 0; i + 1 < FIELD_ELEMENTS_PER_BLOB / ROW_SIZE; ++i)
            x[i] = G1Sum(monomial[start - i * ROW_SIZE]);
        transform<G1Sum>(x, roots, [](const G1Sum& p, const Fr& w) { return scaled(p, w); });
        for (std::size_t row = 0; row < ROW_COUNT; ++row) rows[row * ROW_SIZE + column] = x[row];
    }
    return affine_all<Fp, false>(rows);
}

void append_fp(Bytes& out, const Fp& value) {
    out.resize(out.size() + 48);
    value.to_be(&out[out.size() - 48]);
}
void append_points(Bytes& out, std::span<const G1> points) {
    for (const auto& p : points) {
        append_fp(out, p.infinity ? Fp::zero() : p.x);
        append_fp(out, p.infinity ? Fp::zero() : p.y);
    }
}

/// Takes points from the front of `bytes`.
bool take_points(ByteView& bytes, std::size_t count, std::vector<G1>& out) {
    out.resize(count);
    for (auto& p : out) {
        const auto x = Fp::from_be(bytes.first(48)), y = Fp::from_be(bytes.subspan(48, 48));
        bytes = bytes.subspan(96);
        if (!x || !y) return false;
        if (!x->is_zero() || !y->is_zero()) p = G1{*x, *y};
        if (!on_curve(p)) return false;
    }
    return true;
}

constexpr std::size_t SETUP_SIZE =
    96 * (FIELD_ELEMENTS_PER_BLOB + ROW_SIZE + ROW_COUNT * ROW_SIZE) + 192;

}  // namespace

std::expected<KzgSetup, KzgError> parse_trusted_setup(ByteView text) {
    const auto bad = std::unexpected(KzgError::setup_encoding);
    Words words(text);
    if (!is_number(words.next(), FIELD_ELEMENTS_PER_BLOB) || !is_number(words.next(), G2_COUNT))
        return bad;
    KzgSetup setup;
    setup.lagrange.resize(FIELD_ELEMENTS_PER_BLOB);
    for (std::size_t i = 0; i < FIELD_ELEMENTS_PER_BLOB; ++i) {
        const auto p = next_g1(words);
        if (!p) return bad;
        setup.lagrange[reverse_bits(i, 12)] = *p;
    }
    for (std::size_t i = 0; i < G2_COUNT; ++i) {
        const auto bytes = from_hex<96>(words.next());
        if (!bytes) return bad;
        const auto q = bls12_381::decompress_g2(*bytes);
        if (!q || !in_subgroup(*q)) return bad;
        if (i == 1 && !(*q == TAU_G2)) return bad;  // another ceremony
        setup.tau_cell = *q;
    }
    std::vector<G1> monomial(FIELD_ELEMENTS_PER_BLOB);
    for (auto& p : monomial) {
        const auto next = next_g1(words);
        if (!next) return bad;
        p = *next;
    }
    if (!words.next().empty()) return bad;
    setup.cell_rows = make_cell_rows(monomial);
    monomial.resize(FIELD_ELEMENTS_PER_CELL);
    setup.monomial = std::move(monomial);
    return setup;
}

Bytes encode_setup(const KzgSetup& setup) {
    Bytes out;
    out.reserve(SETUP_SIZE);
    append_points(out, setup.lagrange);
    append_points(out, setup.monomial);
    append_points(out, setup.cell_rows);
    for (const Fp& v :
         {setup.tau_cell.x.a0, setup.tau_cell.x.a1, setup.tau_cell.y.a0, setup.tau_cell.y.a1})
        append_fp(out, v);
    return out;
}

std::expected<KzgSetup, KzgError> decode_setup(ByteView bytes) {
    const auto bad = std::unexpected(KzgError::setup_encoding);
    if (bytes.size() != SETUP_SIZE) return bad;
    KzgSetup setup;
    if (!take_points(bytes, FIELD_ELEMENTS_PER_BLOB, setup.lagrange) ||
        !take_points(bytes, ROW_SIZE, setup.monomial) ||
        !take_points(bytes, ROW_COUNT * ROW_SIZE, setup.cell_rows))
        return bad;
    std::optional<Fp> v[4];
    for (std::size_t i = 0; i < 4; ++i) {
        v[i] = Fp::from_be(bytes.subspan(48 * i, 48));
        if (!v[i]) return bad;
    }
    setup.tau_cell = G2{Fp2{*v[0], *v[1]}, Fp2{*v[2], *v[3]}};
    if (!on_curve(setup.tau_cell)) return bad;
    return setup;
}

}  // namespace mezz::crypto
