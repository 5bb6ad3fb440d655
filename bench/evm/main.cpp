// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// bench-evm: times contract calls from files of the form of evm-benchmarks, on both interpreters.
///
/// usage: bench-evm [--filter TEXT] [--repeat N] [--engine fast|plain|both] [--json] PATH...
/// A case whose output or gas is not the expected one is an error: nothing is timed that is wrong.

#include <simdjson.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "core/codec/hex.hpp"
#include "core/state/memory_view.hpp"
#include "node/execute/interpreter/engine.hpp"

namespace {

using namespace mezz;

struct Case {
    std::string name;
    Bytes code;
    Bytes input;
    Bytes output;
    std::uint64_t gas = 0;
    std::uint64_t instructions = 0;
};

struct Options {
    std::vector<std::filesystem::path> paths;
    std::string filter;
    int repeat = 5;
    bool plain = true;
    bool fast = true;
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

/// Best mean time of a call, in microseconds, over batches of at least half a millisecond: shorter
/// than what a busy machine gives to others in between. `repeat`: times 50 ms are measured.
double measure(const Case& c, bool fast, int repeat) {
    ChainSpec spec;
    BlockContext block;
    MemoryView view;
    const Address self{};
    view.set(self, 0, {}, c.code);
    Zero hashes;
    node::interpreter::CodeCache cache({.decode_after = 1});
    node::interpreter::Engine engine(cache);
    Journal journal(view, Revision::osaka);
    evm::Evm machine(journal, spec, block, hashes);
    if (fast) machine.set_runner(&engine);
    evm::Message m;
    m.gas = std::int64_t{1} << 60;
    m.input = c.input;
    const auto once = [&] {
        journal.begin_transaction();
        machine.set_transaction({});
        const auto before = journal.checkpoint();
        const auto start = std::chrono::steady_clock::now();
        const auto result = machine.execute(m);
        const auto time = std::chrono::steady_clock::now() - start;
        if (result.status != evm::Status::success || result.output != c.output ||
            static_cast<std::uint64_t>(m.gas - result.gas_left) != c.gas)
            fail(c.name + ": wrong result: gas " + std::to_string(m.gas - result.gas_left) +
                 ", expected " + std::to_string(c.gas));
        journal.revert(before);
        journal.end_transaction();
        return std::chrono::duration<double, std::micro>(time).count();
    };
    once();
    double best = 1e18;
    for (double total = 0; total < 50'000.0 * repeat;) {
        double sum = 0;
        int calls = 0;
        while (sum < 500) {
            sum += once();
            ++calls;
        }
        best = std::min(best, sum / calls);
        total += sum;
    }
    return best;
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
        } else if (arg == "--json") {
            o.json = true;
        } else if (arg.starts_with("-")) {
            fail(arg +
                 ": unknown option; usage: bench-evm [--filter TEXT] [--repeat N] [--engine "
                 "fast|plain|both] [--json] PATH...");
        } else {
            o.paths.emplace_back(arg);
        }
    }
    if (o.paths.empty()) fail("expected a file or folder of benchmarks");
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
    if (!options.json)
        std::printf("%-42s %12s %12s %8s %10s %12s\n", "case", "plain us", "fast us", "ratio",
                    "Mgas/s", "instructions");
    for (const auto& file : files) {
        const Case c = read_case(file);
        if (c.name.find(options.filter) == std::string::npos) continue;
        const double plain = options.plain ? measure(c, false, options.repeat) : 0;
        const double fast = options.fast ? measure(c, true, options.repeat) : 0;
        const double shown = options.fast ? fast : plain;
        if (options.json)
            std::printf(
                "{\"case\":\"%s\",\"plain_us\":%.3f,\"fast_us\":%.3f,\"mgas_per_s\":%.1f,"
                "\"instructions\":%llu}\n",
                c.name.c_str(), plain, fast, static_cast<double>(c.gas) / shown,
                static_cast<unsigned long long>(c.instructions));
        else
            std::printf("%-42s %12.2f %12.2f %8.2f %10.0f %12llu\n", c.name.c_str(), plain, fast,
                        options.plain && options.fast ? plain / fast : 0.0,
                        static_cast<double>(c.gas) / shown,
                        static_cast<unsigned long long>(c.instructions));
        std::fflush(stdout);
    }
    return 0;
}
