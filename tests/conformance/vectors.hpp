// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What every conformance runner needs: files, options, counts and hex values of JSON vectors.

#include <simdjson.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/uint256.hpp"

namespace mezz::conformance {

struct Options {
    std::vector<std::filesystem::path> paths;
    std::string fork;    ///< run this fork only; empty = all.
    std::string filter;  ///< run cases whose name contains this; empty = all.
    unsigned jobs = 1;
    bool skip_slow = false;
    bool verbose = false;
};

struct Counts {
    std::uint64_t passed = 0;
    std::uint64_t failed = 0;
    std::uint64_t skipped = 0;
    std::vector<std::string> failures;
};

/// Parses `PATH... [--fork F] [--filter S] [--jobs N] [--skip-slow]`. Relative paths that do not
/// exist are looked up under the vectors folder. returns: nullopt on a malformed command line.
std::optional<Options> parse_options(int argc, char** argv);
/// $MEZZ_VECTORS, or ../shared/vectors beside the repository.
std::filesystem::path vectors_folder();
/// Every .json file below the paths, sorted.
std::vector<std::filesystem::path> json_files(const std::vector<std::filesystem::path>& paths);
/// Runs `file` over all files on `jobs` threads and prints failures and counts.
/// returns: the process exit status.
int run_files(
    const Options& options,
    const std::function<void(const std::filesystem::path&, simdjson::dom::element, Counts&)>& file);

/// Values of JSON strings; nullopt where malformed or too large.
std::optional<Bytes> parse_bytes(simdjson::dom::element e);
std::optional<uint256> parse_u256(simdjson::dom::element e);
std::optional<std::uint64_t> parse_u64(simdjson::dom::element e);
template <class Fixed>
std::optional<Fixed> parse_fixed(simdjson::dom::element e) {
    const auto bytes = parse_bytes(e);
    if (!bytes || bytes->size() != Fixed::size()) return std::nullopt;
    return Fixed::from(*bytes);
}

}  // namespace mezz::conformance
