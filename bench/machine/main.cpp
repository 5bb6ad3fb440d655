// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// What the proof machine takes: instructions a second, and what commitments, hashes of every state
/// and witnesses cost besides. Runs machine_bench.elf, or the image that MEZZ_MACHINE_IMAGE names,
/// which must do without preimages.

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

#include "node/prove/machine/dense.hpp"
#include "node/prove/machine/trace.hpp"

namespace {

using namespace mezz;
using namespace mezz::node::prove;

constexpr std::uint64_t TO_THE_END = ~std::uint64_t{0};
/// Where stretches begin: in the midst of the program.
constexpr std::uint64_t MIDST = std::uint64_t{1} << 26;

class NoPreimages final : public riscv::PreimageEnv {
public:
    std::optional<ByteView> get(const Bytes32&) override { return std::nullopt; }
};
NoPreimages none;
std::shared_ptr<const Program> program;

void count_steps(benchmark::State& state, double steps) {
    state.counters["steps"] = benchmark::Counter(
        steps, benchmark::Counter::kIsIterationInvariantRate, benchmark::Counter::kIs1000);
}

void load(benchmark::State& state) {
    std::ifstream file(std::getenv("MEZZ_MACHINE_IMAGE"), std::ios::binary);
    const Bytes bytes((std::istreambuf_iterator<char>(file)), {});
    for (auto _ : state) {
        const auto image = load_elf(bytes);
        benchmark::DoNotOptimize(Program(*image).code_root());
    }
}

void run(benchmark::State& state) {
    std::uint64_t steps = 0;
    for (auto _ : state) {
        Machine machine(program, none);
        if (!machine.run_to(TO_THE_END)) return state.SkipWithError("the image reads preimages");
        steps = machine.hart().step;
    }
    count_steps(state, static_cast<double>(steps));
}

/// A state hash every 2^range(0) steps.
void run_with_hashes(benchmark::State& state) {
    const std::uint64_t stride = std::uint64_t{1} << state.range(0);
    std::uint64_t steps = 0, pages = 0, stops = 0;
    for (auto _ : state) {
        Machine machine(program, none);
        while (!machine.hart().exited) {
            (void)machine.run_to(machine.hart().step + stride);
            pages += machine.memory().written().size();
            ++stops;
            benchmark::DoNotOptimize(machine.state_hash());
        }
        steps = machine.hart().step;
    }
    count_steps(state, static_cast<double>(steps));
    state.counters["pages"] = static_cast<double>(pages) / static_cast<double>(stops);
}

void every_state(benchmark::State& state) {
    Machine machine(program, none);
    (void)machine.run_to(MIDST);
    const Snapshot start = machine.snapshot();
    std::size_t hashes = 0;
    for (auto _ : state) {
        machine.restore(start);
        hashes = dense_hashes(machine, HISTORY_STRIDE)->size();
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(hashes) * state.iterations());
}

void history_tree(benchmark::State& state) {
    const std::vector<Bytes32> leaves(HISTORY_STRIDE, Bytes32{{1}});
    for (auto _ : state)
        benchmark::DoNotOptimize(
            riscv::PaddedTree(leaves, {}, riscv::HISTORY_LEVELS, hash_nodes_native).root());
}

void witness(benchmark::State& state) {
    Machine machine(program, none);
    (void)machine.run_to(MIDST);
    for (auto _ : state) {
        benchmark::DoNotOptimize(machine.witness());
        (void)machine.step();
    }
}

void whole_trace(benchmark::State& state) {
    std::uint64_t steps = 0;
    for (auto _ : state) steps = Trace::run(program, none)->last().step;
    count_steps(state, static_cast<double>(steps));
}

}  // namespace

BENCHMARK(load)->Unit(benchmark::kMillisecond);
BENCHMARK(run)->Unit(benchmark::kMillisecond);
BENCHMARK(run_with_hashes)->Arg(20)->Arg(18)->Arg(16)->Unit(benchmark::kMillisecond);
BENCHMARK(whole_trace)->Unit(benchmark::kMillisecond);
BENCHMARK(every_state)->Unit(benchmark::kMillisecond);
BENCHMARK(history_tree)->Unit(benchmark::kMillisecond);
BENCHMARK(witness)->Unit(benchmark::kMicrosecond);

int main(int argc, char** argv) {
    setenv("MEZZ_MACHINE_IMAGE", "build/guest/machine_bench.elf", 0);
    std::ifstream file(std::getenv("MEZZ_MACHINE_IMAGE"), std::ios::binary);
    const Bytes bytes((std::istreambuf_iterator<char>(file)), {});
    const auto image = load_elf(bytes);
    if (!image) {
        std::cerr << "bench-machine: " << std::getenv("MEZZ_MACHINE_IMAGE")
                  << " is no image of the machine (ninja -C build/guest)\n";
        return 1;
    }
    program = std::make_shared<const Program>(*image);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
