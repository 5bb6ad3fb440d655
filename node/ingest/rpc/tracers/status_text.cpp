// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/tracers/status_text.hpp"

#include <array>

#include "core/vm/evm/opcodes.hpp"

namespace mezz::trace {
namespace {

struct PanicMeaning {
    std::uint64_t code;
    std::string_view text;
};
constexpr PanicMeaning PANICS[] = {
    {0x00, "generic panic"},
    {0x01, "assert(false)"},
    {0x11, "arithmetic underflow or overflow"},
    {0x12, "division or modulo by zero"},
    {0x21, "enum overflow"},
    {0x22, "invalid encoded storage byte array accessed"},
    {0x31, "out-of-bounds array access; popping on an empty array"},
    {0x32, "out-of-bounds access of an array or bytesN"},
    {0x41, "out of memory"},
    {0x51, "uninitialized function"},
};

/// The shortest hex with prefix.
std::string hex_number(const uint256& value) {
    std::string out = "0x";
    constexpr std::uint64_t NIBBLE_BITS = 4;
    for (std::uint64_t n = (256 - count_leading_zeros(value) + 3) / NIBBLE_BITS; n > 0; --n)
        out += "0123456789abcdef"[(value >> (NIBBLE_BITS * (n - 1))).limb[0] & 15];
    return out.size() > 2 ? out : "0x0";
}

constexpr std::array<std::string_view, 256> make_names() {
    std::array<std::string_view, 256> n{};
    using namespace evm;
    n[OP_STOP] = "STOP", n[OP_ADD] = "ADD", n[OP_MUL] = "MUL", n[OP_SUB] = "SUB";
    n[OP_DIV] = "DIV", n[OP_SDIV] = "SDIV", n[OP_MOD] = "MOD", n[OP_SMOD] = "SMOD";
    n[OP_ADDMOD] = "ADDMOD", n[OP_MULMOD] = "MULMOD", n[OP_EXP] = "EXP";
    n[OP_SIGNEXTEND] = "SIGNEXTEND", n[OP_LT] = "LT", n[OP_GT] = "GT", n[OP_SLT] = "SLT";
    n[OP_SGT] = "SGT", n[OP_EQ] = "EQ", n[OP_ISZERO] = "ISZERO", n[OP_AND] = "AND";
    n[OP_OR] = "OR", n[OP_XOR] = "XOR", n[OP_NOT] = "NOT", n[OP_BYTE] = "BYTE";
    n[OP_SHL] = "SHL", n[OP_SHR] = "SHR", n[OP_SAR] = "SAR", n[OP_CLZ] = "CLZ";
    n[OP_KECCAK256] = "KECCAK256", n[OP_ADDRESS] = "ADDRESS", n[OP_BALANCE] = "BALANCE";
    n[OP_ORIGIN] = "ORIGIN", n[OP_CALLER] = "CALLER", n[OP_CALLVALUE] = "CALLVALUE";
    n[OP_CALLDATALOAD] = "CALLDATALOAD", n[OP_CALLDATASIZE] = "CALLDATASIZE";
    n[OP_CALLDATACOPY] = "CALLDATACOPY", n[OP_CODESIZE] = "CODESIZE", n[OP_CODECOPY] = "CODECOPY";
    n[OP_GASPRICE] = "GASPRICE", n[OP_EXTCODESIZE] = "EXTCODESIZE";
    n[OP_EXTCODECOPY] = "EXTCODECOPY", n[OP_RETURNDATASIZE] = "RETURNDATASIZE";
    n[OP_RETURNDATACOPY] = "RETURNDATACOPY", n[OP_EXTCODEHASH] = "EXTCODEHASH";
    n[OP_BLOCKHASH] = "BLOCKHASH", n[OP_COINBASE] = "COINBASE", n[OP_TIMESTAMP] = "TIMESTAMP";
    n[OP_NUMBER] = "NUMBER", n[OP_PREVRANDAO] = "DIFFICULTY", n[OP_GASLIMIT] = "GASLIMIT";
    n[OP_CHAINID] = "CHAINID", n[OP_SELFBALANCE] = "SELFBALANCE", n[OP_BASEFEE] = "BASEFEE";
    n[OP_BLOBHASH] = "BLOBHASH", n[OP_BLOBBASEFEE] = "BLOBBASEFEE", n[OP_POP] = "POP";
    n[OP_MLOAD] = "MLOAD", n[OP_MSTORE] = "MSTORE", n[OP_MSTORE8] = "MSTORE8";
    n[OP_SLOAD] = "SLOAD", n[OP_SSTORE] = "SSTORE", n[OP_JUMP] = "JUMP", n[OP_JUMPI] = "JUMPI";
    n[OP_PC] = "PC", n[OP_MSIZE] = "MSIZE", n[OP_GAS] = "GAS", n[OP_JUMPDEST] = "JUMPDEST";
    n[OP_TLOAD] = "TLOAD", n[OP_TSTORE] = "TSTORE", n[OP_MCOPY] = "MCOPY", n[OP_PUSH0] = "PUSH0";
    n[OP_CREATE] = "CREATE", n[OP_CALL] = "CALL", n[OP_CALLCODE] = "CALLCODE";
    n[OP_RETURN] = "RETURN", n[OP_DELEGATECALL] = "DELEGATECALL", n[OP_CREATE2] = "CREATE2";
    n[OP_STATICCALL] = "STATICCALL", n[OP_REVERT] = "REVERT", n[OP_INVALID] = "INVALID";
    n[OP_SELFDESTRUCT] = "SELFDESTRUCT";
    return n;
}
constexpr auto NAMES = make_names();

}  // namespace

std::string_view status_text(evm::Status status) noexcept {
    using enum evm::Status;
    switch (status) {
        case success:
            return "";
        case revert:
            return "execution reverted";
        case out_of_gas:
            return "out of gas";
        case invalid_instruction:
            return "invalid opcode: INVALID";
        case undefined_instruction:
            return "invalid opcode";
        case stack_overflow:
            return "stack limit reached 1024";
        case stack_underflow:
            return "stack underflow";
        case bad_jump_destination:
            return "invalid jump destination";
        case static_mode_violation:
            return "write protection";
        case invalid_memory_access:
            return "return data out of bounds";
        case precompile_failure:
            return "precompile failed";
        case call_depth_exceeded:
            return "max call depth exceeded";
        case insufficient_balance:
            return "insufficient balance for transfer";
        case nonce_overflow:
            return "nonce uint64 overflow";
        case create_collision:
            return "contract address collision";
        case code_size_exceeded:
            return "max code size exceeded";
        case initcode_size_exceeded:
            return "max initcode size exceeded";
        case invalid_code_prefix:
            return "invalid code: must not begin with 0xef";
        case code_deposit_out_of_gas:
            return "contract creation code storage out of gas";
    }
    return "";
}

std::optional<std::string> revert_reason(ByteView output) {
    constexpr std::uint8_t ERROR_SELECTOR[] = {0x08, 0xc3, 0x79, 0xa0};
    constexpr std::uint8_t PANIC_SELECTOR[] = {0x4e, 0x48, 0x7b, 0x71};
    if (output.size() < 36) return std::nullopt;
    const ByteView body = output.subspan(4);
    const uint256 first = load_be256(body.data());
    if (equal(output.first(4), PANIC_SELECTOR)) {
        for (const PanicMeaning& p : PANICS)
            if (first == uint256{p.code}) return std::string(p.text);
        return "unknown panic code: " + hex_number(first);
    }
    if (!equal(output.first(4), ERROR_SELECTOR)) return std::nullopt;
    // A string: where it starts, how long it is, its bytes.
    if (!first.fits_u64() || first.limb[0] > body.size() || body.size() - first.limb[0] < 32)
        return std::nullopt;
    const uint256 size = load_be256(body.data() + first.limb[0]);
    const ByteView text = body.subspan(first.limb[0] + 32);
    if (!size.fits_u64() || size.limb[0] > text.size()) return std::nullopt;
    return std::string(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size.limb[0]));
}

std::string opcode_name(std::uint8_t op) {
    using namespace evm;
    if (op >= OP_PUSH1 && op <= OP_PUSH32) return "PUSH" + std::to_string(op - OP_PUSH1 + 1);
    if (op >= OP_DUP1 && op <= OP_DUP16) return "DUP" + std::to_string(op - OP_DUP1 + 1);
    if (op >= OP_SWAP1 && op <= OP_SWAP16) return "SWAP" + std::to_string(op - OP_SWAP1 + 1);
    if (op >= OP_LOG0 && op <= OP_LOG4) return "LOG" + std::to_string(op - OP_LOG0);
    return std::string(NAMES[op]);
}

}  // namespace mezz::trace
