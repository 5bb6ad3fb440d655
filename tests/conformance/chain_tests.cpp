// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Imports an exported chain: a geth genesis.json, beside it chain.rlp (blocks one after another)
/// and headfcu.json (the forkchoice update that names the head). spec: execution-apis, tests.

#include <fstream>
#include <iterator>

#include "tests/conformance/allocation.hpp"
#include "tests/conformance/chain.hpp"
#include "tests/conformance/recorded_traces.hpp"
#include "tests/conformance/runners.hpp"

namespace mezz::conformance {
namespace {

using simdjson::dom::element;

std::string join(const Refusals& refusals) {
    std::string out;
    for (const Refusal r : refusals) out += (out.empty() ? "" : "|") + std::string(r);
    return out;
}

/// A genesis before London; later ones have more fields.
std::optional<Header> read_genesis(element json, const MemoryView& state) {
    Header h;
    uint256 nonce;
    if (!read(json, "timestamp", h.timestamp, parse_quantity) ||
        !read(json, "extraData", h.extra_data, parse_bytes) ||
        !read(json, "gasLimit", h.gas_limit, parse_quantity) ||
        !read(json, "difficulty", h.difficulty, parse_number) ||
        !read(json, "mixHash", h.prev_randao, parse_fixed<Bytes32>) ||
        !read(json, "coinbase", h.coinbase, parse_fixed<Address>) ||
        !read(json, "nonce", nonce, parse_number))
        return std::nullopt;
    store_be64(h.nonce.data(), nonce.limb[0]);
    h.state_root = state.root();
    return h;
}

std::string import_file(Chain& chain, const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    const Bytes bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    rlp::Reader blocks(bytes);
    std::size_t number = 1;
    for (; !blocks.at_end(); ++number) {
        const Refusals refusals = chain.import(blocks.raw_item());
        if (!refusals.empty())
            return "block " + std::to_string(number) + " refused by " + join(refusals);
    }
    if (blocks.finish() != rlp::Error::none) return "chain.rlp is not RLP";
    return number > 1 ? "" : "no blocks";
}

std::string run_case(element genesis, const std::filesystem::path& folder, RecordedTraces& traces) {
    MemoryView state = parse_allocation(genesis["alloc"]);
    const auto header = read_genesis(genesis, state);
    if (!header) return "malformed genesis";
    Chain chain(Network::of_genesis(genesis["config"]), *header, std::move(state));
    chain.set_watcher(&traces);
    if (std::string problem = import_file(chain, folder / "chain.rlp"); !problem.empty())
        return problem;
    simdjson::dom::parser parser;
    element update;
    if (parser.load((folder / "headfcu.json").string()).get(update) != simdjson::SUCCESS)
        return "no headfcu.json";
    const auto head = parse_fixed<Bytes32>(update["params"].at(0)["headBlockHash"]);
    return chain.head() == head ? "" : "head is " + hex_text(chain.head());
}

void run_file(const Options& options, const std::filesystem::path& path, element root,
              Counts& counts) {
    const std::filesystem::path folder = path.parent_path();
    if (path.filename() != "genesis.json" || !std::filesystem::exists(folder / "chain.rlp")) return;
    const std::string id = folder.filename().string() + "::chain";
    if (!options.selects(id)) return;
    RecordedTraces traces(folder);
    counts.record(id, run_case(root, folder, traces));
    traces.judge(counts);
}

}  // namespace

int chain_tests(int argc, char** argv) {
    return run_command(argc, argv, "chain-tests", run_file);
}

}  // namespace mezz::conformance
