// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// bench-evm: times contract calls on both interpreters, from files of the form of evm-benchmarks
/// and, with --state, its own loops of calls, creations and storage (state_cases.cpp).
///
/// usage: bench-evm [--filter TEXT] [--repeat N] [--engine fast|plain|both] [--tracing] [--state]
///                  [--json] PATH...
/// --tracing: also the plain instructions with a tracer that does nothing, to compare with none.
/// A case whose output or gas is not the expected one is an error: nothing is timed that is wrong.

#include <simdjson.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/evm/case.hpp"
#include "core/codec/hex.hpp"
#include "core/state/memory_view.hpp"
#include "node/execute/interpreter/engine.hpp"

namespace {

using namespace mezz;

using bench::Case;

struct Options {
    std::vector<std::filesystem::path> paths;
    std::string filter;
    int repeat = 5;
    bool plain = true;
    bool fast = true;
    bool tracing = false;
    bool state = false;
    bool json = false;
};

[[noreturn]] void fail(const std::string& message) {
    std::fprintf(stderr, "bench-evm: %s\n", message.c_str());
    std::exit(1);
}

Bytes bytes_of(simdjson::dom::element e, const std::string& where) {
    std::string_view text;
    if (e.get(text) != simdjson::SUCCESS) fail(where + ": expected a string");
    auto bytes = from_hex(text);
    if (!bytes) fail(where + ": expected 0x-hex");
    return std::move(*bytes);
}

Case read_case(const std::filesystem::path& path) {
    simdjson::dom::parser parser;
    simdjson::dom::element root, result;
    if (parser.load(path.string()).get(root) != simdjson::SUCCESS)
        fail(path.string() + ": not a JSON file");
    Case c;
    c.name = path.parent_path().filename() / path.stem();
    simdjson::dom::element code, input, output;
    if (root["code"].get(code) || root["input"].get(input) ||
        root["results"]["Osaka"].get(result) || result["output"].get(output))
        fail(path.string() + ": lacks code, input or results.Osaka.output");
    c.code = bytes_of(code, path.string() + ": code");
    c.input = bytes_of(input, path.string() + ": input");
    c.output = bytes_of(output, path.string() + ": output");
    if (result["gas_used"].get(c.gas)) fail(path.string() + ": lacks results.Osaka.gas_used");
    if (root["instructions_executed"].get(c.instructions)) c.instructions = 0;
    return c;
}

struct Zero final : BlockHashes {
    Bytes32 hash(std::uint64_t) override { return {}; }
};

enum class Engine { plain, traced, fast };

/// A machine that has the contracts of a case.
class Stand {
public:
    Stand(const Case& c, Engine engine)
        : case_(c),
          journal_(filled(view_, c), Revision::osaka),
          machine_(journal_, spec_, block_, hashes_) {
        if (engine == Engine::fast) machine_.set_runner(&engine_);
        if (engine == Engine::traced) machine_.set_observer(&observer_);
        message_.gas = std::int64_t{1} << 60;
        message_.input = c.input;
    }
    Stand(const Stand&) = delete;
    Stand& operator=(const Stand&) = delete;

    struct Run {
        evm::CallResult result;
        std::uint64_t gas = 0;
        double time_us = 0;
    };
    /// One call, undone afterwards.
    Run call() {
        journal_.begin_transaction();
        machine_.set_transaction({});
        const auto before = journal_.checkpoint();
        const auto start = std::chrono::steady_clock::now();
        Run run{machine_.execute(message_), 0, 0};
        const auto time = std::chrono::steady_clock::now() - start;
        run.time_us = std::chrono::duration<double, std::micro>(time).count();
        run.gas = static_cast<std::uint64_t>(message_.gas - run.result.gas_left);
        if (run.result.status != evm::Status::success) fail(case_.name + ": failed");
        journal_.revert(before);
        journal_.end_transaction();
        return run;
    }
    /// The time of a call whose result is the expected one.
    double checked_call_us() {
        const Run run = call();
        if (run.result.output != case_.output || run.gas != case_.gas)
            fail(case_.name + ": wrong result: gas " + std::to_string(run.gas) + ", expected " +
                 std::to_string(case_.gas));
        return run.time_us;
    }

private:
    static MemoryView& filled(MemoryView& view, const Case& c) {
        view.set(Address{}, 0, uint256{1'000'000}, c.code);
        for (const auto& contract : c.contracts) view.set(contract.address, 1, {}, contract.code);
        return view;
    }

