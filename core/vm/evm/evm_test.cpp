// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/vm/evm/evm.hpp"

#include <gtest/gtest.h>

#include "core/state/memory_view.hpp"
#include "core/vm/evm/opcodes.hpp"

namespace mezz::evm {
namespace {

constexpr Address CONTRACT = hex<Address>("0x00000000000000000000000000000000000c0de0");
constexpr Address CALLER = hex<Address>("0x00000000000000000000000000000000000ca11e");

struct NoHashes final : BlockHashes {
    Bytes32 hash(std::uint64_t number) override { return to_bytes32(number); }
};

/// Runs code in a fresh world.
struct EvmTest : testing::Test {
    CallResult run(Bytes code, std::int64_t gas = 1'000'000, Revision rev = LATEST_REVISION,
                   Bytes input = {}, bool is_static = false) {
        view.set(CONTRACT, 1, 0, std::move(code));
        spec.revisions = {{0, rev}};
        block.number = 1000;
        journal = std::make_unique<Journal>(view, rev);
        evm = std::make_unique<Evm>(*journal, spec, block, hashes);
        evm->set_observer(observer);
        journal->begin_transaction();
        Message m;
        m.gas = gas;
        m.sender = CALLER;
        m.recipient = m.code_address = CONTRACT;
        m.input = input;
        m.is_static = is_static;
        return evm->execute(m);
    }
    /// The word that `code` leaves on top of the stack, and the gas it used.
    uint256 top(Bytes code, Revision rev = LATEST_REVISION) {
        append(code, Bytes{OP_PUSH1, 0, OP_MSTORE, OP_PUSH1, 32, OP_PUSH1, 0, OP_RETURN});
        const CallResult r = run(code, 1'000'000, rev);
        EXPECT_EQ(r.status, Status::success);
        if (r.output.size() != 32) return ~uint256{};
        return load_be256(r.output.data());
    }

