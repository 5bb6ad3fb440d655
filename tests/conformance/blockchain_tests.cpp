// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Runs official blockchain tests: a genesis, encoded blocks in the order of their arrival, some of
/// which must be refused for a reason, and the head they must end in.

#include <algorithm>

#include "core/exec/header.hpp"
#include "tests/conformance/allocation.hpp"
#include "tests/conformance/chain.hpp"
#include "tests/conformance/runners.hpp"

namespace mezz::conformance {
namespace {

using simdjson::dom::element;

/// Where the vectors have another word for one of our reasons. They come from tools that told apart
/// what is one rule here, or that check in another order.
struct Synonym {
    std::string_view ours;
    std::string_view theirs;
};
constexpr Synonym SYNONYMS[] = {
    {"TYPE_1_TX_PRE_FORK", "TYPE_NOT_SUPPORTED"},
    {"TYPE_2_TX_PRE_FORK", "TYPE_NOT_SUPPORTED"},
    {"TYPE_3_TX_PRE_FORK", "TYPE_NOT_SUPPORTED"},
    {"TYPE_4_TX_PRE_FORK", "TYPE_NOT_SUPPORTED"},
    {"UNKNOWN_PARENT", "UNKNOWN_PARENT_ZERO"},
    {"INVALID_GAS_USED_ABOVE_LIMIT", "GAS_USED_OVERFLOW"},
    // A block of one fork on a parent of another lacks a field, or has one too many.
    {"INCORRECT_BLOCK_FORMAT", "IMPORT_IMPOSSIBLE_LEGACY"},
    {"INCORRECT_BLOCK_FORMAT", "IMPORT_IMPOSSIBLE_LEGACY_WRONG_PARENT"},
    {"INCORRECT_BLOCK_FORMAT", "IMPORT_IMPOSSIBLE_LONDON_WRONG_PARENT"},
    {"INCORRECT_BLOCK_FORMAT", "IMPORT_IMPOSSIBLE_SHANGHAI"},
    {"INCORRECT_BLOCK_FORMAT", "IMPORT_IMPOSSIBLE_PARIS_OVER_SHANGHAI"},
    {"INVALID_DIFFICULTY", "IMPORT_IMPOSSIBLE_PARIS_WRONG_POS"},
    {"IMPORT_IMPOSSIBLE_DIFFICULTY_OVER_PARIS", "IMPORT_IMPOSSIBLE_PARIS_WRONG_POW"},
    {"IMPORT_IMPOSSIBLE_DIFFICULTY_OVER_PARIS", "INVALID_DIFFICULTY"},
};

bool is_expected(Refusal ours, std::string_view expected) {
    return names(expected, ours) || std::ranges::any_of(SYNONYMS, [&](const Synonym& s) {
               return s.ours == ours && names(expected, s.theirs);
           });
}

bool read_network(element test, Network& network) {
    const auto config = field(test, "config");
    if (!config) return true;
    if (!read(*config, "chainid", network.chain_id, parse_u64)) return false;
    simdjson::dom::object schedule;
    if ((*config)["blobSchedule"].get(schedule) != simdjson::SUCCESS) return true;
    for (const auto [fork, entry] : schedule) {
        BlobParams params;
        if (!read(entry, "target", params.target, parse_u64) ||
            !read(entry, "max", params.max, parse_u64) ||
            !read(entry, "baseFeeUpdateFraction", params.update_fraction, parse_u64))
            return false;
        network.blobs.emplace(fork, params);
    }
    return true;
}

/// Imports all blocks. returns: what is wrong, empty when nothing is.
std::string import_blocks(Chain& chain, element blocks) {
    std::size_t number = 0;
    for (const element entry : blocks) {
        const std::string where = "block [" + std::to_string(number++) + "] ";
        const auto bytes = parse_bytes(entry["rlp"]);
        if (!bytes) return where + "is not hex";
        const auto done = chain.import(*bytes);
        std::string_view expected;
        simdjson::dom::object members;
        if (entry.get(members) == simdjson::SUCCESS)
            for (const auto [key, value] : members)
                if (key.starts_with("expectException")) (void)value.get(expected);
        std::string reasons;
        for (const Refusal reason : done)
            reasons += (reasons.empty() ? "" : "|") + std::string(reason);
        if (expected.empty()) {
            if (!done.empty()) return where + "refused by " + reasons;
            continue;
        }
        if (done.empty()) return where + "accepted, expected " + std::string(expected);
        if (std::ranges::none_of(done, [&](Refusal r) { return is_expected(r, expected); }))
            return where + "refused by " + reasons + ", expected " + std::string(expected);
    }
    return {};
}

std::string run_case(element test, Network network) {
    if (!read_network(test, network)) return "malformed config";
    const auto genesis_bytes = parse_bytes(test["genesisRLP"]);
    if (!genesis_bytes) return "malformed genesis";
    const auto genesis = decode_block(*genesis_bytes);
    if (!genesis) return "genesis refused";
    MemoryView state = parse_allocation(test["pre"]);
    if (state.root() != genesis->header.state_root) return "genesis state root";
    const auto genesis_hash = field(test["genesisBlockHeader"], "hash");
    if (genesis_hash && parse_fixed<Bytes32>(*genesis_hash) != hash(genesis->header))
        return "genesis hash";

    Chain chain(std::move(network), genesis->header, std::move(state));
    if (std::string problem = import_blocks(chain, test["blocks"]); !problem.empty())
        return problem;
    const auto last = parse_fixed<Bytes32>(test["lastblockhash"]);
    if (chain.head() != last) return "head is " + hex_text(chain.head());
    Bytes32 root = chain.head_header().state_root;
    if (const auto post = field(test, "postState"))
        return parse_allocation(*post).root() == root ? "" : "post state";
    if (const auto post = field(test, "postStateHash"))
        return parse_fixed<Bytes32>(*post) == root ? "" : "post state hash";
    return {};
}

void run_file(const Options& options, const std::filesystem::path& path, element root,
              Counts& counts) {
    simdjson::dom::object tests;
    if (root.get(tests) != simdjson::SUCCESS)
        return counts.skip(path.stem().string(), "not a blockchain test");
    for (const auto [name, test] : tests) {
        const std::string id = path.stem().string() + "::" + std::string(name);
        const std::string_view fork = text_field(test, "network");
        if (!options.selects_fork(fork) || !options.selects(id)) continue;
        auto network = Network::named(fork);
        if (!field(test, "blocks"))
            counts.skip(id, field(test, "engineNewPayloads")
                                ? "for the engine API; its twin in blockchain_tests has the blocks"
                                : "not a blockchain test");
        else if (!network)
            counts.skip(id, "a network this runner does not know: " + std::string(fork));
        else
            counts.record(id, run_case(test, std::move(*network)));
    }
}

}  // namespace

int blockchain_tests(int argc, char** argv) {
    return run_command(argc, argv, "blockchain-tests", run_file);
}

}  // namespace mezz::conformance
