// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <simdjson.h>

#include <cstdio>
#include <functional>

#include "core/crypto/blake2f.hpp"
#include "core/crypto/bls12_381.hpp"
#include "core/crypto/bn254.hpp"
#include "core/crypto/kzg.hpp"
#include "core/crypto/modexp.hpp"
#include "core/crypto/p256.hpp"
#include "core/crypto/secp256k1.hpp"
#include "node/host/crypto/secp256k1_native.hpp"
#include "tests/conformance/crypto/vectors.hpp"

namespace mezz::conformance {
namespace {

/// The output of a precompile, or nothing when the call fails.
using Precompile = std::function<std::optional<Bytes>(ByteView)>;

template <class T>
std::optional<Bytes> bytes_of(const T& result) {
    if (!result) return std::nullopt;
    return to_bytes(*result);
}
Bytes word(bool value) {
    Bytes out(32);
    out[31] = value ? 1 : 0;
    return out;
}

template <auto Recover>
std::optional<Bytes> ecrecover(ByteView input) {
    Bytes in = to_bytes(input);
    in.resize(128);
    const uint256 v = load_be256(&in[32]);
    if (!(v == uint256{27}) && !(v == uint256{28})) return Bytes{};
    const auto address =
        Recover(Bytes32::from(in), load_be256(&in[64]), load_be256(&in[96]), v == uint256{28});
    if (!address) return Bytes{};
    Bytes out(12);
    append(out, *address);
    return out;
}

std::optional<Bytes> modexp(ByteView input) {
    Bytes in = to_bytes(input);
    in.resize(std::max<std::size_t>(in.size(), 96));
    const std::size_t base = load_be64(&in[24]), exponent = load_be64(&in[56]),
                      modulus = load_be64(&in[88]);
    in.resize(std::max(in.size(), 96 + base + exponent + modulus));
    const ByteView view = ByteView(in).subspan(96);
    return crypto::modexp(view.first(base), view.subspan(base, exponent),
                          view.subspan(base + exponent, modulus));
}

std::optional<Bytes> p256(ByteView input) {
    return crypto::p256_verify(input) ? word(true) : Bytes{};
}

void run(const char* file, const Precompile& precompile) {
    const auto folder = vectors_folder();
    if (folder.empty()) GTEST_SKIP() << "skipped: no vectors";
    simdjson::dom::parser parser;
    simdjson::dom::array cases;
    ASSERT_FALSE(parser.load((folder / "precompiles" / file).string()).get_array().get(cases));
    int passed = 0;
    for (const simdjson::dom::element one : cases) {
        std::string_view input, expected, name;
        ASSERT_FALSE(one["Input"].get(input));
        ASSERT_FALSE(one["Name"].get(name));
        const bool accepted = !one["Expected"].get(expected);
        const auto in = from_hex(input);
        ASSERT_TRUE(in);
        const auto out = precompile(*in);
        EXPECT_EQ(out, accepted ? from_hex(expected) : std::nullopt) << name;
        passed += out == (accepted ? from_hex(expected) : std::nullopt) ? 1 : 0;
    }
    std::printf("%s: %d of %zu passed\n", file, passed, cases.size());
}

TEST(precompile_vectors, ecrecover) {
    run("ecRecover.json", ecrecover<crypto::recover_address>);
    run("ecRecover.json", ecrecover<host::recover_address_native>);
}
TEST(precompile_vectors, modexp) {
    for (const char* file : {"modexp.json", "modexp_eip2565.json", "modexp_eip7883.json"})
        run(file, modexp);
}
TEST(precompile_vectors, bn254) {
    run("bn256Add.json", [](ByteView in) { return bytes_of(crypto::bn254_add(in)); });
    run("bn256ScalarMul.json", [](ByteView in) { return bytes_of(crypto::bn254_mul(in)); });
    run("bn256Pairing.json", [](ByteView in) -> std::optional<Bytes> {
        const auto result = crypto::bn254_pairing_check(in);
        if (!result) return std::nullopt;
        return word(*result);
    });
}
TEST(precompile_vectors, blake2f) {
    for (const char* file : {"blake2F.json", "fail-blake2f.json"})
        run(file, [](ByteView in) { return bytes_of(crypto::blake2f(in)); });
}
TEST(precompile_vectors, p256) {
    run("p256Verify.json", p256);
}

TEST(precompile_vectors, point_evaluation) {
    run("pointEvaluation.json", [](ByteView in) { return bytes_of(crypto::point_evaluation(in)); });
}

std::optional<Bytes> bls12_pairing(ByteView in) {
    const auto result = crypto::bls12_pairing_check(in);
    if (!result) return std::nullopt;
    return word(*result);
}
TEST(precompile_vectors, bls12_381) {
    struct Row {
        std::vector<const char*> files;
        Precompile precompile;
    };
    const Row rows[] = {
        {{"blsG1Add.json", "fail-blsG1Add.json"},
         [](ByteView in) { return bytes_of(crypto::bls12_g1_add(in)); }},
        {{"blsG1Mul.json", "fail-blsG1Mul.json", "blsG1MultiExp.json", "fail-blsG1MultiExp.json"},
         [](ByteView in) { return bytes_of(crypto::bls12_g1_msm(in)); }},
        {{"blsG2Add.json", "fail-blsG2Add.json"},
         [](ByteView in) { return bytes_of(crypto::bls12_g2_add(in)); }},
        {{"blsG2Mul.json", "fail-blsG2Mul.json", "blsG2MultiExp.json", "fail-blsG2MultiExp.json"},
         [](ByteView in) { return bytes_of(crypto::bls12_g2_msm(in)); }},
        {{"blsPairing.json", "fail-blsPairing.json"}, bls12_pairing},
        {{"blsMapG1.json", "fail-blsMapG1.json"},
         [](ByteView in) { return bytes_of(crypto::bls12_map_fp_to_g1(in)); }},
        {{"blsMapG2.json", "fail-blsMapG2.json"},
         [](ByteView in) { return bytes_of(crypto::bls12_map_fp2_to_g2(in)); }},
    };
    for (const auto& row : rows)
        for (const char* file : row.files) run(file, row.precompile);
}

}  // namespace
}  // namespace mezz::conformance
