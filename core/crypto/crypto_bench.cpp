// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include "core/crypto/bls12_381_group.hpp"
#include "core/crypto/bn254_constants.hpp"
#include "core/crypto/keccak.hpp"
#include "core/crypto/modexp.hpp"
#include "core/crypto/secp256k1.hpp"
#include "core/crypto/sha256.hpp"

namespace mezz::crypto {
namespace {

void keccak256_bytes(benchmark::State& state) {
    Bytes data(static_cast<std::size_t>(state.range(0)), 1);
    for (auto _ : state) {
        const Bytes32 digest = keccak256(data);
        data[0] = digest[0];
    }
    state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(keccak256_bytes)->Arg(32)->Arg(64)->Arg(135)->Arg(1 << 16);

void sha256_bytes(benchmark::State& state) {
    Bytes data(static_cast<std::size_t>(state.range(0)), 1);
    for (auto _ : state) {
        const Bytes32 digest = sha256(data);
        data[0] = digest[0];
    }
    state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(sha256_bytes)->Arg(64)->Arg(1 << 16);

template <class F>
void field_product(benchmark::State& state) {
    F a = F::from_u64(3), b = (-F::from_u64(5)).inverse();
    for (auto _ : state) benchmark::DoNotOptimize(a = a * b);
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(field_product<bn254::Fp>);
BENCHMARK(field_product<bls12_381::Fp>);
BENCHMARK(field_product<bls12_381::Fr>);

void secp256k1_recover(benchmark::State& state) {
    const Bytes32 hash = keccak256({});
    const auto signature = *sign(hash, to_bytes32(7));
    for (auto _ : state)
        benchmark::DoNotOptimize(recover_address(hash, signature.r, signature.s, signature.odd_y));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(secp256k1_recover)->Unit(benchmark::kMicrosecond);

void secp256k1_sign(benchmark::State& state) {
    Bytes32 hash = keccak256({});
    for (auto _ : state) hash = to_bytes32(sign(hash, to_bytes32(7))->s);
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(secp256k1_sign)->Unit(benchmark::kMicrosecond);

void bls12_381_sum_g1(benchmark::State& state) {
    using namespace bls12_381;
    std::vector<G1Sum> sums;
    std::vector<Scalar> scalars;
    G1Sum p(G1_GENERATOR);
    for (std::int64_t i = 0; i < state.range(0); ++i) {
        sums.push_back(p = p.twice() + G1_GENERATOR);
        scalars.push_back((-Fr::from_u64(static_cast<std::uint64_t>(i) + 2)).inverse().to_limbs());
    }
    const auto points = affine_all<bls12_381::Fp, false>(sums);
    for (auto _ : state) benchmark::DoNotOptimize(multiply_sum(points, scalars));
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(bls12_381_sum_g1)->Arg(1)->Arg(64)->Arg(4096)->Unit(benchmark::kMicrosecond);

void bls12_381_pairings(benchmark::State& state) {
    using namespace bls12_381;
    const std::vector<Pair> pairs(static_cast<std::size_t>(state.range(0)),
                                  {G1_GENERATOR, G2_GENERATOR});
    for (auto _ : state) benchmark::DoNotOptimize(pairing_product_is_one(pairs));
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(bls12_381_pairings)->Arg(1)->Arg(2)->Arg(8)->Unit(benchmark::kMicrosecond);

void modexp_bytes(benchmark::State& state) {
    const Bytes number(static_cast<std::size_t>(state.range(0)), 0xf1);
    for (auto _ : state) benchmark::DoNotOptimize(modexp(number, number, number));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(modexp_bytes)->Arg(32)->Arg(256)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace mezz::crypto
