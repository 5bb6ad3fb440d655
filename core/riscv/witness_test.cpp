// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/riscv/witness.hpp"

#include <gtest/gtest.h>

#include "core/crypto/keccak.hpp"
#include "core/riscv/test_machine.hpp"

namespace mezz::riscv {
namespace {

using testing::assemble;
using testing::SparseTree;

/// A machine before a step, with all that a witness of it needs.
struct Replay : ::testing::Test {
    testing::MapAccess access;
    Hart hart;

    Replay() {
        hart.pc = 0x10000;
        hart.x[1] = DATA_START + 0x7008;
        hart.x[2] = 77;
        access.put_data(DATA_START + 0x7000, 1);
        access.put_data(DATA_END - 32, 2);
    }
    [[nodiscard]] Bytes32 code_root() const { return SparseTree(access.code, CODE_LEVELS).root(); }
    [[nodiscard]] State state() const {
        return {SparseTree(access.data, DATA_LEVELS).root(), hart};
    }
    [[nodiscard]] Bytes witness(std::optional<std::uint64_t> data_address) const {
        Bytes out = to_bytes(encode(state()));
        if (hart.exited || !can_fetch(hart.pc)) return out;
        append(out, SparseTree(access.code, CODE_LEVELS).part(hart.pc));
        if (data_address) append(out, SparseTree(access.data, DATA_LEVELS).part(*data_address));
        return out;
    }
    [[nodiscard]] std::expected<Bytes32, WitnessError> answer(ByteView bytes) {
        return replay(bytes, hash(state()), code_root(), access.preimages);
    }
    /// The replay of the right witness equals the step; every other length is refused.
    void expect_equal_step(std::optional<std::uint64_t> data_address) {
        const Bytes right = witness(data_address);
        const auto next = answer(right);
        for (const std::size_t size :
             {std::size_t{0}, STATE_BYTES - 1, STATE_BYTES, STATE_BYTES + CODE_PART_BYTES - 32,
              STATE_BYTES + CODE_PART_BYTES, MAX_WITNESS_BYTES - 32, MAX_WITNESS_BYTES,
              MAX_WITNESS_BYTES + 32}) {
            if (size == right.size()) continue;
            Bytes other = right;
            other.resize(size);
            EXPECT_EQ(answer(other), std::unexpected(WitnessError::length)) << size;
        }
        ASSERT_TRUE(next.has_value());
        testing::MapAccess after = access;
        Hart stepped = hart;
        ASSERT_TRUE(step(stepped, after));
        EXPECT_EQ(*next, hash(State{SparseTree(after.data, DATA_LEVELS).root(), stepped}));
    }
    void put(std::uint32_t word) { access.put_code(hart.pc, word); }
};

TEST_F(Replay, StepsOverRegisters) {
    put(assemble(Kind::mul, 3, 1, 2, 0));
    expect_equal_step(std::nullopt);
}

TEST_F(Replay, LoadsAndStores) {
    for (const Kind kind : {Kind::ld, Kind::lbu, Kind::sd, Kind::sb}) {
        put(assemble(kind, 3, 1, 2, -8));
        expect_equal_step(DATA_START + 0x7000);
        put(assemble(kind, 3, 1, 2, 64));  // where all is zero
        expect_equal_step(DATA_START + 0x7048);
    }
}

TEST_F(Replay, CallsOnALeaf) {
    put(0x73);
    hart.x[A0] = DATA_END - 32;
    hart.x[A7] = CALL_SET_KEY;
    expect_equal_step(DATA_END - 32);
    hart.x[A7] = CALL_READ;
    EXPECT_EQ(answer(witness(DATA_END - 32)), std::unexpected(WitnessError::preimage));
    access.preimages.known[hart.key] = Bytes(33, 5);
    hart.offset = 32;
    expect_equal_step(DATA_END - 32);
    hart.x[A7] = CALL_EXIT;
    expect_equal_step(std::nullopt);
    hart.x[A7] = 64;
    expect_equal_step(std::nullopt);
}

TEST_F(Replay, TrapsNeedNoData) {
    put(assemble(Kind::ld, 3, 1, 2, 1));
    expect_equal_step(std::nullopt);
    put(0);
    expect_equal_step(std::nullopt);
    put(0x73);
    hart.x[A0] = 8;
    hart.x[A7] = CALL_READ;
    expect_equal_step(std::nullopt);
}

TEST_F(Replay, StateAloneWhereNothingIsFetched) {
    for (const std::uint64_t pc : {CODE_END, std::uint64_t{2}}) {
        hart.pc = pc;
        expect_equal_step(std::nullopt);
    }
    hart.pc = 0x10000;
    hart.exited = true;
    hart.exit_code = 3;
    expect_equal_step(std::nullopt);
    EXPECT_EQ(answer(witness(std::nullopt)), hash(state()));
}

TEST_F(Replay, RefusesEveryOtherByte) {
    put(assemble(Kind::sd, 3, 1, 2, -8));
    const Bytes right = witness(DATA_START + 0x7000);
    ASSERT_TRUE(answer(right).has_value());
    for (std::size_t i = 0; i < right.size(); ++i) {
        Bytes wrong = right;
        wrong[i] ^= static_cast<std::uint8_t>(1 << i % 8);
        const WitnessError reason = i < STATE_BYTES                     ? WitnessError::state
                                    : i < STATE_BYTES + CODE_PART_BYTES ? WitnessError::code
                                                                        : WitnessError::data;
        ASSERT_EQ(answer(wrong), std::unexpected(reason)) << i;
    }
}

TEST_F(Replay, RefusesBytesOfNoState) {
    for (const std::size_t at :
         {std::size_t{89}, std::size_t{90}, std::size_t{95}, std::size_t{96}, std::size_t{103}}) {
        Bytes bytes = to_bytes(encode(state()));
        bytes[at] = 2;
        EXPECT_FALSE(decode_state(bytes).has_value()) << at;
        EXPECT_EQ(replay(bytes, crypto::keccak256(bytes), code_root(), access.preimages),
                  std::unexpected(WitnessError::state));
    }
}

TEST(State, EncodesEveryFieldInItsPlace) {
    State s;
    s.memory_root[0] = 1;
    s.hart.key[31] = 2;
    s.hart.pc = 0x0304;
    s.hart.step = 0x05;
    s.hart.offset = 0x06;
    s.hart.exit_code = 7;
    s.hart.exited = true;
    s.hart.x[1] = 0x0800000000000000;
    s.hart.x[31] = 9;
    const StateBytes bytes = encode(s);
    StateBytes expected;
    expected[0] = 1;
    expected[63] = 2;
    expected[70] = 3;
    expected[71] = 4;
    expected[79] = 5;
    expected[87] = 6;
    expected[88] = 7;
    expected[89] = 1;
    expected[104] = 8;
    expected[351] = 9;
    EXPECT_EQ(bytes, expected);
    EXPECT_EQ(decode_state(bytes), s);
    EXPECT_FALSE(decode_state(ByteView(bytes).first(351)).has_value());
    EXPECT_EQ(hash(s), crypto::keccak256(bytes));
}

TEST(PaddedTree, EqualsTheTreeOfAllLeaves) {
    const Bytes32 padding =
        hex<Bytes32>("0x0909090909090909090909090909090909090909090909090909090909090909");
    for (std::size_t given = 0; given <= 8; ++given) {
        std::vector<Bytes32> leaves(given);
        for (std::size_t i = 0; i < given; ++i) leaves[i][0] = static_cast<std::uint8_t>(i + 1);
        const PaddedTree tree(leaves, padding, 3);
        leaves.resize(8, padding);
        std::vector<Bytes32> row = leaves;
        for (unsigned depth = 3;; --depth) {
            for (std::size_t i = 0; i < row.size(); ++i) EXPECT_EQ(tree.node(depth, i), row[i]);
            if (depth == 0) break;
            for (std::size_t i = 0; i < row.size() / 2; ++i)
                row[i] = parent_of(row[2 * i], row[2 * i + 1]);
            row.resize(row.size() / 2);
        }
        for (std::size_t i = 0; i < 8; ++i)
            EXPECT_EQ(root_of(leaves[i], i, tree.path(i)), tree.root());
    }
}

TEST(Preimages, KeysNameTheirKind) {
    const Bytes32 h =
        hex<Bytes32>("0xaabbccddeeff00112233445566778899aabbccddeeff00112233445566778899");
    EXPECT_EQ(local_key(0),
              hex<Bytes32>("0x0100000000000000000000000000000000000000000000000000000000000000"));
    EXPECT_EQ(local_key(0x0102),
              hex<Bytes32>("0x0100000000000000000000000000000000000000000000000000000000000102"));
    EXPECT_EQ(keccak256_key(h),
              hex<Bytes32>("0x02bbccddeeff00112233445566778899aabbccddeeff00112233445566778899"));
    EXPECT_EQ(sha256_key(h),
              hex<Bytes32>("0x04bbccddeeff00112233445566778899aabbccddeeff00112233445566778899"));
    EXPECT_EQ(blob_key(h),
              hex<Bytes32>("0x05bbccddeeff00112233445566778899aabbccddeeff00112233445566778899"));
}

}  // namespace
}  // namespace mezz::riscv
