// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Runs official difficulty tests. Two layouts exist: a file of cases whose name says the network
/// (BasicTests), and a file whose object holds one object of cases a network (DifficultyTests).

#include "tests/conformance/proof_of_work.hpp"
#include "tests/conformance/runners.hpp"
#include "tests/conformance/vectors.hpp"

namespace mezz::conformance {
namespace {

using simdjson::dom::element;

/// The old layout has the hash of the uncles, the newer one their number.
bool has_uncles(element test) {
    const auto found = field(test, "parentUncles");
    if (!found) return false;
    if (const auto hash = parse_fixed<Bytes32>(*found)) return *hash != EMPTY_OMMERS_HASH;
    const auto count = parse_number(*found);
    return count && !count->is_zero();
}

void run_case(const std::string& id, element test, const DifficultyRules& rules, Counts& counts) {
    const auto number = parse_number(test["currentBlockNumber"]);
    const auto timestamp = parse_number(test["currentTimestamp"]);
    const auto parent_timestamp = parse_number(test["parentTimestamp"]);
    const auto parent_difficulty = parse_number(test["parentDifficulty"]);
    const auto expected = parse_number(test["currentDifficulty"]);
    if (!number || !timestamp || !parent_timestamp || !parent_difficulty || !expected)
        return counts.record(id, "malformed");
    if (*parent_difficulty < uint256{MINIMUM_DIFFICULTY})
        return counts.skip(id, "its parent is below the least difficulty a block can have");
    const uint256 got =
        next_difficulty(rules, number->limb[0], timestamp->limb[0], parent_timestamp->limb[0],
                        *parent_difficulty, has_uncles(test));
    counts.record(id, got == *expected ? "" : "difficulty " + hex_text(to_bytes32(got)));
}

void run_cases(const Options& options, const std::string& prefix, element cases,
               std::string_view network, Counts& counts) {
    const auto rules = DifficultyRules::named(network);
    simdjson::dom::object tests;
    if (cases.get(tests) != simdjson::SUCCESS) return counts.skip(prefix, "not a difficulty test");
    for (const auto [name, test] : tests) {
        const std::string id = prefix + "::" + std::string(name);
        if (name == "_info" || !options.selects(id)) continue;
        if (field(test, "currentDifficulty")) {
            if (!rules)
                counts.skip(id, "a network this runner does not know");
            else if (options.selects_fork(network))
                run_case(id, test, *rules, counts);
        } else {
            // One level down the networks, and below each its cases.
            run_cases(options, id, test, field(test, "_info") ? network : name, counts);
        }
    }
}

void run_file(const Options& options, const std::filesystem::path& path, element root,
              Counts& counts) {
    const std::string stem = path.stem().string();
    if (!stem.starts_with("difficulty")) return;
    run_cases(options, stem, root, std::string_view(stem).substr(10), counts);
}

}  // namespace

int difficulty_tests(int argc, char** argv) {
    return run_command(argc, argv, "difficulty-tests", run_file);
}

}  // namespace mezz::conformance
