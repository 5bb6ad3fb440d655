// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include "bench/evm/case.hpp"
#include "core/vm/evm/opcodes.hpp"

namespace mezz::bench {
namespace {

using namespace evm;

constexpr Address CALLEE = hex<Address>("0x00000000000000000000000000000000000ca11e");
constexpr Address IDENTITY = hex<Address>("0x0000000000000000000000000000000000000004");
/// Rounds of a loop: enough that the loop outweighs the call of the case.
constexpr std::uint16_t ROUNDS = 500;

class Code {
public:
    Code& op(std::initializer_list<int> bytes) {
        for (const int b : bytes) code_.push_back(static_cast<std::uint8_t>(b));
        return *this;
    }
    Code& push(std::uint16_t value) {
        return value < 256 ? op({OP_PUSH1, value}) : op({OP_PUSH1 + 1, value >> 8, value & 0xff});
    }
    Code& push(const Address& address) {
        op({OP_PUSH1 + 19});
        append(code_, address);
        return *this;
    }
    Code& add(const Code& other) {
        append(code_, other.code_);
        return *this;
    }
    [[nodiscard]] std::size_t size() const { return code_.size(); }
    [[nodiscard]] Bytes bytes() const { return code_; }

private:
    Bytes code_;
};

/// `before` once, then `body` ROUNDS times. The counter, from ROUNDS down to 1, is on the top of
/// the stack; `body` leaves it there.
Bytes loop(const Code& before, const Code& body) {
    Code code;
    code.add(before).push(ROUNDS);
    const auto start = static_cast<std::uint16_t>(code.size());
    code.op({OP_JUMPDEST}).add(body);
    code.push(1).op({OP_SWAP1, OP_SUB, OP_DUP1}).push(start).op({OP_JUMPI, OP_STOP});
    return code.bytes();
}

/// A call that sends `size` bytes of memory and takes back as many.
Code call(Opcode opcode, const Address& to, std::uint16_t size, std::uint16_t value = 0) {
    Code code;
    code.push(size).push(0).push(size).push(0);
    if (opcode == OP_CALL) code.push(value);
    return code.push(to).op({OP_GAS, opcode, OP_POP});
}

/// Returns the word it was sent.
Bytes echo() {
    return Code{}
        .op({OP_PUSH0, OP_CALLDATALOAD, OP_PUSH0, OP_MSTORE})
        .push(32)
        .op({OP_PUSH0, OP_RETURN})
        .bytes();
}

/// Initcode that deploys 32 zero bytes, at the start of memory.
Code store_initcode() {
    Code code;
    // PUSH1 32, PUSH0, RETURN stands at the end of the word.
    code.op({OP_PUSH1 + 3, OP_PUSH1, 32, OP_PUSH0, OP_RETURN, OP_PUSH0, OP_MSTORE});
    return code;
}

}  // namespace

std::vector<Case> state_cases() {
    std::vector<Case> cases;
    const auto add = [&](std::string_view name, const Code& before, const Code& body) {
        Case c;
        c.name = "state/" + std::string(name);
        c.code = loop(before, body);
        c.contracts = {{CALLEE, echo()}};
        cases.push_back(std::move(c));
    };
    const Code none;
    add("call", none, call(OP_CALL, CALLEE, 32));
    add("delegatecall", none, call(OP_DELEGATECALL, CALLEE, 32));
    add("staticcall", none, call(OP_STATICCALL, CALLEE, 32));
    add("call_with_value", none, call(OP_CALL, CALLEE, 32, 1));
    add("call_precompile", none, call(OP_STATICCALL, IDENTITY, 32));
    add("create", store_initcode(), Code{}.push(4).push(28).op({OP_PUSH0, OP_CREATE, OP_POP}));
    add("create2", store_initcode(),
        Code{}.op({OP_DUP1}).push(4).push(28).op({OP_PUSH0, OP_CREATE2, OP_POP}));
    add("sload_cold", none, Code{}.op({OP_DUP1, OP_SLOAD, OP_POP}));
    add("sload_warm", none, Code{}.op({OP_PUSH0, OP_SLOAD, OP_POP}));
    add("sstore_cold", none, Code{}.op({OP_DUP1, OP_DUP1, OP_SSTORE}));
    add("sstore_warm", none, Code{}.op({OP_DUP1, OP_PUSH0, OP_SSTORE}));
    add("tload", none, Code{}.op({OP_DUP1, OP_TLOAD, OP_POP}));
    add("tstore", none, Code{}.op({OP_DUP1, OP_DUP1, OP_TSTORE}));
    add("balance_cold", none, Code{}.op({OP_DUP1, OP_BALANCE, OP_POP}));
    add("log0", none, Code{}.push(32).op({OP_PUSH0, OP_LOG0}));
    add("log4", none,
        Code{}.op({OP_DUP1, OP_DUP1, OP_DUP1, OP_DUP1}).push(32).op({OP_PUSH0, OP_LOG0 + 4}));
    add("keccak256_64", none,
        Code{}.op({OP_DUP1, OP_PUSH0, OP_MSTORE}).push(64).op({OP_PUSH0, OP_KECCAK256, OP_POP}));
    add("keccak256_1024", none,
        Code{}.op({OP_DUP1, OP_PUSH0, OP_MSTORE}).push(1024).op({OP_PUSH0, OP_KECCAK256, OP_POP}));
    return cases;
}

}  // namespace mezz::bench