    MemoryView view;
    ChainSpec spec;
    BlockContext block;
    NoHashes hashes;
    Observer* observer = nullptr;
    std::unique_ptr<Journal> journal;
    std::unique_ptr<Evm> evm;
};

Bytes push32(const uint256& value) {
    Bytes out{OP_PUSH32};
    append(out, to_bytes32(value));
    return out;
}
Bytes operator+(Bytes a, const Bytes& b) {
    append(a, b);
    return a;
}
const uint256 MINUS_ONE = ~uint256{};

TEST_F(EvmTest, arithmetic_wraps) {
    EXPECT_EQ(top(push32(MINUS_ONE) + Bytes{OP_PUSH1, 2, OP_ADD}), uint256{1});
    EXPECT_EQ(top(Bytes{OP_PUSH1, 3, OP_PUSH1, 2, OP_SUB}), MINUS_ONE);
    EXPECT_EQ(top(Bytes{OP_PUSH1, 0, OP_PUSH1, 2, OP_DIV}), uint256{});
    EXPECT_EQ(top(push32(MINUS_ONE) + push32(uint256{1} << 255) + Bytes{OP_SDIV}),
              uint256{1} << 255);
    EXPECT_EQ(top(Bytes{OP_PUSH1, 0xff, OP_PUSH1, 0, OP_SIGNEXTEND}), MINUS_ONE);
    EXPECT_EQ(top(Bytes{OP_PUSH1, 0x7f, OP_PUSH1, 0, OP_SIGNEXTEND}), uint256{0x7f});
    EXPECT_EQ(top(push32(MINUS_ONE) + push32(uint256{1} << 64) + Bytes{OP_SIGNEXTEND}), MINUS_ONE);
    EXPECT_EQ(top(push32(MINUS_ONE) + Bytes{OP_PUSH1 + 1, 1, 0, OP_SAR}), MINUS_ONE);
    EXPECT_EQ(top(push32(MINUS_ONE) + Bytes{OP_PUSH1, 31, OP_BYTE}), uint256{0xff});
    EXPECT_EQ(top(push32(MINUS_ONE) + Bytes{OP_PUSH1, 32, OP_BYTE}), uint256{});
}

TEST_F(EvmTest, push_past_the_end_reads_zeros) {
    const CallResult r = run(Bytes{OP_PUSH32, 1});
    EXPECT_EQ(r.status, Status::success);
    EXPECT_EQ(r.gas_left, 1'000'000 - 3);
}

TEST_F(EvmTest, every_push_size_reads_its_bytes) {
    for (unsigned n = 1; n <= 32; ++n) {
        Bytes code{static_cast<std::uint8_t>(OP_PUSH0 + n)};
        uint256 expected;
        for (unsigned i = 0; i < n; ++i) {
            code.push_back(static_cast<std::uint8_t>(i + 1));
            expected = (expected << 8) | uint256{i + 1};
        }
        EXPECT_EQ(top(code), expected) << n;
    }
}

TEST_F(EvmTest, stack_holds_1024_words) {
    Bytes code(1024, OP_PC);
    EXPECT_EQ(run(code).status, Status::success);
    code.push_back(OP_PC);
    EXPECT_EQ(run(code).status, Status::stack_overflow);
    EXPECT_EQ(run({OP_POP}).status, Status::stack_underflow);
    EXPECT_EQ(run({OP_PUSH0, OP_ADD}).status, Status::stack_underflow);
    EXPECT_EQ(run({OP_PUSH0, OP_SWAP1}).status, Status::stack_underflow);
    EXPECT_EQ(run({OP_DUP1}).status, Status::stack_underflow);
}

TEST_F(EvmTest, jumps_only_to_jumpdests_outside_push_data) {
    EXPECT_EQ(run({OP_PUSH1, 3, OP_JUMP, OP_JUMPDEST}).status, Status::success);
    EXPECT_EQ(run({OP_PUSH1, 4, OP_JUMP, OP_PUSH1, OP_JUMPDEST}).status,
              Status::bad_jump_destination);
    EXPECT_EQ(run({OP_PUSH1, 99, OP_JUMP}).status, Status::bad_jump_destination);
    EXPECT_EQ(run({OP_PUSH0, OP_PUSH1, 99, OP_JUMPI}).status, Status::success);
    EXPECT_EQ(run({OP_PUSH1, 1, OP_PUSH1, 99, OP_JUMPI}).status, Status::bad_jump_destination);
}

TEST_F(EvmTest, gas_runs_out_at_the_exact_unit) {
    const Bytes code{OP_PUSH1, 1, OP_PUSH1, 2, OP_ADD};
    EXPECT_EQ(run(code, 9).gas_left, 0);
    EXPECT_EQ(run(code, 9).status, Status::success);
    EXPECT_EQ(run(code, 8).status, Status::out_of_gas);
}

TEST_F(EvmTest, memory_costs_grow_with_the_square) {
    // MSTORE at 0: 3 + 3 + 3 gas and one word.
    EXPECT_EQ(run({OP_PUSH0, OP_PUSH0, OP_MSTORE}).gas_left, 1'000'000 - 2 - 2 - 3 - 3);
    // 1024 words: 3 * 1024 + 1024^2 / 512.
    EXPECT_EQ(run(Bytes{OP_PUSH0, OP_PUSH1 + 1, 0x7f, 0xe0, OP_MSTORE}).gas_left,
              1'000'000 - 2 - 3 - 3 - 3 * 1024 - 2048);
    EXPECT_EQ(run(push32(MINUS_ONE) + Bytes{OP_MLOAD}).status, Status::out_of_gas);
    // A size of zero reaches no memory, wherever it is.
    EXPECT_EQ(run(Bytes{OP_PUSH0} + push32(MINUS_ONE) + Bytes{OP_RETURN}).status, Status::success);
}

TEST_F(EvmTest, invalid_and_undefined_take_all_gas) {
    EXPECT_EQ(run({OP_INVALID}).status, Status::invalid_instruction);
    EXPECT_EQ(run({0x0c}).status, Status::undefined_instruction);
    EXPECT_EQ(run({0x0c}).gas_left, 0);
}

TEST_F(EvmTest, revert_keeps_gas_and_output) {
    const CallResult r = run({OP_PUSH1, 1, OP_PUSH0, OP_REVERT});
    EXPECT_EQ(r.status, Status::revert);
    EXPECT_EQ(r.output, Bytes{0});
    EXPECT_GT(r.gas_left, 0);
}

TEST_F(EvmTest, returndatacopy_past_the_end_fails) {
    EXPECT_EQ(run({OP_PUSH1, 1, OP_PUSH0, OP_PUSH0, OP_RETURNDATACOPY}).status,
              Status::invalid_memory_access);
    EXPECT_EQ(run({OP_PUSH0, OP_PUSH0, OP_PUSH0, OP_RETURNDATACOPY}).status, Status::success);
}

TEST_F(EvmTest, static_calls_may_not_write) {
    const auto run_static = [&](Bytes code) {
        return run(std::move(code), 1'000'000, LATEST_REVISION, {}, true).status;
    };
    EXPECT_EQ(run_static({OP_PUSH0, OP_PUSH0, OP_SSTORE}), Status::static_mode_violation);
    EXPECT_EQ(run_static({OP_PUSH0, OP_PUSH0, OP_TSTORE}), Status::static_mode_violation);
    EXPECT_EQ(run_static({OP_PUSH0, OP_PUSH0, OP_LOG0}), Status::static_mode_violation);
    EXPECT_EQ(run_static({OP_PUSH0, OP_PUSH0, OP_PUSH0, OP_CREATE}), Status::static_mode_violation);
    EXPECT_EQ(run_static({OP_PUSH0, OP_SELFDESTRUCT}), Status::static_mode_violation);
    EXPECT_EQ(run_static({OP_PUSH0, OP_SLOAD}), Status::success);
}

TEST_F(EvmTest, sstore_needs_more_than_the_stipend) {
    const Bytes code{OP_PUSH0, OP_PUSH0, OP_SSTORE};
    EXPECT_EQ(run(code, 4 + 2300).status, Status::out_of_gas);
    EXPECT_EQ(run(code, 4 + 2301).status, Status::success);
}

/// A contract that calls itself until calls fail, with the depth reached in storage slot 0.
TEST_F(EvmTest, calls_nest_1024_deep_and_no_deeper) {
    // sstore(0, sload(0) + 1); call(gas, address, 0, 0, 0, 0, 0)
    const Bytes code{OP_PUSH0, OP_SLOAD,  OP_PUSH1,   1,        OP_ADD,
                     OP_PUSH0, OP_SSTORE, OP_PUSH0,   OP_PUSH0, OP_PUSH0,
                     OP_PUSH0, OP_PUSH0,  OP_ADDRESS, OP_GAS,   OP_CALL};
    const CallResult r = run(code, std::int64_t{1} << 50);
    EXPECT_EQ(r.status, Status::success);
    const SlotId slot = journal->slot(journal->account(CONTRACT), Bytes32{});
    EXPECT_EQ(journal->value(slot), uint256{1025});
}

TEST_F(EvmTest, eip7939_clz_since_osaka) {
    EXPECT_EQ(top(Bytes{OP_PUSH0, OP_CLZ}), uint256{256});
    EXPECT_EQ(top(Bytes{OP_PUSH1, 1, OP_CLZ}), uint256{255});
    EXPECT_EQ(top(push32(MINUS_ONE) + Bytes{OP_CLZ}), uint256{});
    EXPECT_EQ(run({OP_PUSH0, OP_CLZ}).gas_left, 1'000'000 - 7);
    EXPECT_EQ(run({OP_PUSH0, OP_CLZ}, 100, Revision::prague).status, Status::undefined_instruction);
}

TEST_F(EvmTest, instructions_appear_with_their_revision) {
    struct Since {
        std::uint8_t opcode;
        Revision revision;
    };
    const Since table[] = {
        {OP_DELEGATECALL, Revision::homestead},
        {OP_REVERT, Revision::byzantium},
        {OP_STATICCALL, Revision::byzantium},
        {OP_RETURNDATASIZE, Revision::byzantium},
        {OP_SHL, Revision::constantinople},
        {OP_CREATE2, Revision::constantinople},
        {OP_EXTCODEHASH, Revision::constantinople},
        {OP_CHAINID, Revision::istanbul},
        {OP_SELFBALANCE, Revision::istanbul},
        {OP_BASEFEE, Revision::london},
        {OP_PUSH0, Revision::shanghai},
        {OP_MCOPY, Revision::cancun},
        {OP_TLOAD, Revision::cancun},
        {OP_BLOBHASH, Revision::cancun},
        {OP_BLOBBASEFEE, Revision::cancun},
        {OP_CLZ, Revision::osaka},
    };
    for (const auto& [opcode, revision] : table) {
        Bytes code;
        for (int i = 0; i < 7; ++i) append(code, Bytes{OP_PUSH1, 0});
        code.push_back(opcode);
        const auto before = static_cast<Revision>(static_cast<unsigned>(revision) - 1);
        EXPECT_NE(run(code, 1'000'000, revision).status, Status::undefined_instruction);
        EXPECT_EQ(run(code, 1'000'000, before).status, Status::undefined_instruction);
    }
}

TEST_F(EvmTest, eip5656_mcopy_copes_with_overlap) {
    const Bytes code = push32(uint256{0x0102030405060708, 0, 0, 0x1122334455667788}) +
                       Bytes{OP_PUSH0, OP_MSTORE, OP_PUSH1, 31,       OP_PUSH0,
                             OP_PUSH1, 1,         OP_MCOPY, OP_PUSH0, OP_MLOAD};
    EXPECT_EQ(top(code) >> 248, uint256{0x11});
    EXPECT_EQ((top(code) >> 240) & uint256{0xff}, uint256{0x11});
    EXPECT_EQ(top(code) & uint256{0xff}, uint256{0x07});
}

TEST_F(EvmTest, blockhash_answers_for_256_blocks) {
    EXPECT_EQ(top(Bytes{OP_PUSH1 + 1, 0x03, 0xe7, OP_BLOCKHASH}), uint256{999});
    EXPECT_EQ(top(Bytes{OP_PUSH1 + 1, 0x03, 0xe8, OP_BLOCKHASH}), uint256{});
    EXPECT_EQ(top(Bytes{OP_PUSH1 + 1, 0x02, 0xe8, OP_BLOCKHASH}), uint256{744});
    EXPECT_EQ(top(Bytes{OP_PUSH1 + 1, 0x02, 0xe7, OP_BLOCKHASH}), uint256{});
}

TEST_F(EvmTest, eip7702_delegated_code_runs_in_the_authority) {
    const Address target = to_address(0x1234);
    view.set(target, 1, 0, {OP_ADDRESS, OP_PUSH0, OP_MSTORE, OP_PUSH1, 32, OP_PUSH0, OP_RETURN});
    const Address authority = to_address(0x5678);
    view.set(authority, 1, 0, delegation_code(target));
    Bytes code{OP_PUSH1, 32,   OP_PUSH0, OP_PUSH0, OP_PUSH0, OP_PUSH0, OP_PUSH1 + 1,
               0x56,     0x78, OP_GAS,   OP_CALL,  OP_POP,   OP_PUSH0, OP_MLOAD};
    EXPECT_EQ(top(code), to_uint256(authority));
    // Delegation to a precompile runs nothing.
    view.set(authority, 1, 0, delegation_code(to_address(4)));
    EXPECT_EQ(top(code), uint256{});
}

TEST_F(EvmTest, observer_sees_steps_and_frames) {
    struct Recorder final : Observer {
        std::vector<std::uint8_t> opcodes;
        int enters = 0, exits = 0;
        void on_step(const Step& step) override { opcodes.push_back(step.opcode); }
        void on_enter(const Message&, const Address&) override { ++enters; }
        void on_exit(Status, std::int64_t, ByteView) override { ++exits; }
    } recorder;
    observer = &recorder;
    // Calls the identity precompile, then stops.
    run({OP_PUSH0, OP_PUSH0, OP_PUSH0, OP_PUSH0, OP_PUSH1, 4, OP_GAS, OP_STATICCALL, OP_STOP});
    EXPECT_EQ(recorder.opcodes,
              (std::vector<std::uint8_t>{OP_PUSH0, OP_PUSH0, OP_PUSH0, OP_PUSH0, OP_PUSH1, OP_GAS,
                                         OP_STATICCALL, OP_STOP}));
    EXPECT_EQ(recorder.enters, 2);
    EXPECT_EQ(recorder.exits, 2);
}

TEST(precompiles, appear_with_their_revision) {
    EXPECT_TRUE(is_precompile(to_address(1), Revision::frontier));
    EXPECT_FALSE(is_precompile(to_address(0), LATEST_REVISION));
    EXPECT_FALSE(is_precompile(to_address(5), Revision::spurious_dragon));
    EXPECT_TRUE(is_precompile(to_address(9), Revision::istanbul));
    EXPECT_FALSE(is_precompile(to_address(0x0b), Revision::cancun));
    EXPECT_TRUE(is_precompile(to_address(0x11), Revision::prague));
    EXPECT_FALSE(is_precompile(to_address(0x12), LATEST_REVISION));
    EXPECT_FALSE(is_precompile(to_address(0x100), Revision::prague));
    EXPECT_TRUE(is_precompile(to_address(0x100), Revision::osaka));
    Address far = to_address(1);
    far[0] = 1;
    EXPECT_FALSE(is_precompile(far, LATEST_REVISION));
}

TEST(create2, gives_the_addresses_of_eip1014) {
    EXPECT_EQ(create2_address(Address{}, Bytes32{}, Bytes{0x00}),
              hex<Address>("0x4d1a2e2bb4f88f0250f26ffff098b0b30b26bf38"));
    EXPECT_EQ(create2_address(hex<Address>("0xdeadbeef00000000000000000000000000000000"), Bytes32{},
                              Bytes{0x00}),
              hex<Address>("0xb928f69bb1d91cd65274e3c79d8986362984fda3"));
}

}  // namespace
}  // namespace mezz::evm
