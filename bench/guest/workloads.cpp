// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "bench/guest/workloads.hpp"

#include <simdjson.h>

#include <cstdio>
#include <cstdlib>

#include "core/codec/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "core/crypto/secp256k1.hpp"
#include "guest/workload.hpp"
#include "node/settle/deployer/deployer.hpp"
#include "tests/conformance/vectors.hpp"
#include "tests/stf/rollup.hpp"

namespace mezz::bench {
namespace {

using guest::Work;

constexpr std::uint64_t TRANSACTIONS = 100;  ///< in a measured block
constexpr std::uint64_t HOLDERS = 1000;      ///< accounts that are there before
constexpr std::uint64_t SHORT_GAS = 10'000;  ///< calls below are repeated

[[noreturn]] void fail(const std::string& message) {
    std::fprintf(stderr, "bench-guest: %s\n", message.c_str());
    std::exit(1);
}

/// The work `repeats` times, and its output.
std::pair<Workload::Run, Bytes> repeated(const std::string& name, Work work, std::uint32_t repeats,
                                         ByteView payload) {
    Workload::Run run;
    run.input.push_back(static_cast<std::uint8_t>(work));
    for (unsigned i = 0; i < 4; ++i)
        run.input.push_back(static_cast<std::uint8_t>(repeats >> (8 * i)));
    append(run.input, payload);
    auto output = guest::run_workload(run.input);
    if (!output) fail(name + " does not succeed natively");
    run.answer = crypto::keccak256(*output);
    return {std::move(run), std::move(*output)};
}

/// `output`: of the work done once, if asked for.
Workload piece(std::string name, Work work, std::uint32_t repeats, ByteView payload,
               Bytes* output = nullptr) {
    Workload w;
    w.units = repeats;
    auto [once, result] = repeated(name, work, 1, payload);
    w.without = std::move(once);
    w.with = repeated(name, work, 1 + repeats, payload).first;
    w.name = std::move(name);
    if (output != nullptr) *output = std::move(result);
    return w;
}

Workload precompile(std::string name, std::uint16_t number, std::uint32_t repeats, ByteView input) {
    Bytes payload{static_cast<std::uint8_t>(number), static_cast<std::uint8_t>(number >> 8)};
    append(payload, input);
    return piece(std::move(name), Work::precompile, repeats, payload);
}

// --- transactions -------------------------------------------------------------------------------

Address numbered(std::uint64_t group, std::uint64_t n) {
    Address a;
    a[0] = static_cast<std::uint8_t>(group);
    for (unsigned i = 0; i < 8; ++i) a[19 - i] = static_cast<std::uint8_t>(n >> (8 * i));
    return a;
}

Bytes abi(std::string_view selector, std::initializer_list<uint256> arguments) {
    Bytes out = *from_hex(selector);
    for (const uint256& a : arguments) append(out, to_bytes32(a));
    return out;
}
uint256 word(const Address& a) {
    return to_uint256(a);
}

/// A rollup with two tokens, a pool of both, and accounts, in its first entry.
class Market : public test::Rollup {
public:
    Market() {
        const Address user = spec.batcher;  // the rollup's one account has both parts
        std::vector<Transaction> txns;
        const auto deploy = [&](std::string_view name, std::initializer_list<uint256> arguments) {
            Bytes code = node::creation_code(name).value();
            for (const uint256& a : arguments) append(code, to_bytes32(a));
            Transaction t;
            t.type = TxType::dynamic_fee;
            t.max_fee_per_gas = t.max_priority_fee_per_gas = 1'000'000'000;
            t.gas_limit = 3'000'000;
            t.data = std::move(code);
            txns.push_back(sign(std::move(t)));
            return create_address(user, txns.back().nonce);
        };
        const uint256 plenty = uint256{1} << 120;
        token = deploy("BenchToken", {64, plenty, 1, word(user)});
        other = deploy("BenchToken", {64, plenty, 1, word(user)});
        pool = deploy("BenchPool", {word(token), word(other)});
        for (const Address& t : {token, other})
            txns.push_back(call(t, abi("0x095ea7b3", {word(pool), plenty})));  // approve
        const uint256 liquidity{1'000'000'000'000};
        txns.push_back(call(pool, abi("0xfeb99390", {liquidity, liquidity})));  // add
        for (std::uint64_t i = 0; i < HOLDERS; ++i) txns.push_back(call(numbered(1, i), {}, 1));
        require_success(txns.size(), [&] { post(batch({txns}), true); });
    }

