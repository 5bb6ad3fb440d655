// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Runs files of (Input, Expected, Gas) and (Input, ExpectedError) through the precompile table.
///
///     mezz-conformance precompiles PATH... [--filter S] [--jobs N]

#include "tests/conformance/precompile_tests.hpp"

#include <cstdio>

#include "core/vm/evm/precompiles.hpp"

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

void run_file(const Options& options, const std::filesystem::path& path, element root,
              Counts& counts) {
    const Target* target = nullptr;
    for (const Target& t : TARGETS)
        if (t.file == path.stem().string()) target = &t;
    simdjson::dom::array tests;
    if (target == nullptr || root.get(tests) != simdjson::SUCCESS) return;
    for (const element test : tests) {
        std::string_view name;
        (void)test["Name"].get(name);
        const std::string id = path.stem().string() + "::" + std::string(name);
        if (options.selects(id)) counts.record(id, run_case(test, *target));
    }
}

}  // namespace

int precompile_tests(int argc, char** argv) {
    return run_command(argc, argv, "precompiles", run_file);
}

}  // namespace mezz::conformance
