// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// What the official vectors do not show: the struct logger, and instructions that cannot be paid.

#include <gtest/gtest.h>

#include "core/exec/exec_test.hpp"
#include "node/ingest/rpc/tracers/call_tracer.hpp"
#include "node/ingest/rpc/tracers/prestate_tracer.hpp"
#include "node/ingest/rpc/tracers/status_text.hpp"
#include "node/ingest/rpc/tracers/struct_logger.hpp"

namespace mezz::trace {
namespace {

using namespace exec::test;
using namespace evm;

constexpr Address CALLEE = hex<Address>("0x00000000000000000000000000000000000ca11e");

/// Calls CALLEE with 1000 gas and stops.
Bytes call_callee() {
    Bytes code{OP_PUSH0, OP_PUSH0, OP_PUSH0, OP_PUSH0, OP_PUSH0, 0x73};
    append(code, CALLEE);
    for (const int byte : {0x61, 0x03, 0xe8}) code.push_back(static_cast<std::uint8_t>(byte));
    code.push_back(OP_CALL);
    code.push_back(OP_STOP);
    return code;
}

std::uint64_t apply(World& w, Observer& observer, std::uint64_t gas_limit) {
    exec::BlockExecutor executor(w.view, w.spec, w.block, w.hashes);
    executor.set_observer(&observer);
    Transaction txn = transfer();
    txn.gas_limit = gas_limit;
    txn.value = {};
    const auto receipt = executor.apply(txn, SENDER);
    EXPECT_TRUE(receipt);
    return executor.gas_used();
}

TEST(struct_logger, costs_of_all_instructions_and_the_base_add_up) {
    World w;
    w.view.set(RECIPIENT, 1, {}, call_callee());
    w.view.set(CALLEE, 1, {}, {OP_PUSH0, OP_PUSH0, OP_SSTORE});  // fails: 1000 gas are too few
    StructLogger logger({});
    const std::uint64_t gas_used = apply(w, logger, 100'000);
    const auto logs = logger.take();
    ASSERT_EQ(logs.size(), 12u);
    std::int64_t outer = 0;
    for (const StructLog& log : logs) outer += log.depth == 1 ? log.gas_cost : 0;
    EXPECT_EQ(gas_used, static_cast<std::uint64_t>(outer) + 21000);
    EXPECT_EQ(logs[7].gas_cost, 2600 + 1000);  // the call: a cold account, and what it passed on
    EXPECT_EQ(logs[8].depth, 2);
    EXPECT_EQ(logs[10].error, "out of gas");
    EXPECT_EQ(logs[6].stack.size(), 6u);
}

TEST(struct_logger, storage_is_what_the_frame_has_met) {
    World w;
    w.view.set(RECIPIENT, 1, {},
               {OP_PUSH1, 7, OP_PUSH1, 1, OP_SSTORE, OP_PUSH1, 2, OP_SLOAD, OP_STOP},
               {{to_bytes32(2), 9}});
    StructLogger logger({});
    apply(w, logger, 100'000);
    const auto logs = logger.take();
    ASSERT_EQ(logs.size(), 6u);
    const std::map<Bytes32, Bytes32> both{{to_bytes32(1), to_bytes32(7)},
                                          {to_bytes32(2), to_bytes32(9)}};
    EXPECT_EQ(logs[4].storage, both);
    EXPECT_FALSE(logs[3].storage);
}

TEST(struct_logger, a_limit_ends_the_entries) {
    World w;
    w.view.set(RECIPIENT, 1, {}, {OP_PUSH0, OP_PUSH0, OP_PUSH0});
    StructLogger logger({.limit = 2});
    apply(w, logger, 100'000);
    EXPECT_EQ(logger.logs().size(), 2u);
}

TEST(prestate_tracer, an_instruction_that_cannot_be_paid_names_nothing) {
    World w;
    w.view.set(RECIPIENT, 1, {}, {OP_PUSH0, OP_SLOAD, OP_STOP}, {{Bytes32{}, 5}});
    for (const bool pays : {true, false}) {
        PrestateTracer tracer(w.view, {});
        tracer.begin(transfer(), SENDER, COINBASE);
        apply(w, tracer, pays ? 50'000 : 21'100);
        EXPECT_EQ(tracer.prestate().at(RECIPIENT).storage.size(), pays ? 1u : 0u);
    }
}

TEST(call_tracer, an_undefined_instruction_is_named) {
    World w;
    w.view.set(RECIPIENT, 1, {}, {0x0c});
    CallTracer tracer({});
    const std::uint64_t gas_used = apply(w, tracer, 50'000);
    const CallFrame top = tracer.finish(50'000, gas_used);
    EXPECT_EQ(top.error, "invalid opcode: opcode 0xc not defined");
    EXPECT_EQ(top.gas_used, 50'000u);
}

TEST(revert_reason, is_total) {
    Bytes data{0x08, 0xc3, 0x79, 0xa0};
    EXPECT_EQ(revert_reason(data), std::nullopt);
    append(data, to_bytes32(32));
    EXPECT_EQ(revert_reason(data), std::nullopt);
    append(data, to_bytes32(2));
    EXPECT_EQ(revert_reason(data), std::nullopt);
    data.push_back('o');
    data.push_back('k');
    EXPECT_EQ(revert_reason(data), "ok");
    for (std::size_t i = 4; i < 36; ++i) data[i] = 0xff;
    EXPECT_EQ(revert_reason(data), std::nullopt);
    Bytes panic{0x4e, 0x48, 0x7b, 0x71};
    append(panic, to_bytes32(0x11));
    EXPECT_EQ(revert_reason(panic), "arithmetic underflow or overflow");
    panic.back() = 0x99;
    EXPECT_EQ(revert_reason(panic), "unknown panic code: 0x99");
}

}  // namespace
}  // namespace mezz::trace
