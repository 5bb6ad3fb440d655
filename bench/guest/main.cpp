// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// bench-guest: RISC-V instructions that work costs in a proof, counted exactly by the machine.
///
/// usage: bench-guest [--guest FOLDER] [--filter TEXT] [--check FILE | --write FILE]
///     --guest   where bench.elf and stf.elf are; build/guest
///     --check   fails where a count differs from one run to the next or is above its ceiling
///     --write   writes ceilings 1 % above the counts
/// Exit code 0: all outputs are as expected and no count is too high; 1 otherwise; 77: no images.

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>

#include "bench/guest/program.hpp"
#include "bench/guest/workloads.hpp"
#include "core/crypto/keccak.hpp"
#include "node/execute/witness/recorder.hpp"
#include "node/prove/question/answer.hpp"

namespace {

using namespace mezz;
using namespace mezz::bench;

struct Options {
    std::filesystem::path guest = "build/guest";
    std::string filter;
    std::filesystem::path check;
    std::filesystem::path write;
};

[[noreturn]] void fail(const std::string& message) {
    std::fprintf(stderr, "bench-guest: %s\n", message.c_str());
    std::exit(1);
}

class Counter {
public:
    explicit Counter(const std::filesystem::path& guest)
        : pieces_(load_program(guest / "bench.elf")), stf_(load_program(guest / "stf.elf")) {}

    /// Instructions of one unit; both runs must give the native answer.
    std::uint64_t count(const Workload& w) const {
        return (run(w, w.with) - run(w, w.without)) / w.units;
    }

private:
    std::uint64_t run(const Workload& w, const Workload::Run& r) const {
        const auto answer = w.image == Image::stf ? prove(r.input) : work(r.input);
        if (!answer) fail(w.name + ": " + answer.error().message);
        if (answer->exit_code != 0)
            fail(w.name + ": exit code " + std::to_string(answer->exit_code));
        if (answer->claim != r.answer) fail(w.name + ": another answer than natively");
        return answer->steps;
    }
    node::Result<node::prove::Answer> work(ByteView input) const {
        node::prove::InputPreimages preimages(input);
        return node::prove::answer(pieces_, preimages);
    }
    node::Result<node::prove::Answer> prove(ByteView input) const {
        const auto read = node::read_guest_input(input);
        NoBlobs blobs;
        const auto witness = read ? stf::Witness::decode(read->witness, blobs) : std::nullopt;
        if (!witness) return node::fatal("not a statement with a witness");
        return node::prove::answer(stf_, read->statement.question, *witness);
    }

    Program pieces_, stf_;
};

Options parse(int argc, char** argv) {
    Options o;
    for (int i = 1; i < argc; ++i) {
        const std::string arg = argv[i];
        if (i + 1 == argc) fail(arg + ": unknown option, or one that lacks its value");
        const std::string value = argv[++i];
        if (arg == "--guest")
            o.guest = value;
        else if (arg == "--filter")
            o.filter = value;
        else if (arg == "--check")
            o.check = value;
        else if (arg == "--write")
            o.write = value;
        else
            fail(arg +
                 ": unknown option; usage: bench-guest [--guest FOLDER] [--filter TEXT] "
                 "[--check FILE | --write FILE]");
    }
    return o;
}

std::map<std::string, std::uint64_t> read_ceilings(const std::filesystem::path& path) {
    std::map<std::string, std::uint64_t> out;
    std::ifstream in(path);
    if (!in) fail(path.string() + ": cannot be read");
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line.starts_with("#")) continue;
        const auto space = line.find(' ');
        if (space == std::string::npos) fail(path.string() + ": expected NAME CEILING: " + line);
        out[line.substr(0, space)] = std::stoull(line.substr(space));
    }
    return out;
}

void write_ceilings(const std::filesystem::path& path,
                    const std::vector<std::pair<std::string, std::uint64_t>>& counts) {
    std::ofstream out(path);
    out << "# The most RISC-V instructions each workload of bench-guest may take: 1 % above what "
           "it took when this was written.\n"
           "# After a change that is meant: build/release/bench/guest/bench-guest --write "
           "bench/guest/ceilings.txt\n";
    for (const auto& [name, count] : counts) out << name << ' ' << count + count / 100 << '\n';
}

}  // namespace

int main(int argc, char** argv) {
    const Options options = parse(argc, argv);
    for (const char* elf : {"bench.elf", "stf.elf"})
        if (!std::filesystem::exists(options.guest / elf)) {
            std::printf("no %s: cmake --preset guest && cmake --build --preset guest\n",
                        (options.guest / elf).c_str());
            return 77;  // CTest's SKIP_RETURN_CODE.
        }
    const auto ceilings = options.check.empty() ? std::map<std::string, std::uint64_t>{}
                                                : read_ceilings(options.check);
    std::vector<Workload> workloads = crypto_workloads();
    for (auto* make : {transaction_workloads, vector_workloads})
        for (Workload& w : make()) workloads.push_back(std::move(w));

    const Counter counter(options.guest);
    std::vector<std::pair<std::string, std::uint64_t>> counts;
    int failed = 0;
    std::printf("%-40s %14s %10s %8s %14s\n", "workload", "instructions", "gas", "per gas",
                options.check.empty() ? "" : "ceiling");
    for (const Workload& w : workloads) {
        if (w.name.find(options.filter) == std::string::npos) continue;
        const std::uint64_t n = counter.count(w);
        counts.emplace_back(w.name, n);
        std::printf("%-40s %14llu", w.name.c_str(), static_cast<unsigned long long>(n));
        if (w.gas != 0)
            std::printf(" %10llu %8.1f", static_cast<unsigned long long>(w.gas),
                        static_cast<double>(n) / static_cast<double>(w.gas));
        if (!options.check.empty()) {
            const auto ceiling = ceilings.find(w.name);
            const bool known = ceiling != ceilings.end();
            const bool equal = counter.count(w) == n;
            if (known)
                std::printf("%*llu", w.gas != 0 ? 15 : 35,
                            static_cast<unsigned long long>(ceiling->second));
            if (!known || !equal || n > ceiling->second) {
                ++failed;
                std::printf("  FAILED: %s", !known   ? "has no ceiling"
                                            : !equal ? "differs from run to run"
                                                     : "above its ceiling");
            }
        }
        std::printf("\n");
        std::fflush(stdout);
    }
    if (!options.write.empty()) write_ceilings(options.write, counts);
    if (failed != 0) std::printf("%d failed\n", failed);
    return failed == 0 ? 0 : 1;
}
