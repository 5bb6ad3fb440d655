// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/execute/interpreter/testing/random_program.hpp"

#include <vector>

#include "core/state/memory_view.hpp"
#include "core/vm/evm/opcodes.hpp"
#include "node/execute/interpreter/engine.hpp"

namespace mezz::node::interpreter::test {
namespace {

using namespace evm;

constexpr Address CONTRACT = hex<Address>("0x00000000000000000000000000000000000c0de1");
constexpr Address CALLER = hex<Address>("0x000000000000000000000000000000000000ca11");

/// Reads choices; zeros when they have run out.
class Choices {
public:
    explicit Choices(ByteView bytes) : bytes_(bytes) {}
    [[nodiscard]] bool empty() const { return at_ >= bytes_.size(); }
    std::uint8_t byte() { return at_ < bytes_.size() ? bytes_[at_++] : 0; }
    std::uint8_t below(unsigned n) { return static_cast<std::uint8_t>(byte() % n); }

private:
    ByteView bytes_;
    std::size_t at_ = 0;
};

constexpr std::uint8_t PURE[] = {OP_ADD,  OP_MUL,    OP_SUB,    OP_DIV,   OP_SDIV,       OP_MOD,
                                 OP_SMOD, OP_ADDMOD, OP_MULMOD, OP_EXP,   OP_SIGNEXTEND, OP_LT,
                                 OP_GT,   OP_SLT,    OP_SGT,    OP_EQ,    OP_ISZERO,     OP_AND,
                                 OP_OR,   OP_XOR,    OP_NOT,    OP_BYTE,  OP_SHL,        OP_SHR,
                                 OP_SAR,  OP_CLZ,    OP_ISZERO, OP_ISZERO};
constexpr std::uint8_t ENVIRONMENT[] = {
    OP_ADDRESS,  OP_ORIGIN,   OP_CALLER,         OP_CALLVALUE,   OP_CALLDATASIZE, OP_CODESIZE,
    OP_GASPRICE, OP_COINBASE, OP_RETURNDATASIZE, OP_TIMESTAMP,   OP_NUMBER,       OP_PREVRANDAO,
    OP_GASLIMIT, OP_CHAINID,  OP_SELFBALANCE,    OP_BASEFEE,     OP_BLOBBASEFEE,  OP_PC,
    OP_MSIZE,    OP_GAS,      OP_CALLDATALOAD,   OP_EXTCODESIZE, OP_BLOCKHASH,    OP_BLOBHASH};

void push_edge(Bytes& code, Choices& in) {
    const auto kind = in.below(8);
    if (kind < 4) {
        code.push_back(OP_PUSH1);
        code.push_back(kind < 2 ? in.below(4) : in.byte());
        return;
    }
    uint256 v{1};
    v = v << in.byte();
    switch (kind) {
        case 4:
            break;
        case 5:
            v = v - uint256{1};
            break;
        case 6:
            v = uint256{} - v;
            break;
        default:
            v = uint256{in.byte()} * uint256{0x0101010101010101, in.byte(), 0, in.byte()} - v;
            break;
    }
    code.push_back(OP_PUSH32);
    append(code, to_bytes32(v));
}

void small_number(Bytes& code, Choices& in) {
    code.push_back(OP_PUSH1);
    code.push_back(in.byte());
}

}  // namespace

Bytes random_program(ByteView choices) {
    Choices in(choices);
    Bytes code;
    std::vector<std::size_t> labels, references;
    // Something to work on.
    for (int i = in.below(20); i > 0; --i) push_edge(code, in);
    while (!in.empty() && code.size() < 4000) {
        const auto op = [&](std::initializer_list<int> bytes) {
            for (const int b : bytes) code.push_back(static_cast<std::uint8_t>(b));
        };
        const auto label = [&] {
            code.push_back(OP_PUSH1 + 1);
            references.push_back(code.size());
            code.push_back(in.byte());
            code.push_back(in.byte());
        };
        switch (in.below(24)) {
            case 0:
            case 1:
            case 2:
            case 3:
            case 4:
            case 5:
                code.push_back(PURE[in.below(sizeof PURE)]);
                break;
            case 6:
            case 7:
            case 8:
                push_edge(code, in);
                break;
            case 9:
            case 10:
            case 11:
                code.push_back(static_cast<std::uint8_t>(OP_DUP1 + in.below(16)));
                break;
            case 12:
            case 13:
                code.push_back(static_cast<std::uint8_t>(OP_SWAP1 + in.below(16)));
                break;
            case 14:
                code.push_back(OP_POP);
                break;
            case 15:
                small_number(code, in);
                code.push_back(in.below(2) != 0 ? OP_MLOAD : OP_MSTORE);
                break;
            case 16:
                op({OP_PUSH1, in.byte(), OP_AND,
                    std::initializer_list<int>{OP_MLOAD, OP_MSTORE, OP_MSTORE8}
                        .begin()[in.below(3)]});
                break;
            case 17: {
                const std::uint8_t sizes[] = {OP_KECCAK256, OP_RETURN, OP_REVERT, OP_LOG0};
                const auto which = in.below(16);
                small_number(code, in);
                small_number(code, in);
                code.push_back(which < 12 ? OP_KECCAK256 : sizes[which - 12]);
                break;
            }
            case 18: {
                const std::uint8_t copies[] = {OP_CALLDATACOPY, OP_CODECOPY, OP_MCOPY,
                                               OP_RETURNDATACOPY};
                for (int i = 0; i < 3; ++i) small_number(code, in);
                code.push_back(copies[in.below(4)]);
                break;
            }
            case 19:
                code.push_back(ENVIRONMENT[in.below(sizeof ENVIRONMENT)]);
                break;
            case 20: {
                const std::uint8_t stores[] = {OP_SLOAD, OP_SSTORE, OP_TLOAD, OP_TSTORE};
                code.push_back(OP_PUSH1);
                code.push_back(in.below(4));
                code.push_back(stores[in.below(4)]);
                break;
            }
            case 21:
                labels.push_back(code.size());
                for (int i = in.below(8) == 0 ? 3 : 1; i > 0; --i) code.push_back(OP_JUMPDEST);
                break;
            case 22:
                label();
                code.push_back(in.below(4) == 0 ? OP_JUMP : OP_JUMPI);
                break;
            default:
                switch (in.below(9)) {
                    case 0:
                        // Calls itself with a part of the gas.
                        for (int i = 0; i < 5; ++i) op({OP_PUSH1, i == 4 ? 0 : in.below(64)});
                        op({OP_ADDRESS, OP_PUSH1 + 1, in.below(64), in.byte(), OP_CALL});
                        break;
                    case 1:
                        code.push_back(in.byte());
                        break;
                    case 2:
                        // A jump whose target is computed.
                        label();
                        op({OP_PUSH1, 0, OP_CALLDATALOAD, OP_PUSH1, 0, OP_MUL, OP_ADD, OP_JUMP});
                        break;
                    case 3:
                        label();
                        op({OP_DUP1 + in.below(4), OP_SWAP1, OP_JUMPI});
                        break;
                    case 4:
                        // A call inside the program: the callee finds where to return to.
                        label();
                        label();
                        op({OP_JUMP});
                        labels.push_back(code.size());
                        op({OP_JUMPDEST});
                        break;
                    case 5:
                        // The callee, which may do something before it returns.
                        labels.push_back(code.size());
                        op({OP_JUMPDEST});
                        if (in.below(2) != 0) op({OP_SWAP1, PURE[in.below(sizeof PURE)], OP_SWAP1});
                        op({OP_JUMP});
                        break;
                    case 6:
                        // MULMOD by a constant, 2^256 - 1 among others.
                        if (in.below(2) != 0)
                            op({OP_PUSH0, OP_NOT});
                        else
                            push_edge(code, in);
                        op({OP_DUP1 + 1 + in.below(3), OP_DUP1 + 1 + in.below(3), OP_MULMOD});
                        break;
                    case 7:
                        small_number(code, in);
                        op({OP_SIGNEXTEND});
                        break;
                    default:
                        op({OP_PUSH1, in.byte(), OP_CALLDATALOAD});
                        break;
                }
        }
    }
    // What got this far shows what it computed: some of its stack, and the start of its memory.
    labels.push_back(code.size());
    code.push_back(OP_JUMPDEST);
    for (const std::uint8_t offset : {0x20, 0x60, 0x80}) {
        code.push_back(OP_PUSH1);
        code.push_back(offset);
        code.push_back(OP_MSTORE);
    }
    for (const int b : {int{OP_PUSH1}, 0xff, int{OP_PUSH1}, 0, int{OP_RETURN}})
        code.push_back(static_cast<std::uint8_t>(b));
    for (const std::size_t at : references) {
        // One in sixteen goes where the bytes say.
        if (labels.empty() || code[at] % 16 == 0) continue;
        const std::size_t target = labels[code[at + 1] % labels.size()];
        code[at] = static_cast<std::uint8_t>(target >> 8);
        code[at + 1] = static_cast<std::uint8_t>(target);
    }
    return code;
}

namespace {

struct NoHashes final : BlockHashes {
    Bytes32 hash(std::uint64_t number) override { return to_bytes32(uint256{number}); }
};

struct Outcome {
    CallResult result;
    std::vector<Log> logs;
    Bytes32 root;
};

Outcome run_once(ByteView code, ByteView input, std::int64_t gas, Revision rev, bool fast) {
    ChainSpec spec;
    BlockContext block;
    block.number = 1000;
    block.timestamp = 5000;
    block.gas_limit = 30'000'000;
    block.base_fee = 7;
    block.coinbase = hex<Address>("0x0000000000000000000000000000000000c01bba");
    MemoryView view;
    view.set(CONTRACT, 1, uint256{1'000'000}, to_bytes(code), {{to_bytes32(uint256{1}), 5}});
    view.set(CALLER, 1, uint256{1'000'000});
    NoHashes hashes;
    CodeCache cache({.decode_after = 1});
    Engine engine(cache);
    Journal journal(view, rev);
    Evm evm(journal, spec, block, hashes);
    if (fast) evm.set_runner(&engine);
    Message m;
    m.gas = gas;
    m.sender = CALLER;
    m.recipient = m.code_address = CONTRACT;
    m.input = input;
    Outcome out;
    // Twice: the second time with warm frames, and with what the first left.
    for (int i = 0; i < 2; ++i) {
        journal.begin_transaction();
        evm.set_transaction({CALLER, uint256{3}, {}});
        out.result = evm.execute(m);
        for (const Log& log : journal.logs()) out.logs.push_back(log);
        journal.end_transaction();
    }
    view.apply(journal.diff());
    out.root = view.root();
    return out;
}

}  // namespace

std::optional<std::string> difference(ByteView code, ByteView input, std::int64_t gas,
                                      Revision rev) {
    const Outcome plain = run_once(code, input, gas, rev, false);
    const Outcome fast = run_once(code, input, gas, rev, true);
    const auto both = [](auto a, auto b) {
        return ": " + std::to_string(a) + " plain, " + std::to_string(b) + " fast";
    };
    if (plain.result.status != fast.result.status)
        return "status" +
               both(static_cast<int>(plain.result.status), static_cast<int>(fast.result.status));
    if (plain.result.gas_left != fast.result.gas_left)
        return "gas" + both(plain.result.gas_left, fast.result.gas_left);
    if (plain.result.gas_refund != fast.result.gas_refund)
        return "refund" + both(plain.result.gas_refund, fast.result.gas_refund);
    if (plain.result.output != fast.result.output) return "output";
    if (plain.logs.size() != fast.logs.size()) return "logs";
    for (std::size_t i = 0; i < plain.logs.size(); ++i)
        if (plain.logs[i].data != fast.logs[i].data || plain.logs[i].topics != fast.logs[i].topics)
            return "a log";
    if (plain.root != fast.root) return "state";
    return std::nullopt;
}

}  // namespace mezz::node::interpreter::test
