// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include "core/crypto/kzg_prover.hpp"
#include "core/crypto/secp256k1.hpp"
#include "node/host/crypto/keccak_native.hpp"
#include "node/host/crypto/kzg_native.hpp"
#include "node/host/crypto/recovery_lanes.hpp"
#include "node/host/crypto/secp256k1_native.hpp"
#include "node/host/crypto/trusted_setup.hpp"

namespace mezz::host {
namespace {

Bytes blob() {
    Bytes bytes(crypto::BLOB_SIZE);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = i % 32 == 0 ? std::uint8_t{0} : static_cast<std::uint8_t>(i * i >> 3);
    return bytes;
}

/// Each digest goes into the next input: what one hash takes, not what overlapping ones do.
template <auto HASH>
void keccak256_chain(benchmark::State& state) {
    Bytes data(static_cast<std::size_t>(state.range(0)), 1);
    for (auto _ : state) {
        const Bytes32 digest = HASH(data);
        data[0] = digest[0];
    }
    state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(keccak256_chain<crypto::keccak256>)->Name("keccak256_core")->Arg(64)->Arg(1 << 16);
BENCHMARK(keccak256_chain<keccak256_native>)->Name("keccak256_native")->Arg(64)->Arg(1 << 16);

void setup_load(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(crypto::decode_setup(trusted_setup_bytes()));
}
BENCHMARK(setup_load)->Unit(benchmark::kMillisecond);

void blob_commitment(benchmark::State& state) {
    const Bytes bytes = blob();
    for (auto _ : state)
        benchmark::DoNotOptimize(crypto::blob_to_kzg_commitment(trusted_setup(), bytes));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(blob_commitment)->Unit(benchmark::kMillisecond);

void blob_proof_verification(benchmark::State& state) {
    const Bytes bytes = blob();
    const auto commitment = *crypto::blob_to_kzg_commitment(trusted_setup(), bytes);
    const auto proof = *crypto::compute_blob_kzg_proof(trusted_setup(), bytes, commitment);
    for (auto _ : state)
        benchmark::DoNotOptimize(crypto::verify_blob_kzg_proof(bytes, commitment, proof));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(blob_proof_verification)->Unit(benchmark::kMillisecond);

void blob_cells(benchmark::State& state) {
    const Bytes bytes = blob();
    for (auto _ : state)
        benchmark::DoNotOptimize(crypto::compute_cells_and_kzg_proofs(trusted_setup(), bytes));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(blob_cells)->Unit(benchmark::kMillisecond);

void blob_commitment_native(benchmark::State& state) {
    const Bytes bytes = blob();
    benchmark::DoNotOptimize(blob_to_kzg_commitment(bytes));  // makes the tables
    for (auto _ : state) benchmark::DoNotOptimize(blob_to_kzg_commitment(bytes));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(blob_commitment_native)->Unit(benchmark::kMillisecond);

void blob_cells_native(benchmark::State& state) {
    const Bytes bytes = blob();
    benchmark::DoNotOptimize(compute_cells_and_kzg_proofs(bytes));
    for (auto _ : state) benchmark::DoNotOptimize(compute_cells_and_kzg_proofs(bytes));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(blob_cells_native)->Unit(benchmark::kMillisecond);

void recover_native(benchmark::State& state) {
    const auto signature = *sign_native(Bytes32{}, to_bytes32(7));
    for (auto _ : state)
        benchmark::DoNotOptimize(
            recover_address_native(Bytes32{}, signature.r, signature.s, signature.odd_y));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(recover_native)->Unit(benchmark::kMicrosecond);

void recover_together(benchmark::State& state) {
    std::vector<SignedHash> inputs;
    for (std::uint64_t i = 1; i <= 32; ++i) {
        const auto signature = *sign_native(to_bytes32(i), to_bytes32(7 * i));
        inputs.push_back({to_bytes32(i), signature.r, signature.s, signature.odd_y});
    }
    for (auto _ : state) benchmark::DoNotOptimize(recover_addresses(inputs));
    state.SetItemsProcessed(32 * state.iterations());
}
BENCHMARK(recover_together)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace mezz::host