    /// One more entry, a block with `txns`.
    Workload::Run prove(const std::vector<Transaction>& txns) {
        require_success(txns.size(), [&] { post(batch({txns}), true); });
        const std::size_t n = entries.size();
        const auto recorded = node::record_witness(store, request(n - 1, n));
        if (!recorded) fail(recorded.error().message);
        return {node::guest_input(recorded->statement, recorded->witness.encode()),
                stf::hash(recorded->statement.post)};
    }

    Address token, other, pool;

private:
    template <class Post>
    void require_success(std::size_t count, Post&& do_post) {
        do_post();
        const auto receipts = chain->receipts(chain->head(node::Head::unsafe).number).value();
        std::size_t succeeded = 0;
        for (const Receipt& r : receipts.value().receipts) succeeded += r.success ? 1 : 0;
        // The attributes deposit comes first.
        if (succeeded != count + 1) fail("a transaction of the rollup failed");
    }
};

}  // namespace

std::vector<Workload> crypto_workloads() {
    std::vector<Workload> out;
    Bytes state(200);
    for (std::size_t i = 0; i < state.size(); ++i) state[i] = static_cast<std::uint8_t>(i * 7);
    const ByteView bytes = state;
    out.push_back(piece("keccak-f", Work::keccak_f, 100, bytes));
    out.push_back(piece("keccak256-64-bytes", Work::keccak256, 100, bytes.first(64)));
    out.push_back(precompile("sha256-64-bytes", 2, 100, bytes.first(64)));
    const Bytes32 digest = Bytes32::from(bytes.first(32));
    const auto signature = crypto::sign(digest, Bytes32::from(bytes.subspan(32, 32))).value();
    Bytes input = to_bytes(digest);
    append(input, to_bytes32(uint256{signature.odd_y ? 28u : 27u}));
    append(input, to_bytes32(signature.r));
    append(input, to_bytes32(signature.s));
    out.push_back(precompile("ecrecover", 1, 8, input));
    return out;
}

std::vector<Workload> transaction_workloads() {
    using Make = Transaction (*)(Market&, std::uint64_t);
    constexpr std::pair<const char*, Make> KINDS[] = {
        {"transfer", [](Market& m, std::uint64_t i) { return m.call(numbered(2, i), {}, 1); }},
        {"erc20-transfer",
         [](Market& m, std::uint64_t i) {
             return m.call(m.token, abi("0xa9059cbb", {word(numbered(2, i)), 1}));
         }},
        {"swap",
         [](Market& m, std::uint64_t i) {
             return m.call(m.pool, abi("0xf1f606c6", {i % 2, 1'000'000 + i, 1}));
         }},
    };
    std::vector<Workload> out;
    const Workload::Run empty = Market().prove({});
    for (const auto& [name, make] : KINDS) {
        Market market;
        std::vector<Transaction> txns;
        for (std::uint64_t i = 0; i < TRANSACTIONS; ++i) txns.push_back(make(market, i));
        Workload w;
        w.name = name;
        w.image = Image::stf;
        w.without = empty;
        w.with = market.prove(txns);
        w.units = TRANSACTIONS;
        const auto head = market.chain->head(node::Head::unsafe).number;
        const auto receipts = market.chain->receipts(head).value().value().receipts;
        w.gas = (receipts.back().cumulative_gas_used - receipts.front().cumulative_gas_used) /
                TRANSACTIONS;
        out.push_back(std::move(w));
    }
    return out;
}

namespace {

simdjson::dom::element load(simdjson::dom::parser& parser, const std::filesystem::path& path) {
    simdjson::dom::element root;
    if (parser.load(path.string()).get(root) != simdjson::SUCCESS)
        fail(path.string() + ": not a JSON file");
    return root;
}

Bytes hex_of(simdjson::simdjson_result<simdjson::dom::element> value, const std::string& where) {
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) fail(where + ": expected a string");
    if (text.starts_with("0x")) text.remove_prefix(2);
    auto bytes = from_hex("0x" + std::string(text));
    if (!bytes) fail(where + ": expected hex");
    return std::move(*bytes);
}

/// The case of a precompile's file with this name.
Workload vector_precompile(const std::filesystem::path& folder, const char* name, const char* file,
                           const char* case_name, std::uint16_t number) {
    simdjson::dom::parser parser;
    const auto path = folder / file;
    simdjson::dom::array cases;
    if (load(parser, path).get(cases) != simdjson::SUCCESS) fail(path.string() + ": not an array");
    for (const auto item : cases) {
        std::string_view found;
        if (item["Name"].get(found) != simdjson::SUCCESS || found != case_name) continue;
        return precompile(name, number, 1, hex_of(item["Input"], path.string()));
    }
    fail(path.string() + ": has no " + case_name);
}

Workload contract(const std::filesystem::path& path) {
    simdjson::dom::parser parser;
    const auto root = load(parser, path);
    const Bytes code = hex_of(root["code"], path.string() + ": code");
    Bytes payload;
    for (unsigned i = 0; i < 4; ++i)
        payload.push_back(static_cast<std::uint8_t>(code.size() >> (8 * i)));
    append(payload, code);
    append(payload, hex_of(root["input"], path.string() + ": input"));
    std::uint64_t gas = 0;
    if (root["results"]["Osaka"]["gas_used"].get(gas) != simdjson::SUCCESS)
        fail(path.string() + ": lacks results.Osaka.gas_used");
    Bytes output;
    Workload w = piece("evm-" + path.stem().string(), Work::call, gas < SHORT_GAS ? 100 : 1,
                       payload, &output);
    w.gas = load_le64(output.data());
    if (w.gas != gas) fail(path.string() + ": another gas than expected");
    return w;
}

}  // namespace

