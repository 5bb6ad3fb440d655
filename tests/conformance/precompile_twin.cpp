// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/precompile_twin.hpp"

#include "core/crypto/keccak.hpp"
#include "core/vm/evm/opcodes.hpp"

namespace mezz::conformance {
namespace {

constexpr Address CALLER = hex<Address>("0x000000000000000000000000000000000000ca11");
constexpr Address WRAPPER = hex<Address>("0x000000000000000000000000000000000000c0de");
constexpr std::uint64_t MOST_GAS = 1'000'000'000;  // where no rule says less
/// For the memory, the stores, and the 64th part that a call leaves behind.
constexpr std::uint64_t SPARE_GAS = 1'000'000;

std::uint64_t gas_limit(Revision revision) {
    const std::uint64_t cap = traits(revision).max_transaction_gas;
    return cap != 0 ? cap : MOST_GAS;
}

Bytes wrapper_code(unsigned precompile) {
    using namespace evm;
    const auto high = static_cast<std::uint8_t>(precompile >> 8);
    const auto low = static_cast<std::uint8_t>(precompile);
    return {
        OP_CALLDATASIZE,
        OP_PUSH1,
        0,
        OP_PUSH1,
        0,
        OP_CALLDATACOPY,  // memory = input
        OP_PUSH1,
        0,
        OP_PUSH1,
        0,
        OP_CALLDATASIZE,
        OP_PUSH1,
        0,  // no output area; the input
        OP_PUSH1 + 1,
        high,
        low,
        OP_GAS,
        OP_STATICCALL,  //
        OP_PUSH1,
        0,
        OP_SSTORE,  // slot 0: success
        OP_RETURNDATASIZE,
        OP_PUSH1,
        0,
        OP_PUSH1,
        0,
        OP_RETURNDATACOPY,  //
        OP_RETURNDATASIZE,
        OP_PUSH1,
        0,
        OP_KECCAK256,
        OP_PUSH1,
        1,
        OP_SSTORE,  // slot 1: hash
        OP_RETURNDATASIZE,
        OP_PUSH1,
        2,
        OP_SSTORE,  // slot 2: size
        OP_STOP,
    };
}

StateTest test_of(const PrecompileVector& vector) {
    StateTest test;
    test.spec.revisions = {{0, vector.revision}};
    test.block.number = 1;
    test.block.gas_limit = MOST_GAS;
    test.sender = CALLER;
    test.state.set(CALLER, 1, uint256{1});
    test.state.set(WRAPPER, 1, {}, wrapper_code(vector.number));
    Transaction txn;
    txn.nonce = 1;
    txn.gas_limit = gas_limit(vector.revision);
    txn.to = WRAPPER;
    txn.data = vector.input;
    test.txn = std::move(txn);
    return test;
}

Bytes32 expected_root(const PrecompileVector& vector, MemoryView state) {
    const Bytes output = vector.output.value_or(Bytes{});
    state.set(CALLER, 2, uint256{1});
    state.set(WRAPPER, 1, {}, wrapper_code(vector.number),
              {{to_bytes32(uint256{0}), uint256{vector.output ? 1u : 0u}},
               {to_bytes32(uint256{1}), to_uint256(crypto::keccak256(output))},
               {to_bytes32(uint256{2}), uint256{output.size()}}});
    return state.root();
}

}  // namespace

bool fits_transaction(const PrecompileVector& vector) {
    const std::uint64_t limit = gas_limit(vector.revision);
    const Transaction txn = *test_of(vector).txn;
    const std::uint64_t before = exec::intrinsic_gas(txn, vector.revision).base;
    return before + vector.gas + limit / 64 + SPARE_GAS < limit;
}

std::string run_precompile_twins(const std::string& elf, const PrecompileVector& vector) {
    const StateTest test = test_of(vector);
    std::vector<Log> logs;
    const StateTestResult native = run_natively(test, false, logs);
    if (native.rejection) return "rejected: " + std::string(exec::name(*native.rejection));
    if (native.state_root != expected_root(vector, test.state)) return "native state root";
    return compare_in_guest(elf, test, native);
}

}  // namespace mezz::conformance
