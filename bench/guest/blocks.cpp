// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// bench-blocks: blocks made to be as long a proof as the rules allow, each of one kind of work,
/// run as a dispute would run them.
///
/// usage: bench-blocks [--guest ELF] [--gas N] [--limit N] [--filter TEXT] [--trace]
///     --gas     of the work in each block; 1,000,000
///     --limit   gas limit of a block that the steps are scaled up to; 60,000,000, which is the
///     most
///               a chain with fraud proofs may have
///     --trace   make the histories, one of level 2 and a witness too, and tell how long they take
///     --cap     the same for a program that never ends: 2^36 steps
/// Exit code 0: every block's answer is the chain's claim, and none would pass 2^36 steps at the
/// limit; 1 otherwise; 77: no image.

#include <simdjson.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>

#include "bench/guest/program.hpp"
#include "core/codec/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "core/crypto/secp256k1.hpp"
#include "core/riscv/test_machine.hpp"
#include "node/host/threads/helper_thread.hpp"
#include "node/prove/question/answer.hpp"
#include "tests/conformance/vectors.hpp"
#include "tests/stf/rollup.hpp"

namespace {

using namespace mezz;

struct Options {
    std::filesystem::path guest = "build/guest/stf.elf";
    std::uint64_t gas = 1'000'000, limit = 60'000'000;
    std::string filter;
    bool trace = false, cap = false;
};

/// spec: EIP-7825.
constexpr std::uint64_t max_transaction_gas = 1 << 24;

[[noreturn]] void fail(const std::string& message) {
    std::fprintf(stderr, "bench-blocks: %s\n", message.c_str());
    std::exit(1);
}

/// Code that runs `body` until it is out of gas, on a memory that begins with the call's input.
Bytes loop(const Bytes& body) {
    Bytes code = *from_hex("0x365f5f375b");  // CALLDATACOPY(0, 0, CALLDATASIZE); JUMPDEST
    append(code, body);
    append(code, *from_hex("0x600456"));  // JUMP(4)
    return code;
}

/// STATICCALL(gas, address, 0, inputs, 4096, outputs)
Bytes call_precompile(std::uint16_t address, std::size_t input_bytes, std::uint8_t output_bytes) {
    Bytes out{0x60, output_bytes, 0x61, 0x10, 0x00, 0x61};
    for (const std::size_t v : {input_bytes}) {
        out.push_back(static_cast<std::uint8_t>(v >> 8));
        out.push_back(static_cast<std::uint8_t>(v));
    }
    append(out, Bytes{0x5f, 0x61, static_cast<std::uint8_t>(address >> 8),
                      static_cast<std::uint8_t>(address), 0x5a, 0xfa, 0x50});
    return out;
}

/// Init code that leaves `code`.
Bytes deploys(const Bytes& code) {
    Bytes out{0x61,
              static_cast<std::uint8_t>(code.size() >> 8),
              static_cast<std::uint8_t>(code.size()),
              0x80,
              0x60,
              0x0b,
              0x5f,
              0x39,
              0x5f,
              0xf3};
    // PUSH2 size; DUP1; PUSH1 11; PUSH0; CODECOPY; PUSH0; RETURN is ten bytes and a filler.
    out.push_back(0xfe);
    append(out, code);
    return out;
}

struct Kind {
    std::string name;
    /// The transactions of a block that does `gas` of this work.
    std::function<std::vector<Transaction>(test::Rollup&, std::uint64_t gas)> make;
};

/// Transactions of a contract that loops until `gas` is gone.
Kind looping(std::string name, Bytes body, Bytes input) {
    return {std::move(name), [body, input](test::Rollup& rollup, std::uint64_t gas) {
                Transaction creation = rollup.create(deploys(loop(body)));
                const Address at = create_address(rollup.spec.batcher, creation.nonce);
                rollup.post(rollup.batch({{std::move(creation)}}));
                std::vector<Transaction> out;
                while (gas > 0) {
                    Transaction t;
                    t.type = TxType::dynamic_fee;
                    t.max_fee_per_gas = t.max_priority_fee_per_gas = uint256{1'000'000'000};
                    t.to = at;
                    t.data = input;
                    t.gas_limit = std::min(gas, max_transaction_gas);
                    gas -= t.gas_limit;
                    // What is left would not pay for a transaction.
                    if (gas < 100'000) gas = 0;
                    out.push_back(rollup.sign(std::move(t)));
                }
                return out;
            }};
}

std::optional<Bytes> vector_input(const char* file, const char* name) {
    const auto path = conformance::vectors_folder() / "precompiles" / file;
    if (!std::filesystem::exists(path)) return std::nullopt;
    simdjson::dom::parser parser;
    simdjson::dom::array cases;
    if (parser.load(path.string()).get(cases) != simdjson::SUCCESS) fail(path.string());
    for (const auto item : cases) {
        std::string_view found, input;
        if (item["Name"].get(found) == simdjson::SUCCESS && found == name &&
            item["Input"].get(input) == simdjson::SUCCESS)
            return from_hex("0x" + std::string(input));
    }
    fail(path.string() + ": has no " + name);
}

std::vector<Kind> kinds() {
    std::vector<Kind> out;
    const auto precompile = [&](const char* name, std::uint16_t number, const Bytes& input,
                                std::uint8_t output_bytes) {
        out.push_back(looping(name, call_precompile(number, input.size(), output_bytes), input));
    };
    const auto word = [](std::uint64_t v) { return to_bytes(to_bytes32(uint256{v})); };
    // The generator and its double.
    Bytes add;
    for (const std::uint64_t v : {1, 2}) append(add, word(v));
    append(add, *from_hex("0x030644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd3"
                          "15ed738c0e0a7c92e7845f96b2ae9c0a68a6a449e3538fc7ff3ebf7a5a18a2c4"));
    precompile("bn254-add", 6, add, 64);
    Bytes mul;
    for (const std::uint64_t v : {1, 2}) append(mul, word(v));
    append(mul, Bytes(32, 0xff));
    precompile("bn254-mul", 7, mul, 64);
    const Bytes32 digest = crypto::keccak256(mul);
    const auto signature = crypto::sign(digest, crypto::keccak256(add)).value();
    Bytes recover = to_bytes(digest);
    append(recover, word(signature.odd_y ? 28 : 27));
    append(recover, to_bytes32(signature.r));
    append(recover, to_bytes32(signature.s));
    precompile("ecrecover", 1, recover, 32);
    precompile("sha256", 2, Bytes(64, 7), 32);
    precompile("ripemd160", 3, Bytes(64, 7), 32);
    Bytes blake(213, 5);
    for (int i = 0; i < 4; ++i) blake[static_cast<std::size_t>(i)] = i == 2 ? 0x10 : 0;
    blake[212] = 1;
    precompile("blake2f-4096-rounds", 9, blake, 64);
    const std::tuple<const char*, std::uint16_t, const char*, const char*, std::uint8_t> vectors[] =
        {{"modexp-2048", 5, "modexp_eip7883.json", "nagydani-4-pow0x10001", 255},
         {"bn254-pairing", 8, "bn256Pairing.json", "jeff1", 32},
         {"point-evaluation", 10, "pointEvaluation.json", "pointEvaluation1", 64},
         {"bls-pairing", 15, "blsPairing.json", "bls_pairing_e(2*G1,3*G2)=e(6*G1,G2)", 32},
         {"p256-verify", 256, "p256Verify.json", "CallP256Verify", 32}};
    for (const auto& [name, number, file, wanted, output_bytes] : vectors)
        if (const auto input = vector_input(file, wanted))
            precompile(name, number, *input, output_bytes);
    const auto code = [&](const char* name, const char* hex) {
        out.push_back(looping(name, *from_hex(hex), {}));
    };
    code("keccak-136", "0x60885f2050");      // KECCAK256(0, 136)
    code("mulmod", "0x6002195f195f190950");  // (2^256 - 1)^2 mod (2^256 - 3)
    code("exp", "0x5f1960030a50");           // 3 ^ (2^256 - 1)
    code("sdiv", "0x6207ffff60801b5f1960011c0550");
    code("balances", "0x5a3150");     // of accounts that are not there
    code("new-slots", "0x60015a55");  // SSTORE(gas left, 1)
    code("logs", "0x5f5f6104005fa2");
    out.push_back({"transfers", [](test::Rollup& rollup, std::uint64_t gas) {
                       std::vector<Transaction> txns;
                       for (std::uint64_t i = 0; i < gas / 21'000; ++i) {
                           Address to;
                           to[0] = 0x77;
                           store_be64(to.data() + 12, i);
                           txns.push_back(rollup.call(to, {}, uint256{1}));
                       }
                       return txns;
                   }});
    return out;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Writes to 64 pages in turns for ever.
bench::Program endless() {
    using riscv::Kind;
    using riscv::testing::assemble;
    constexpr unsigned t0 = 5, t1 = 6, t2 = 7, t3 = 28;
    const std::uint32_t words[] = {
        assemble(Kind::lui, t1, 0, 0, 1 << 21), assemble(Kind::lui, t3, 0, 0, 63 << 12),
        assemble(Kind::lui, t2, 0, 0, 1 << 12), assemble(Kind::add, t0, t0, t2, 0),
        assemble(Kind::and_, t0, t0, t3, 0),    assemble(Kind::add, 29, t0, t1, 0),
        assemble(Kind::addi, 30, 30, 0, 1),     assemble(Kind::sd, 0, 29, 30, 0),
        assemble(Kind::jal, 0, 0, 0, -20)};
    node::prove::Image image;
    Bytes code(sizeof(words));
    for (std::size_t i = 0; i < std::size(words); ++i) store_le32(code.data() + 4 * i, words[i]);
    image.code.push_back({0x1000, std::move(code)});
    image.entry = 0x1000;
    return std::make_shared<const node::prove::Program>(image);
}

/// What a challenger makes to answer, and how long it takes.
void time_trace(const bench::Program& program, riscv::PreimageEnv& preimages) {
    auto start = std::chrono::steady_clock::now();
    host::HelperThread hasher;
    node::prove::TraceOptions options;
    options.helper = &hasher;
    auto trace = node::prove::Trace::run(program, preimages, options);
    if (!trace) fail("the trace lacks a preimage");
    const double first = seconds_since(start);
    const std::uint64_t middle = trace->last().step / 2;
    start = std::chrono::steady_clock::now();
    if (!trace->level2(middle / node::prove::HISTORY_STRIDE)) fail("no history of level 2");
    const double second = seconds_since(start);
    start = std::chrono::steady_clock::now();
    if (!trace->witness(middle)) fail("no witness");
    std::printf("    level 1 in %.1f s (%.0f MIPS), level 2 in %.1f s, a witness in %.2f s\n",
                first, static_cast<double>(trace->last().step) / first / 1e6, second,
                seconds_since(start));
}

/// returns: whether the block keeps below the cap.
bool measure(const Kind& kind, const Options& options, const bench::Program& program) {
    test::Rollup rollup(options.limit);
    std::vector<Transaction> txns = kind.make(rollup, options.gas);
    rollup.post(rollup.batch({std::move(txns)}), true);
    const auto head = rollup.chain->head(node::Head::unsafe).number;
    const auto receipts = rollup.chain->receipts(head).value().value().receipts;
    const std::uint64_t gas =
        receipts.back().cumulative_gas_used - receipts.front().cumulative_gas_used;
    const auto recorded =
        node::record_witness(rollup.store, rollup.block_request(head - 1, rollup.entries.size()));
    if (!recorded) fail(recorded.error().message);
    const Bytes bytes = recorded->witness.encode();
    bench::NoBlobs blobs;
    const auto witness = stf::Witness::decode(bytes, blobs);
    if (!witness) fail("the witness does not decode");
    const auto start = std::chrono::steady_clock::now();
    const auto answer = node::prove::answer(program, recorded->statement.question, *witness);
    if (!answer) fail(kind.name + ": " + answer.error().message);
    const double seconds = seconds_since(start);
    const bool right =
        answer->exit_code == 0 && answer->claim == stf::hash(recorded->statement.post);
    const double per_gas = static_cast<double>(answer->steps) / static_cast<double>(gas);
    const double at_limit = per_gas * static_cast<double>(options.limit);
    const bool fits = at_limit < static_cast<double>(node::prove::MAX_STEPS);
    std::printf("%-22s %14llu %12llu %9.1f %9.2f %7.0f %8zu%s%s\n", kind.name.c_str(),
                static_cast<unsigned long long>(answer->steps),
                static_cast<unsigned long long>(gas), per_gas,
                100 * at_limit / static_cast<double>(node::prove::MAX_STEPS),
                static_cast<double>(answer->steps) / seconds / 1e6, bytes.size() / 1024,
                right ? "" : "  FAILED: another answer than the chain's",
                fits ? "" : "  FAILED: passes the cap");
    if (options.trace) {
        node::prove::QuestionPreimages preimages(recorded->statement.question, *witness);
        time_trace(program, preimages);
    }
    std::fflush(stdout);
    return right && fits;
}

Options parse(int argc, char** argv) {
    Options o;
    for (int i = 1; i < argc; ++i) {
        const std::string arg = argv[i];
        if (arg == "--trace" || arg == "--cap") {
            (arg == "--trace" ? o.trace : o.cap) = true;
            continue;
        }
        if (i + 1 == argc) fail(arg + ": unknown option, or one that lacks its value");
        const std::string value = argv[++i];
        if (arg == "--guest")
            o.guest = value;
        else if (arg == "--filter")
            o.filter = value;
        else if (arg == "--gas")
            o.gas = std::stoull(value);
        else if (arg == "--limit")
            o.limit = std::stoull(value);
        else
            fail(
                arg +
                ": unknown option; --guest, --gas, --limit, --filter, --trace and --cap are known");
    }
    return o;
}

}  // namespace

int main(int argc, char** argv) {
    const Options options = parse(argc, argv);
    if (!std::filesystem::exists(options.guest)) {
        std::printf("no %s: cmake --preset guest && cmake --build --preset guest\n",
                    options.guest.c_str());
        return 77;  // CTest's SKIP_RETURN_CODE.
    }
    const bench::Program program = bench::load_program(options.guest);
    std::printf("%-22s %14s %12s %9s %9s %7s %8s\n", "block of", "steps", "gas", "per gas",
                "% of cap", "MIPS", "KiB");
    if (options.cap) {
        std::printf("a program without an end, %llu steps\n",
                    static_cast<unsigned long long>(node::prove::MAX_STEPS));
        riscv::testing::MapPreimages none;
        time_trace(endless(), none);
        return 0;
    }
    bool good = true;
    for (const Kind& kind : kinds())
        if (kind.name.find(options.filter) != std::string::npos)
            good &= measure(kind, options, program);
    return good ? 0 : 1;
}