    const Case& case_;
    ChainSpec spec_;
    BlockContext block_;
    MemoryView view_;
    Zero hashes_;
    evm::Observer observer_;
    node::interpreter::CodeCache cache_{{.decode_after = 1}};
    node::interpreter::Engine engine_{cache_};
    Journal journal_;
    evm::Evm machine_;
    evm::Message message_;
};

/// Best mean time of a call, in microseconds, over batches of at least half a millisecond: shorter
/// than what a busy machine gives to others in between. `repeat`: times 50 ms are measured.
double measure(const Case& c, Engine engine, int repeat) {
    Stand stand(c, engine);
    stand.checked_call_us();
    double best = 1e18;
    for (double total = 0; total < 50'000.0 * repeat;) {
        double sum = 0;
        int calls = 0;
        while (sum < 500) {
            sum += stand.checked_call_us();
            ++calls;
        }
        best = std::min(best, sum / calls);
        total += sum;
    }
    return best;
}

/// Microseconds a fast program takes to be made.
double decoding_us(const Case& c) {
    double best = 1e18;
    for (int i = 0; i < 5; ++i) {
        const auto start = std::chrono::steady_clock::now();
        const auto program = node::interpreter::decode(c.code, Revision::osaka);
        const auto time = std::chrono::steady_clock::now() - start;
        if (program->instrs.empty()) fail(c.name + ": nothing decoded");
        best = std::min(best, std::chrono::duration<double, std::micro>(time).count());
    }
    return best;
}

void print_head(const Options& o) {
    std::printf("%-36s %12s %12s %8s %10s %12s", "case", "plain us", "fast us", "ratio", "Mgas/s",
                "decoding us");
    std::printf(o.tracing ? " %12s %8s\n" : "\n", "traced us", "ratio");
}
void print_times(const Case& c, const Options& o) {
    const double plain = o.plain ? measure(c, Engine::plain, o.repeat) : 0;
    const double fast = o.fast ? measure(c, Engine::fast, o.repeat) : 0;
    const double traced = o.tracing ? measure(c, Engine::traced, o.repeat) : 0;
    const double rate = static_cast<double>(c.gas) / (o.fast ? fast : plain);
    const double decoding = decoding_us(c);
    if (o.json) {
        std::printf(
            "{\"case\":\"%s\",\"plain_us\":%.3f,\"fast_us\":%.3f,\"traced_us\":%.3f,"
            "\"mgas_per_s\":%.1f,\"decoding_us\":%.1f,\"instructions\":%llu}\n",
            c.name.c_str(), plain, fast, traced, rate, decoding,
            static_cast<unsigned long long>(c.instructions));
    } else {
        std::printf("%-36s %12.2f %12.2f %8.2f %10.0f %12.1f", c.name.c_str(), plain, fast,
                    o.plain && o.fast ? plain / fast : 0.0, rate, decoding);
        if (o.tracing) std::printf(" %12.2f %8.2f", traced, o.plain ? traced / plain : 0.0);
        std::printf("\n");
    }
    std::fflush(stdout);
}

Options parse(int argc, char** argv) {
    Options o;
    for (int i = 1; i < argc; ++i) {
        const std::string arg = argv[i];
        const auto value = [&] {
            if (++i >= argc) fail(arg + ": expected a value");
            return std::string(argv[i]);
        };
        if (arg == "--filter") {
            o.filter = value();
        } else if (arg == "--repeat") {
            o.repeat = std::atoi(value().c_str());
            if (o.repeat < 1) fail("--repeat: expected a number from 1");
        } else if (arg == "--engine") {
            const auto engine = value();
            if (engine != "fast" && engine != "plain" && engine != "both")
                fail("--engine: expected fast, plain or both");
            o.plain = engine != "fast";
            o.fast = engine != "plain";
        } else if (arg == "--tracing") {
            o.tracing = true;
        } else if (arg == "--state") {
            o.state = true;
        } else if (arg == "--json") {
            o.json = true;
        } else if (arg.starts_with("-")) {
            fail(arg +
                 ": unknown option; usage: bench-evm [--filter TEXT] [--repeat N] [--engine "
                 "fast|plain|both] [--tracing] [--state] [--json] PATH...");
        } else {
            o.paths.emplace_back(arg);
        }
    }
    if (o.paths.empty() && !o.state) fail("expected a file or folder of benchmarks");
    return o;
}

}  // namespace

int main(int argc, char** argv) {
    const Options options = parse(argc, argv);
    std::vector<std::filesystem::path> files;
    for (const auto& path : options.paths) {
        if (!std::filesystem::exists(path)) fail(path.string() + ": no such file or folder");
        if (!std::filesystem::is_directory(path)) {
            files.push_back(path);
            continue;
        }
        for (const auto& f : std::filesystem::recursive_directory_iterator(path))
            if (f.path().extension() == ".json") files.push_back(f.path());
    }
    std::sort(files.begin(), files.end());
    if (!options.json) print_head(options);
    const auto wanted = [&](const Case& c) {
        return c.name.find(options.filter) != std::string::npos;
    };
    for (const auto& file : files) {
        const Case c = read_case(file);
        if (wanted(c)) print_times(c, options);
    }
    if (!options.state) return 0;
    for (Case& c : bench::state_cases()) {
        if (!wanted(c)) continue;
        const auto run = Stand(c, Engine::plain).call();
        c.output = run.result.output;
        c.gas = run.gas;
        print_times(c, options);
    }
    return 0;
}
