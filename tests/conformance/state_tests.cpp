// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Runs official state tests: one transaction on a small state, judged by state root and logs.
///
///     mezz-conformance state-tests PATH... [--fork F] [--filter S] [--jobs N] [--skip-slow]

#include "tests/conformance/state_tests.hpp"

#include <cstdio>
#include <cstdlib>

#include "core/crypto/keccak.hpp"
#include "core/crypto/secp256k1.hpp"
#include "core/exec/block_executor.hpp"
#include "node/execute/interpreter/engine.hpp"
#include "tests/conformance/allocation.hpp"
#include "tests/conformance/guest_twin.hpp"

namespace mezz::conformance {
namespace {

using simdjson::dom::element;

/// Cases that only measure patience.
constexpr std::string_view SLOW[] = {"CALLBlake2f_MaxRounds", "Call50000_sha256",
                                     "static_Call50000_sha256"};

/// The hash of an ancestor in state tests: keccak256 of its number in decimal.
class NumberHashes final : public BlockHashes {
public:
    Bytes32 hash(std::uint64_t number) override {
        const std::string text = std::to_string(number);
        return crypto::keccak256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    }
};

BlockContext parse_environment(element env, Revision rev) {
    BlockContext block;
    read(env, "currentNumber", block.number, parse_u64);
    read(env, "currentTimestamp", block.timestamp, parse_u64);
    read(env, "currentGasLimit", block.gas_limit, parse_u64);
    read(env, "currentCoinbase", block.coinbase, parse_fixed<Address>);
    if (rev >= Revision::london) {
        block.base_fee = 10;
        read(env, "currentBaseFee", block.base_fee, parse_u256);
    }
    const auto word = [](element e) -> std::optional<Bytes32> {
        const auto value = parse_u256(e);
        if (!value) return std::nullopt;
        return to_bytes32(*value);
    };
    read(env, rev >= Revision::paris ? "currentRandom" : "currentDifficulty", block.prev_randao,
         word);
    read(env, "currentExcessBlobGas", block.excess_blob_gas, parse_u64);
    return block;
}

ChainSpec parse_spec(element test, Revision rev, std::string_view fork) {
    ChainSpec spec;
    spec.revisions = {{0, rev}};
    const auto config = field(test, "config");
    if (!config) return spec;
    read(*config, "chainid", spec.chain_id, parse_u64);
    if (const auto schedule = field(*config, "blobSchedule")) {
        if (const auto entry = field(*schedule, std::string(fork).c_str())) {
            BlobParams params;
            if (read(*entry, "target", params.target, parse_u64) &&
                read(*entry, "max", params.max, parse_u64) &&
                read(*entry, "baseFeeUpdateFraction", params.update_fraction, parse_u64) &&
                params.update_fraction != 0)
                spec.blobs = {{0, params}};
            else
                throw Malformed("blobSchedule");
        }
    }
    return spec;
}

bool parse_access_list(element list, std::vector<AccessEntry>& out) {
    for (const element item : list) {
        AccessEntry entry;
        const auto address = parse_fixed<Address>(item["address"]);
        if (!address) return false;
        entry.address = *address;
        for (const element key : item["storageKeys"]) {
            const auto value = parse_fixed<Bytes32>(key);
            if (!value) return false;
            entry.storage_keys.push_back(*value);
        }
        out.push_back(std::move(entry));
    }
    return true;
}

bool parse_authorizations(element list, std::vector<Authorization>& out) {
    for (const element item : list) {
        Authorization a;
        if (!read(item, "chainId", a.chain_id, parse_u256) ||
            !read(item, "address", a.address, parse_fixed<Address>) ||
            !read(item, "nonce", a.nonce, parse_u64) || !read(item, "r", a.r, parse_u256) ||
            !read(item, "s", a.s, parse_u256))
            return false;
        if (!read(item, field(item, "yParity") ? "yParity" : "v", a.y_parity, parse_u64))
            return false;
        out.push_back(a);
    }
    return true;
}

/// returns: false when a field is not a value a transaction can carry.
bool parse_transaction(element json, element indexes, const ChainSpec& spec, Transaction& txn) {
    std::uint64_t data_index = 0, gas_index = 0, value_index = 0;
    (void)indexes["data"].get(data_index);
    (void)indexes["gas"].get(gas_index);
    (void)indexes["value"].get(value_index);
    const auto data = parse_bytes(json["data"].at(data_index));
    const auto gas = parse_u64(json["gasLimit"].at(gas_index));
    const auto value = parse_u256(json["value"].at(value_index));
    if (!data || !gas || !value) return false;
    txn.data = *data;
    txn.gas_limit = *gas;
    txn.value = *value;
    if (!read(json, "nonce", txn.nonce, parse_u64)) return false;
    std::string_view to;
    if (json["to"].get(to) == simdjson::SUCCESS && !to.empty())
        txn.to = fixed_from_hex<Address>(to);

    if (const auto price = field(json, "gasPrice")) {
        const auto fee = parse_u256(*price);
        if (!fee) return false;
        txn.max_fee_per_gas = txn.max_priority_fee_per_gas = *fee;
    }
    if (const auto lists = field(json, "accessLists")) {
        element list;
        if (lists->at(data_index).get(list) == simdjson::SUCCESS && !list.is_null()) {
            txn.type = TxType::access_list;
            if (!parse_access_list(list, txn.access_list)) return false;
        }
    }
    if (field(json, "maxFeePerGas")) {
        txn.type = TxType::dynamic_fee;
        if (!read(json, "maxFeePerGas", txn.max_fee_per_gas, parse_u256) ||
            !read(json, "maxPriorityFeePerGas", txn.max_priority_fee_per_gas, parse_u256))
            return false;
    }
    if (const auto hashes = field(json, "blobVersionedHashes")) {
        txn.type = TxType::blob;
        for (const element hash : *hashes) {
            const auto value32 = parse_fixed<Bytes32>(hash);
            if (!value32) return false;
            txn.blob_hashes.push_back(*value32);
        }
        if (!read(json, "maxFeePerBlobGas", txn.max_fee_per_blob_gas, parse_u256)) return false;
    } else if (field(json, "maxFeePerBlobGas")) {
        txn.type = TxType::blob;
        if (!read(json, "maxFeePerBlobGas", txn.max_fee_per_blob_gas, parse_u256)) return false;
    }
    if (const auto list = field(json, "authorizationList")) {
        txn.type = TxType::set_code;
        if (!parse_authorizations(*list, txn.authorizations)) return false;
    }
    if (txn.type != TxType::legacy) txn.chain_id = spec.chain_id;
    if (const auto id = field(json, "chainId")) txn.chain_id = parse_u64(*id);
    return true;
}

std::optional<Address> parse_sender(element json) {
    if (const auto sender = field(json, "sender")) return parse_fixed<Address>(*sender);
    const auto key = field(json, "secretKey");
    if (!key) return std::nullopt;
    const auto secret = parse_fixed<Bytes32>(*key);
    return secret ? crypto::address_of(*secret) : std::nullopt;
}

Bytes32 logs_hash(const std::vector<Log>& logs) {
    Bytes out;
    {
        rlp::List all(out);
        for (const Log& log : logs) {
            rlp::List one(out);
            rlp::append(out, log.address);
            {
                rlp::List topics(out);
                for (const Bytes32& topic : log.topics) rlp::append(out, topic);
            }
            rlp::append(out, log.data);
        }
    }
    return crypto::keccak256(out);
}

}  // namespace

StateTest parse_state_test(element test, element post, Revision rev, std::string_view fork) {
    StateTest out;
    out.spec = parse_spec(test, rev, fork);
    out.block = parse_environment(test["env"], rev);
    out.state = parse_allocation(test["pre"]);
    out.sender = parse_sender(test["transaction"]);
    Transaction txn;
    if (parse_transaction(test["transaction"], post["indexes"], out.spec, txn) && out.sender)
        out.txn = std::move(txn);
    return out;
}

StateTestResult run_natively(const StateTest& test, bool fast, std::vector<Log>& logs) {
    StateTestResult out;
    NumberHashes hashes;
    MemoryView state = test.state;
    node::interpreter::CodeCache cache({.decode_after = 1});
    node::interpreter::Engine engine(cache);
    exec::BlockExecutor executor(state, test.spec, test.block, hashes);
    if (fast) executor.set_runner(&engine);
    if (test.txn) {
        auto receipt = executor.apply(*test.txn, *test.sender);
        if (receipt)
            logs = std::move(receipt->logs);
        else
            out.rejection = receipt.error();
    }
    // State tests reward the coinbase with nothing, which touches it.
    executor.credit(test.block.coinbase, {});
    out.gas_used = executor.gas_used();
    state.apply(executor.finish());
    out.state_root = state.root();
    return out;
}

namespace {

/// Compares with a post entry. returns: what is wrong, empty when it passes.
std::string judge(const StateTest& test, const StateTestResult& result,
                  const std::vector<Log>& logs, element post) {
    const bool rejected = !test.txn || result.rejection;
    const std::string name(result.rejection ? exec::name(*result.rejection) : "malformed");
    const std::string_view reason = text_field(post, "expectException");
    if (!rejected && !reason.empty()) return "accepted, expected " + std::string(reason);
    if (rejected && reason.empty()) return "rejected: " + name;
    const auto expected_root = parse_fixed<Bytes32>(post["hash"]);
    const auto expected_logs = parse_fixed<Bytes32>(post["logs"]);
    if (!expected_root || !expected_logs) return "malformed post";
    if (result.state_root != *expected_root)
        return "state root " + hex_text(result.state_root) + " (gas " +
               std::to_string(result.gas_used) + ")" + (rejected ? " after " + name : "");
    if (!rejected && logs_hash(logs) != *expected_logs) return "logs hash";
    // Older vectors have names of tools instead of official ones.
    if (result.rejection && reason.starts_with("TransactionException.") && !names(reason, name))
        return "rejected by " + name + ", expected " + std::string(reason);
    return {};
}

void run_case(const Options& options, const std::string& id, const StateTest& test, element post,
              Counts& counts) {
    const bool in_guest = !options.guest.empty();
    if (in_guest && !options.samples(id)) return;
    std::vector<Log> logs;
    const StateTestResult result = run_natively(test, options.fast, logs);
    const std::string problem = judge(test, result, logs, post);
    if (options.verbose) std::printf("%s %s\n", id.c_str(), problem.c_str());
    if (!in_guest) return counts.record(id, problem);
    if (!has_guest_input(test))
        return counts.skip(id + " on the guest", "its transaction has no encoding");
    counts.record(id + " on the guest",
                  problem.empty() ? compare_in_guest(options.guest, test, result) : problem);
}

void run_file(const Options& options, const std::filesystem::path& path, element root,
              Counts& counts) {
    simdjson::dom::object tests;
    if (root.get(tests) != simdjson::SUCCESS) return;
    for (const auto [name, test] : tests) {
        simdjson::dom::object posts;
        if (test["post"].get(posts) != simdjson::SUCCESS) {
            counts.skip(path.stem().string() + "::" + std::string(name), "not a state test");
            continue;
        }
        for (const auto [fork, entries] : posts) {
            const auto rev = revision_from_name(fork);
            simdjson::dom::array list;
            if (entries.get(list) != simdjson::SUCCESS) continue;
            std::size_t number = 0;
            for (const element post : list) {
                const std::string id = path.stem().string() + "::" + std::string(name) +
                                       "::" + std::string(fork) + "[" + std::to_string(number++) +
                                       "]";
                if (!options.selects_fork(fork) || !options.selects(id)) continue;
                bool slow = false;
                for (const std::string_view s : SLOW) slow |= id.find(s) != std::string::npos;
                if (!rev) {
                    counts.skip(id, "a fork this stack does not know");
                    continue;
                }
                if (slow && options.skip_slow) {
                    counts.skip(id, "measures patience; runs without --skip-slow");
                    continue;
                }
                run_case(options, id, parse_state_test(test, post, *rev, fork), post, counts);
            }
        }
    }
}

}  // namespace

int state_tests(int argc, char** argv) {
    if (const int status = missing_guest(argc, argv); status != 0) return status;
    return run_command(argc, argv, "state-tests", run_file);
}

}  // namespace mezz::conformance
