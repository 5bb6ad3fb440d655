// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What every conformance runner needs: files, options, counts and hex values of JSON vectors.

#include <simdjson.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
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
    bool json = false;         ///< one JSON object instead of text.
    bool fast = false;         ///< state tests by the fast interpreter.
    std::string guest;         ///< a guest image to repeat state tests with; empty = none.
    std::uint64_t sample = 1;  ///< every n-th case goes to the guest.
    [[nodiscard]] bool selects(std::string_view case_id) const {
        return case_id.find(filter) != std::string_view::npos;
    }
    /// Whether a case belongs to the sample: one in `sample`, the same ones in every run.
    [[nodiscard]] bool samples(std::string_view case_id) const;
    [[nodiscard]] bool selects_fork(std::string_view name) const {
        return fork.empty() || fork == name;
    }
};

/// What a run came to. Every case that fails or cannot apply is there by name, with the reason.
struct Counts {
    std::uint64_t passed = 0;
    std::uint64_t failed = 0;
    std::uint64_t skipped = 0;
    std::vector<std::string> failures;
    std::vector<std::string> skips;

    /// An empty problem is a pass.
    void record(const std::string& case_id, const std::string& problem);
    void skip(const std::string& case_id, const std::string& reason);
    void add(const Counts& other);
};

/// Parses `PATH... [--fork F] [--filter S] [--jobs N] [--json] [--skip-slow] [--verbose]
/// [--engine plain|fast] [--guest ELF] [--sample N]`. Relative paths that do not exist are looked
/// up under the vectors folder. returns: nullopt on a malformed command line.
std::optional<Options> parse_options(int argc, char** argv);
/// $MEZZ_VECTORS, or ../shared/vectors beside the repository.
std::filesystem::path vectors_folder();
/// Prints failures and counts. returns: the process exit status.
int report(Counts& counts, const Options& options);
/// Every .json file below the paths, sorted.
std::vector<std::filesystem::path> json_files(const std::vector<std::filesystem::path>& paths);
/// Runs `file` over all files on `jobs` threads and prints failures and counts.
/// returns: the process exit status.
int run_files(
    const Options& options,
    const std::function<void(const std::filesystem::path&, simdjson::dom::element, Counts&)>& file);
/// A whole subcommand: options, files, and `file` over each of them.
using FileRunner = void (*)(const Options& options, const std::filesystem::path& path,
                            simdjson::dom::element root, Counts& counts);
int run_command(int argc, char** argv, const char* command, FileRunner file);

/// A member that is there and not null.
std::optional<simdjson::dom::element> field(simdjson::dom::element e, const char* key);
/// The text of a member; empty when there is none.
std::string_view text_field(simdjson::dom::element e, const char* key);
/// Reads a member with `parse`. returns: false when it is there and malformed.
template <class T, class Parse>
bool read(simdjson::dom::element e, const char* key, T& out, Parse parse) {
    const auto found = field(e, key);
    if (!found) return true;  // absent keeps the default
    const auto value = parse(*found);
    if (!value) return false;
    out = *value;
    return true;
}
/// Whether `expected`, a list of names such as "TransactionException.A|BlockException.B", has
/// `name`.
bool names(std::string_view expected, std::string_view name);
/// Two lower-case digits a byte, with prefix.
std::string hex_text(ByteView bytes);

/// A file that does not have the form of its family. Becomes a failed case by the file's name.
class Malformed : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Hex with prefix, of at most 32 bytes.
std::optional<uint256> number_of(std::string_view text);
/// Values of JSON strings; nullopt where malformed or too large.
std::optional<Bytes> parse_bytes(simdjson::dom::element e);
std::optional<uint256> parse_u256(simdjson::dom::element e);
/// Hex with prefix, or decimal as text or number.
std::optional<uint256> parse_number(simdjson::dom::element e);
/// The same below 2^64.
std::optional<std::uint64_t> parse_quantity(simdjson::dom::element e);
std::optional<std::uint64_t> parse_u64(simdjson::dom::element e);
template <class Fixed>
std::optional<Fixed> parse_fixed(simdjson::dom::element e) {
    const auto bytes = parse_bytes(e);
    if (!bytes || bytes->size() != Fixed::size()) return std::nullopt;
    return Fixed::from(*bytes);
}

}  // namespace mezz::conformance
