// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/vectors.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <map>
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

bool Options::samples(std::string_view case_id) const {
    std::uint64_t hash = 14695981039346656037u;  // FNV-1a
    for (const char c : case_id) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
    return (hash >> 32) % sample == 0;
}

void Counts::record(const std::string& case_id, const std::string& problem) {
    if (problem.empty()) {
        ++passed;
        return;
    }
    ++failed;
    failures.push_back(case_id + ": " + problem);
}

void Counts::skip(const std::string& case_id, const std::string& reason) {
    ++skipped;
    skips.push_back(case_id + ": " + reason);
}

void Counts::add(const Counts& other) {
    passed += other.passed;
    failed += other.failed;
    skipped += other.skipped;
    failures.insert(failures.end(), other.failures.begin(), other.failures.end());
    skips.insert(skips.end(), other.skips.begin(), other.skips.end());
}

namespace {

void print_json_list(const char* name, const std::vector<std::string>& items) {
    std::printf(",\"%s\":[", name);
    for (std::size_t i = 0; i < items.size(); ++i) {
        std::printf("%s\"", i == 0 ? "" : ",");
        for (const char c : items[i]) {
            if (c == '"' || c == '\\')
                std::printf("\\%c", c);
            else if (static_cast<unsigned char>(c) < 0x20)
                std::printf("\\u%04x", static_cast<unsigned>(c));
            else
                std::printf("%c", c);
        }
        std::printf("\"");
    }
    std::printf("]");
}

void print(const Counts& total, bool json) {
    const auto passed = static_cast<unsigned long long>(total.passed);
    const auto failed = static_cast<unsigned long long>(total.failed);
    const auto skipped = static_cast<unsigned long long>(total.skipped);
    if (json) {
        std::printf("{\"passed\":%llu,\"failed\":%llu,\"skipped\":%llu", passed, failed, skipped);
        print_json_list("failures", total.failures);
        print_json_list("skips", total.skips);
        std::printf("}\n");
        return;
    }
    for (const std::string& s : total.skips) std::printf("SKIPPED %s\n", s.c_str());
    for (const std::string& f : total.failures) std::printf("FAILED %s\n", f.c_str());
    std::printf("%llu passed, %llu failed, %llu skipped\n", passed, failed, skipped);
}

}  // namespace

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
        } else if (arg == "--json") {
            out.json = true;
        } else if (arg == "--engine") {
            const std::string engine = value();
            if (engine != "plain" && engine != "fast") {
                std::fprintf(stderr, "--engine: expected plain or fast\n");
                return std::nullopt;
            }
            out.fast = engine == "fast";
        } else if (arg == "--guest") {
            out.guest = value();
        } else if (arg == "--sample") {
            out.sample = static_cast<std::uint64_t>(std::max(1, std::atoi(value().c_str())));
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

int report(Counts& counts, const Options& options) {
    const bool empty = counts.passed + counts.failed + counts.skipped == 0;
    if (empty) counts.skip("all", "no vectors found, set MEZZ_VECTORS");
    std::sort(counts.failures.begin(), counts.failures.end());
    std::sort(counts.skips.begin(), counts.skips.end());
    print(counts, options.json);
    if (empty) return 77;  // CTest's SKIP_RETURN_CODE.
    return counts.failed == 0 ? 0 : 1;
}

/// Official files that no strict reader takes.
const std::map<std::string, std::string> UNREADABLE = {
    {"blockgenesistest.json", "headers older than Frontier, with numbers beyond JSON readers"},
};

int run_files(const Options& options,
              const std::function<void(const fs::path&, simdjson::dom::element, Counts&)>& file) {
    const std::vector<fs::path> files = json_files(options.paths);
    Counts total;
    if (files.empty()) return report(total, options);
    std::mutex lock;
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        simdjson::dom::parser parser;
        Counts mine;
        for (std::size_t i; (i = next++) < files.size();) {
            simdjson::dom::element root;
            const auto known = UNREADABLE.find(files[i].filename().string());
            if (known != UNREADABLE.end()) {
                mine.skip(files[i].stem().string(), known->second);
                continue;
            }
            if (parser.load(files[i].string()).get(root) != simdjson::SUCCESS) {
                mine.record(files[i].string(), "not JSON");
                continue;
            }
            try {
                file(files[i], root, mine);
            } catch (const Malformed& e) {
                mine.record(files[i].string(), std::string("malformed: ") + e.what());
            } catch (const simdjson::simdjson_error& e) {
                mine.record(files[i].string(), std::string("malformed: ") + e.what());
            }
        }
        const std::scoped_lock guard(lock);
        total.add(mine);
    };
    std::vector<std::thread> threads;
    for (unsigned i = 1; i < options.jobs; ++i) threads.emplace_back(work);
    work();
    for (std::thread& t : threads) t.join();
    return report(total, options);
}

int run_command(int argc, char** argv, const char* command, FileRunner file) {
    const auto options = parse_options(argc, argv);
    if (!options) {
        std::fprintf(
            stderr,
            "usage: mezz-conformance %s PATH... [--fork F] [--filter S] [--jobs N] "
            "[--json] [--verbose] [--skip-slow] [--engine plain|fast] [--guest ELF [--sample N]]\n",
            command);
        return 2;
    }
    return run_files(*options, [&](const fs::path& path, simdjson::dom::element root,
                                   Counts& counts) { file(*options, path, root, counts); });
}

std::optional<simdjson::dom::element> field(simdjson::dom::element e, const char* key) {
    simdjson::dom::element out;
    if (e[key].get(out) != simdjson::SUCCESS || out.is_null()) return std::nullopt;
    return out;
}

std::string_view text_field(simdjson::dom::element e, const char* key) {
    std::string_view out;
    return e[key].get(out) == simdjson::SUCCESS ? out : std::string_view{};
}

bool names(std::string_view expected, std::string_view name) {
    while (!expected.empty()) {
        const std::size_t bar = std::min(expected.find('|'), expected.size());
        const std::string_view one = expected.substr(0, bar);
        expected.remove_prefix(std::min(bar + 1, expected.size()));
        const std::size_t dot = one.find('.');
        if ((dot == std::string_view::npos ? one : one.substr(dot + 1)) == name) return true;
    }
    return false;
}

std::string hex_text(ByteView bytes) {
    std::vector<char> out{'0', 'x'};
    append_hex(out, bytes);
    return {out.begin(), out.end()};
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
    return number_of(text);
}

std::optional<uint256> number_of(std::string_view text) {
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

std::optional<uint256> parse_number(simdjson::dom::element e) {
    std::string_view text;
    std::uint64_t number = 0;
    if (e.get(number) == simdjson::SUCCESS) return uint256{number};
    if (e.get(text) != simdjson::SUCCESS || text.empty()) return std::nullopt;
    if (text.starts_with("0x")) return parse_u256(e);
    uint256 value;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * uint256{10} + uint256{static_cast<unsigned>(c - '0')};
    }
    return value;
}

std::optional<std::uint64_t> parse_quantity(simdjson::dom::element e) {
    const auto value = parse_number(e);
    if (!value || !value->fits_u64()) return std::nullopt;
    return value->limb[0];
}

std::optional<std::uint64_t> parse_u64(simdjson::dom::element e) {
    const auto value = parse_u256(e);
    if (!value || !value->fits_u64()) return std::nullopt;
    return value->limb[0];
}

}  // namespace mezz::conformance
