// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Runs geth's tracer vectors: a state, a block, a signed transaction, and what a tracer says about
/// it. The folder of a file names the tracer.

#include <algorithm>

#include "core/exec/block_executor.hpp"
#include "node/ingest/rpc/print_trace.hpp"
#include "tests/conformance/allocation.hpp"
#include "tests/conformance/network.hpp"
#include "tests/conformance/runners.hpp"

namespace mezz::conformance {
namespace {

using simdjson::dom::element;

struct NoHashes final : BlockHashes {
    Bytes32 hash(std::uint64_t) override { return {}; }
};

/// Whether two JSON values are equal; the order of members does not matter. `index` of a log may be
/// absent in what geth wrote before it had one.
bool equal_json(element expected, element got) {
    simdjson::dom::object a, b;
    simdjson::dom::array x, y;
    if (expected.get(a) == simdjson::SUCCESS) {
        if (got.get(b) != simdjson::SUCCESS) return false;
        for (const auto [key, value] : a) {
            element other;
            if (b.at_key(key).get(other) != simdjson::SUCCESS || !equal_json(value, other))
                return false;
        }
        return std::ranges::all_of(b, [&](const auto& member) {
            return member.key == "index" || a.at_key(member.key).error() == simdjson::SUCCESS;
        });
    }
    if (expected.get(x) == simdjson::SUCCESS) {
        if (got.get(y) != simdjson::SUCCESS || x.size() != y.size()) return false;
        for (std::size_t i = 0; i < x.size(); ++i)
            if (!equal_json(x.at(i), y.at(i))) return false;
        return true;
    }
    return simdjson::minify(expected) == simdjson::minify(got);
}

/// Whether a value is what geth's typed comparison takes an absent one for.
bool is_nothing(element value) {
    simdjson::dom::object members;
    simdjson::dom::array items;
    std::string_view text;
    if (value.is_null()) return true;
    if (value.get(members) == simdjson::SUCCESS)
        return std::ranges::all_of(members, [](const auto& m) { return is_nothing(m.value); });
    if (value.get(items) == simdjson::SUCCESS) return items.size() == 0;
    if (value.get(text) == simdjson::SUCCESS)
        return text.empty() ||
               (text.starts_with("0x") && text.find_first_not_of('0', 2) == std::string_view::npos);
    return simdjson::minify(value) == "0";
}

/// Equality of flat traces: their vectors leave out some fields that are zero, write others that
/// are, and none has a place in a chain.
bool equal_flat(element expected, element got) {
    simdjson::dom::object a, b;
    simdjson::dom::array x, y;
    constexpr std::string_view PLACE[] = {"blockHash", "blockNumber", "transactionHash",
                                          "transactionPosition"};
    const auto covers = [&](simdjson::dom::object one, simdjson::dom::object other) {
        return std::ranges::all_of(one, [&](const auto& member) {
            if (std::ranges::find(PLACE, member.key) != std::end(PLACE)) return true;
            element value;
            if (other.at_key(member.key).get(value) != simdjson::SUCCESS)
                return is_nothing(member.value);
            return equal_flat(member.value, value);
        });
    };
    if (expected.get(a) == simdjson::SUCCESS)
        return got.get(b) == simdjson::SUCCESS && covers(a, b) && covers(b, a);
    if (expected.get(x) == simdjson::SUCCESS) {
        if (got.get(y) != simdjson::SUCCESS || x.size() != y.size()) return false;
        for (std::size_t i = 0; i < x.size(); ++i)
            if (!equal_flat(x.at(i), y.at(i))) return false;
        return true;
    }
    return simdjson::minify(expected) == simdjson::minify(got);
}

bool option(element test, const char* name) {
    bool out = false;
    const auto config = field(test, "tracerConfig");
    if (config) (void)(*config)[name].get(out);
    return out;
}

struct Scene {
    ChainSpec spec;
    BlockContext block;
    MemoryView state;
    Transaction txn;
    Address sender;
};

/// returns: what is malformed, empty when nothing is.
std::string read_scene(element test, Scene& out) {
    const element genesis = test["genesis"], context = test["context"];
    BlockContext& block = out.block;
    uint256 difficulty;
    if (!read(context, "number", block.number, parse_quantity) ||
        !read(context, "timestamp", block.timestamp, parse_quantity) ||
        !read(context, "gasLimit", block.gas_limit, parse_quantity) ||
        !read(context, "miner", block.coinbase, parse_fixed<Address>) ||
        !read(context, "difficulty", difficulty, parse_number) ||
        !read(context, "baseFeePerGas", block.base_fee, parse_number))
        return "context";
    const Network network = Network::of_genesis(genesis["config"]);
    out.spec = network.spec_at({block.number, block.timestamp, {}});
    block.prev_randao = to_bytes32(difficulty);
    ParentFees parent;
    read(genesis, "excessBlobGas", parent.excess_blob_gas, parse_quantity);
    read(genesis, "blobGasUsed", parent.blob_gas_used, parse_quantity);
    block.excess_blob_gas = next_excess_blob_gas(out.spec, block.timestamp, parent);
    out.state = parse_allocation(genesis["alloc"]);
    const auto bytes = parse_bytes(test["input"]);
    if (!bytes) return "input";
    const auto txn = decode_transaction(*bytes);
    if (!txn) return "transaction";
    out.txn = *txn;
    const auto sender = exec::sender_of(out.txn, out.spec.revision_at(block.timestamp));
    if (!sender) return "sender";
    out.sender = *sender;
    return {};
}

/// Applies the transaction under an observer. returns: the gas used, or nothing.
std::optional<std::uint64_t> run(Scene& scene, evm::Observer& observer, MemoryView& after,
                                 std::string& problem) {
    NoHashes hashes;
    exec::BlockExecutor executor(scene.state, scene.spec, scene.block, hashes);
    executor.set_observer(&observer);
    const auto receipt = executor.apply(scene.txn, scene.sender);
    if (!receipt) {
        problem = "rejected by " + std::string(exec::name(receipt.error()));
        return std::nullopt;
    }
    after = scene.state;
    after.apply(executor.finish());
    return receipt->cumulative_gas_used;
}

std::string run_case(element test, std::string_view tracer) {
    Scene scene;
    if (const std::string bad = read_scene(test, scene); !bad.empty()) return "malformed " + bad;
    MemoryView after;
    std::string problem;
    rpc::JsonWriter out;
    const bool is_flat = tracer == "call_tracer_flat";
    if (is_flat) {
        trace::CallTracer observer({});
        const auto gas_used = run(scene, observer, after, problem);
        if (!gas_used) return problem;
        const trace::FlatOptions flat{option(test, "convertParityErrors"),
                                      option(test, "includePrecompiles")};
        const Revision revision = scene.spec.revision_at(scene.block.timestamp);
        rpc::print_flat_calls(
            out, flatten(observer.finish(scene.txn.gas_limit, *gas_used), revision, flat), {});
    } else if (tracer.starts_with("call_tracer")) {
        trace::CallTracer observer(
            {.only_top_call = option(test, "onlyTopCall"), .with_log = option(test, "withLog")});
        const auto gas_used = run(scene, observer, after, problem);
        if (!gas_used) return problem;
        rpc::print_call_frame(out, observer.finish(scene.txn.gas_limit, *gas_used));
    } else {
        trace::PrestateTracer observer(scene.state,
                                       {.without_code = option(test, "disableCode"),
                                        .without_storage = option(test, "disableStorage"),
                                        .include_empty = option(test, "includeEmpty")});
        observer.begin(scene.txn, scene.sender, scene.block.coinbase);
        if (!run(scene, observer, after, problem)) return problem;
        if (option(test, "diffMode"))
            rpc::print_state_change(out, observer.change(after));
        else
            rpc::print_traced_state(out, observer.prestate());
    }
    simdjson::dom::parser parser;
    element got, expected;
    const std::string text = out.take();
    if (parser.parse(text).get(got) != simdjson::SUCCESS) return "the answer is not JSON";
    if (test["result"].get(expected) != simdjson::SUCCESS) return "malformed result";
    const bool equal = is_flat ? equal_flat(expected, got) : equal_json(expected, got);
    return equal ? "" : "answer " + text;
}

void run_file(const Options& options, const std::filesystem::path& path, element root,
              Counts& counts) {
    const std::string tracer = path.parent_path().filename().string();
    const std::string id = tracer + "::" + path.stem().string();
    constexpr std::string_view KNOWN[] = {"call_tracer", "call_tracer_withLog", "call_tracer_flat",
                                          "prestate_tracer", "prestate_tracer_with_diff_mode"};
    if (!options.selects(id)) return;
    if (std::ranges::find(KNOWN, tracer) == std::end(KNOWN))
        counts.skip(id, "a tracer this stack has not");
    else
        counts.record(id, run_case(root, tracer));
}

}  // namespace

int tracer_tests(int argc, char** argv) {
    return run_command(argc, argv, "tracer-tests", run_file);
}

}  // namespace mezz::conformance
