// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/vectors.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "core/codec/hex.hpp"

namespace mezz::conformance {
namespace fs = std::filesystem;

fs::path vectors_folder() {
    if (const char* set = std::getenv("MEZZ_VECTORS")) return set;
    // Checkouts may be nested: look beside every parent folder.
    for (fs::path p = fs::current_path(); p != p.root_path(); p = p.parent_path())
        if (fs::exists(p / "shared" / "vectors")) return p / "shared" / "vectors";
    return {};
}

std::optional<Options> parse_options(int argc, char** argv) {
    Options out;
    for (int i = 0; i < argc; ++i) {
        const std::string arg = argv[i];
        const auto value = [&]() -> std::string { return ++i < argc ? argv[i] : ""; };
        if (arg == "--fork") {
            out.fork = value();
        } else if (arg == "--filter") {
            out.filter = value();
        } else if (arg == "--jobs") {
            out.jobs = static_cast<unsigned>(std::max(1, std::atoi(value().c_str())));
        } else if (arg == "--skip-slow") {
            out.skip_slow = true;
        } else if (arg == "--verbose") {
            out.verbose = true;
        } else if (arg.starts_with("--")) {
            std::fprintf(stderr, "unknown option %s\n", arg.c_str());
            return std::nullopt;
        } else {
            fs::path path = arg;
            if (!fs::exists(path)) path = vectors_folder() / arg;
            out.paths.push_back(path);
        }
    }
    if (out.paths.empty()) return std::nullopt;
    return out;
}

std::vector<fs::path> json_files(const std::vector<fs::path>& paths) {
    std::vector<fs::path> out;
    for (const fs::path& path : paths) {
        if (fs::is_regular_file(path)) out.push_back(path);
        if (!fs::is_directory(path)) continue;
        for (const auto& entry : fs::recursive_directory_iterator(path))
            if (entry.is_regular_file() && entry.path().extension() == ".json" &&
                !entry.path().filename().string().starts_with("."))
                out.push_back(entry.path());
    }
    std::sort(out.begin(), out.end());
    return out;
}

int run_files(const Options& options,
              const std::function<void(const fs::path&, simdjson::dom::element, Counts&)>& file) {
    const std::vector<fs::path> files = json_files(options.paths);
    if (files.empty()) {
        std::printf("no vectors found: set MEZZ_VECTORS\n0 passed, 0 failed, 1 skipped\n");
        return 77;  // CTest's SKIP_RETURN_CODE.
    }
    Counts total;
    std::mutex lock;
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        simdjson::dom::parser parser;
        Counts mine;
        for (std::size_t i; (i = next++) < files.size();) {
            simdjson::dom::element root;
            if (parser.load(files[i].string()).get(root) != simdjson::SUCCESS) {
                ++mine.failed;
                mine.failures.push_back(files[i].string() + ": not JSON");
                continue;
            }
            file(files[i], root, mine);
        }
        const std::scoped_lock guard(lock);
        total.passed += mine.passed;
        total.failed += mine.failed;
        total.skipped += mine.skipped;
        total.failures.insert(total.failures.end(), mine.failures.begin(), mine.failures.end());
    };
    std::vector<std::thread> threads;
    for (unsigned i = 1; i < options.jobs; ++i) threads.emplace_back(work);
    work();
    for (std::thread& t : threads) t.join();
    std::sort(total.failures.begin(), total.failures.end());
    for (const std::string& f : total.failures) std::printf("FAILED %s\n", f.c_str());
    std::printf("%llu passed, %llu failed, %llu skipped\n",
                static_cast<unsigned long long>(total.passed),
                static_cast<unsigned long long>(total.failed),
                static_cast<unsigned long long>(total.skipped));
    return total.failed == 0 ? 0 : 1;
}

std::optional<Bytes> parse_bytes(simdjson::dom::element e) {
    std::string_view text;
    if (e.get(text) != simdjson::SUCCESS) return std::nullopt;
    return from_hex(text);
}

std::optional<uint256> parse_u256(simdjson::dom::element e) {
    std::string_view text;
    if (e.get(text) != simdjson::SUCCESS) return std::nullopt;
    if (text.starts_with("0x:bigint ")) text.remove_prefix(10);
    if (!text.starts_with("0x")) return std::nullopt;
    text.remove_prefix(2);
    while (text.size() > 1 && text.front() == '0') text.remove_prefix(1);
    if (text.size() > 64) return std::nullopt;
    std::string padded(64 - text.size(), '0');
    padded += text;
    const auto bytes = from_hex(padded);
    if (!bytes) return std::nullopt;
    return from_be(*bytes);
}

std::optional<std::uint64_t> parse_u64(simdjson::dom::element e) {
    const auto value = parse_u256(e);
    if (!value || !value->fits_u64()) return std::nullopt;
    return value->limb[0];
}

}  // namespace mezz::conformance
