// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Runs official transaction tests: signed bytes, and for each fork the sender, the hash and the
/// intrinsic gas, or the exception that names a fault.

#include <algorithm>

#include "core/exec/transaction.hpp"
#include "tests/conformance/runners.hpp"
#include "tests/conformance/transaction_faults.hpp"
#include "tests/conformance/vectors.hpp"

namespace mezz::conformance {
namespace {

using simdjson::dom::element;

struct Verdict {
    std::optional<Transaction> txn;
    std::optional<Address> sender;  ///< set when the transaction is valid.
    std::set<std::string> faults;
};

/// Other words of the vectors for a name of core.
void add_names(exec::TxError error, std::set<std::string>& out) {
    const std::string own(exec::name(error));
    out.insert(own);
    if (own.ends_with("_TX_PRE_FORK")) out.insert("TYPE_NOT_SUPPORTED");
    if (error == exec::TxError::NONCE_IS_MAX) out.insert("NONCE_TOO_BIG");
    if (error == exec::TxError::PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS) out.insert(own + "_2");
}

/// Everything that can be said without a state and a block.
Verdict judge(ByteView bytes, Revision rev) {
    Verdict out;
    if (auto txn = decode_transaction(bytes)) out.txn = std::move(*txn);
    if (!out.txn) {
        out.faults = transaction_faults(bytes, rev);
        return out;
    }
    ChainSpec spec;
    spec.revisions = {{0, rev}};
    BlockContext block;
    constexpr std::uint64_t MOST_GAS = (std::uint64_t{1} << 63) - 1;
    const exec::BlockRoom room{.gas = MOST_GAS, .blob_gas = ~std::uint64_t{0}, .blob_base_fee = {}};
    const auto signer = exec::sender_of(*out.txn, rev);
    auto properties = exec::validate_stateless(*out.txn, spec, block, room);
    if (!properties && properties.error() == exec::TxError::GAS_ALLOWANCE_EXCEEDED) {
        // No block has room for so much gas, but that is no fault of the transaction.
        Transaction smaller = *out.txn;
        smaller.gas_limit = MOST_GAS;
        properties = exec::validate_stateless(smaller, spec, block, room);
    }
    if (!signer) add_names(signer.error(), out.faults);
    if (!properties) add_names(properties.error(), out.faults);
    if (signer && properties) out.sender = *signer;
    if (!out.sender) out.faults.merge(transaction_faults(bytes, rev));
    return out;
}

std::string run_case(ByteView bytes, element expected, Revision rev) {
    const Verdict verdict = judge(bytes, rev);
    std::string_view exception = text_field(expected, "exception");
    // Beside an exception the vectors give zero or the price, as the filling tool felt.
    if (verdict.txn && exception.empty()) {
        const auto gas = field(expected, "intrinsicGas");
        if (gas && parse_u64(*gas) != exec::intrinsic_gas(*verdict.txn, rev).base)
            return "intrinsic gas " + std::to_string(exec::intrinsic_gas(*verdict.txn, rev).base);
    }
    std::string found;
    for (const std::string& fault : verdict.faults) found += (found.empty() ? "" : "|") + fault;
    if (exception.empty()) {
        if (!verdict.sender) return "rejected: " + found;
        if (parse_fixed<Address>(expected["sender"]) != *verdict.sender) return "sender";
        return parse_fixed<Bytes32>(expected["hash"]) == hash(*verdict.txn) ? "" : "hash";
    }
    if (verdict.sender) return "accepted, expected " + std::string(exception);
    for (const std::string& fault : verdict.faults)
        if (names(exception, fault)) return {};
    return "rejected by " + found + ", expected " + std::string(exception);
}

void run_file(const Options& options, const std::filesystem::path& path, element root,
              Counts& counts) {
    simdjson::dom::object tests, forks;
    if (root.get(tests) != simdjson::SUCCESS)
        return counts.skip(path.stem().string(), "not a transaction test");
    for (const auto [name, test] : tests) {
        const std::string prefix = path.stem().string() + "::" + std::string(name);
        const auto bytes = parse_bytes(test["txbytes"]);
        if (!bytes || test["result"].get(forks) != simdjson::SUCCESS) {
            counts.record(prefix, "malformed");
            continue;
        }
        for (const auto [fork, expected] : forks) {
            const std::string id = prefix + "::" + std::string(fork);
            if (!options.selects_fork(fork) || !options.selects(id)) continue;
            if (const auto rev = revision_from_name(fork))
                counts.record(id, run_case(*bytes, expected, *rev));
            else
                counts.skip(id, "a fork this stack does not know");
        }
    }
}

}  // namespace

int transaction_tests(int argc, char** argv) {
    return run_command(argc, argv, "transaction-tests", run_file);
}

}  // namespace mezz::conformance
