// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Runs files of (Input, Expected, Gas) and (Input, ExpectedError) through the precompile table,
/// and files of (X, Y, Expected) through the instruction that takes Y and X off the stack.
///
///     mezz-conformance precompiles PATH... [--filter S] [--jobs N] [--guest ELF [--sample N]]

#include "tests/conformance/precompile_tests.hpp"

#include <cstdio>

#include "core/state/memory_view.hpp"
#include "core/vm/evm/evm.hpp"
#include "core/vm/evm/opcodes.hpp"
#include "core/vm/evm/precompiles.hpp"
#include "tests/conformance/precompile_twin.hpp"

namespace mezz::conformance {
namespace {

using simdjson::dom::element;

struct Target {
    std::string_view file;
    unsigned number;
    Revision revision;
};
constexpr Target TARGETS[] = {
    {"ecRecover", 0x01, Revision::osaka},       {"modexp", 0x05, Revision::byzantium},
    {"modexp_eip2565", 0x05, Revision::berlin}, {"modexp_eip7883", 0x05, Revision::osaka},
    {"bn256Add", 0x06, Revision::osaka},        {"bn256ScalarMul", 0x07, Revision::osaka},
    {"bn256Pairing", 0x08, Revision::osaka},    {"blake2F", 0x09, Revision::osaka},
    {"fail-blake2f", 0x09, Revision::osaka},    {"pointEvaluation", 0x0a, Revision::osaka},
    {"blsG1Add", 0x0b, Revision::osaka},        {"fail-blsG1Add", 0x0b, Revision::osaka},
    {"blsG1Mul", 0x0c, Revision::osaka},        {"fail-blsG1Mul", 0x0c, Revision::osaka},
    {"blsG1MultiExp", 0x0c, Revision::osaka},   {"fail-blsG1MultiExp", 0x0c, Revision::osaka},
    {"blsG2Add", 0x0d, Revision::osaka},        {"fail-blsG2Add", 0x0d, Revision::osaka},
    {"blsG2Mul", 0x0e, Revision::osaka},        {"fail-blsG2Mul", 0x0e, Revision::osaka},
    {"blsG2MultiExp", 0x0e, Revision::osaka},   {"fail-blsG2MultiExp", 0x0e, Revision::osaka},
    {"blsPairing", 0x0f, Revision::osaka},      {"fail-blsPairing", 0x0f, Revision::osaka},
    {"blsMapG1", 0x10, Revision::osaka},        {"fail-blsMapG1", 0x10, Revision::osaka},
    {"blsMapG2", 0x11, Revision::osaka},        {"fail-blsMapG2", 0x11, Revision::osaka},
    {"p256Verify", 0x100, Revision::osaka},
};
constexpr std::int64_t GAS = 1'000'000'000'000;

std::string run_case(element test, const Target& target) {
    Address address;
    address[18] = static_cast<std::uint8_t>(target.number >> 8);
    address[19] = static_cast<std::uint8_t>(target.number);
    if (evm::precompile_number(address, target.revision) != target.number) return "no precompile";
    const auto input = parse_bytes(test["Input"]);
    if (!input) return "malformed input";
    Bytes output;
    const auto result = evm::run_precompile(target.number, target.revision, *input, GAS, output);
    element ignored;
    if (test["ExpectedError"].get(ignored) == simdjson::SUCCESS) return result.ok ? "accepted" : "";
    if (!result.ok) return "failed";
    const auto expected = parse_bytes(test["Expected"]);
    if (!expected || output != *expected) return "output";
    std::int64_t gas = 0;
    if (test["Gas"].get(gas) == simdjson::SUCCESS && gas != GAS - result.gas_left)
        return "gas " + std::to_string(GAS - result.gas_left) + " expected " + std::to_string(gas);
    if (gas > 0 && evm::run_precompile(target.number, target.revision, *input, gas - 1, output).ok)
        return "runs with one gas less";
    return {};
}

/// The same on the guest, through a contract that calls the precompile.
void run_on_guest(const Options& options, const std::string& id, element test, const Target& target,
                  Counts& counts) {
    PrecompileVector vector{target.number, target.revision, {}, {}, 0};
    element ignored;
    const bool fails = test["ExpectedError"].get(ignored) == simdjson::SUCCESS;
    if (!read(test, "Input", vector.input, parse_bytes))
        return counts.record(id, "malformed input");
    if (!fails) vector.output = parse_bytes(test["Expected"]);
    (void)test["Gas"].get(vector.gas);
    if (!fits_transaction(vector))
        return counts.skip(id, "takes more gas than a transaction may have");
    counts.record(id, run_precompile_twins(options.guest, vector));
}

struct Operation {
    std::string_view file;
    std::uint8_t opcode;
};
constexpr Operation OPERATIONS[] = {
    {"testcases_add", evm::OP_ADD},
    {"testcases_and", evm::OP_AND},
    {"testcases_byte", evm::OP_BYTE},
    {"testcases_div", evm::OP_DIV},
    {"testcases_eq", evm::OP_EQ},
    {"testcases_exp", evm::OP_EXP},
    {"testcases_gt", evm::OP_GT},
    {"testcases_lt", evm::OP_LT},
    {"testcases_mod", evm::OP_MOD},
    {"testcases_mul", evm::OP_MUL},
    {"testcases_or", evm::OP_OR},
    {"testcases_sar", evm::OP_SAR},
    {"testcases_sdiv", evm::OP_SDIV},
    {"testcases_sgt", evm::OP_SGT},
    {"testcases_shl", evm::OP_SHL},
    {"testcases_shr", evm::OP_SHR},
    {"testcases_signext", evm::OP_SIGNEXTEND},
    {"testcases_slt", evm::OP_SLT},
    {"testcases_smod", evm::OP_SMOD},
    {"testcases_sub", evm::OP_SUB},
    {"testcases_xor", evm::OP_XOR},
};

struct NoHashes final : BlockHashes {
    Bytes32 hash(std::uint64_t) override { return {}; }
};

std::string run_operation(element test, std::uint8_t opcode) {
    const auto x = parse_fixed<Bytes32>(test["X"]), y = parse_fixed<Bytes32>(test["Y"]);
    const auto expected = parse_bytes(test["Expected"]);
    if (!x || !y || !expected) return "malformed";
    Bytes code{evm::OP_PUSH32};
    append(code, *x);
    code.push_back(evm::OP_PUSH32);
    append(code, *y);
    append(code, Bytes{opcode, evm::OP_PUSH0, evm::OP_MSTORE, evm::OP_PUSH1, 32, evm::OP_PUSH0,
                       evm::OP_RETURN});
    MemoryView state;
    state.set(Address{}, 1, {}, std::move(code));
    const ChainSpec spec;
    const BlockContext block;
    NoHashes hashes;
    Journal journal(state, LATEST_REVISION);
    evm::Evm machine(journal, spec, block, hashes);
    journal.begin_transaction();
    evm::Message message;
    message.gas = GAS;
    const evm::CallResult result = machine.execute(message);
    return result.output == *expected ? "" : "output " + hex_text(result.output);
}

void run_file(const Options& options, const std::filesystem::path& path, element root,
              Counts& counts) {
    const Target* target = nullptr;
    for (const Target& t : TARGETS)
        if (t.file == path.stem().string()) target = &t;
    const Operation* operation = nullptr;
    for (const Operation& o : OPERATIONS)
        if (o.file == path.stem().string()) operation = &o;
    simdjson::dom::array tests;
    if ((target == nullptr && operation == nullptr) || root.get(tests) != simdjson::SUCCESS)
        return counts.skip(path.stem().string(), "no precompile or instruction of this stack");
    std::size_t number = 0;
    for (const element test : tests) {
        const std::string name =
            operation != nullptr ? std::to_string(number++) : std::string(text_field(test, "Name"));
        const std::string id = path.stem().string() + "::" + name;
        if (!options.selects(id)) continue;
        if (!options.guest.empty()) {
            if (target != nullptr && options.samples(id))
                run_on_guest(options, id + " on the guest", test, *target, counts);
            continue;
        }
        counts.record(id, operation != nullptr ? run_operation(test, operation->opcode)
                                               : run_case(test, *target));
    }
}

}  // namespace

int precompile_tests(int argc, char** argv) {
    if (const int status = missing_guest(argc, argv); status != 0) return status;
    return run_command(argc, argv, "precompiles", run_file);
}

}  // namespace mezz::conformance