std::vector<Workload> vector_workloads() {
    struct Chosen {
        const char* name;
        const char* file;
        const char* case_name;
        std::uint16_t number;
    };
    constexpr Chosen PRECOMPILES[] = {
        {"modexp-2048-bits", "modexp_eip7883.json", "nagydani-4-pow0x10001", 0x05},
        {"bn254-add", "bn256Add.json", "chfast1", 0x06},
        {"bn254-mul", "bn256ScalarMul.json", "chfast1", 0x07},
        {"bn254-pairing-2", "bn256Pairing.json", "jeff1", 0x08},
        {"blake2f-12-rounds", "blake2F.json", "vector 5", 0x09},
        {"point-evaluation", "pointEvaluation.json", "pointEvaluation1", 0x0a},
        {"bls12-381-pairing-2", "blsPairing.json", "bls_pairing_e(2*G1,3*G2)=e(6*G1,G2)", 0x0f},
        {"p256-verify", "p256Verify.json", "CallP256Verify", 0x100},
    };
    std::vector<Workload> out;
    const auto vectors = conformance::vectors_folder();
    if (std::filesystem::exists(vectors / "precompiles"))
        for (const Chosen& c : PRECOMPILES)
            out.push_back(
                vector_precompile(vectors / "precompiles", c.name, c.file, c.case_name, c.number));
    if (std::filesystem::exists(vectors / "evm-benchmarks/main"))
        for (const auto& path : conformance::json_files({vectors / "evm-benchmarks/main"}))
            out.push_back(contract(path));
    return out;
}

}  // namespace mezz::bench
