// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// What the official vectors do not show: the struct logger, and instructions that cannot be paid.

#include <gtest/gtest.h>

#include "core/exec/exec_test.hpp"
#include "node/ingest/rpc/tracers/flat_calls.hpp"
#include "node/ingest/rpc/tracers/four_byte_tracer.hpp"
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

TEST(struct_logger, keeping_code_is_paid_by_the_creation) {
    World w;
    // Creates a contract of 32 zero bytes: the initcode is PUSH1 32 PUSH0 RETURN.
    w.view.set(RECIPIENT, 1, {},
               {0x63, 0x60, 0x20, OP_PUSH0, OP_RETURN, OP_PUSH1, 224, OP_SHL, OP_PUSH0, OP_MSTORE,
                OP_PUSH1, 4, OP_PUSH0, OP_PUSH0, OP_CREATE, OP_STOP});
    StructLogger logger({});
    const std::uint64_t gas_used = apply(w, logger, 200'000);
    const auto logs = logger.take();
    ASSERT_EQ(logs.size(), 13u);
    EXPECT_EQ(logs[8].opcode, OP_CREATE);
    EXPECT_EQ(logs[8].gas_cost, 32'000 + 2);
    EXPECT_EQ(logs[11].opcode, OP_RETURN);
    EXPECT_EQ(logs[11].gas_cost, 3);
    std::int64_t sum = 21'000 + 32 * 200;
    for (const StructLog& log : logs) sum += log.gas_cost;
    EXPECT_EQ(gas_used, static_cast<std::uint64_t>(sum));
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

TEST(call_tracer, a_store_with_the_stipend_alone_is_named) {
    World w;
    w.view.set(RECIPIENT, 1, {}, {OP_PUSH1, 7, OP_PUSH0, OP_SSTORE});
    for (const auto& [gas, error] :
         {std::pair{23'305, "out of gas: not enough gas for reentrancy sentry"},
          std::pair{23'306, "out of gas"}}) {
        CallTracer tracer({});
        const std::uint64_t limit = static_cast<std::uint64_t>(gas);
        const std::uint64_t gas_used = apply(w, tracer, limit);
        EXPECT_EQ(tracer.finish(limit, gas_used).error, error);
    }
}

TEST(call_tracer, what_blake2f_refuses_is_named) {
    Address blake2f;
    blake2f[19] = 9;
    for (const auto& [size, flag, error] :
         {std::tuple{212, 0, "invalid input length"}, std::tuple{213, 2, "invalid final flag"},
          std::tuple{213, 1, ""}}) {
        World w;
        Bytes code{OP_PUSH1, static_cast<std::uint8_t>(flag), OP_PUSH1, 212, OP_MSTORE8};
        code.insert(code.end(), {OP_PUSH0, OP_PUSH0, OP_PUSH1, static_cast<std::uint8_t>(size)});
        code.insert(code.end(), {OP_PUSH0, 0x73});
        append(code, blake2f);
        code.insert(code.end(), {OP_GAS, OP_STATICCALL});
        w.view.set(RECIPIENT, 1, {}, code);
        CallTracer tracer({});
        const std::uint64_t gas_used = apply(w, tracer, 100'000);
        EXPECT_EQ(tracer.finish(100'000, gas_used).calls.at(0).error, error);
    }
}

TEST(call_tracer, the_depth_of_selfdestructs_is_that_of_their_frame) {
    World w;
    Bytes heir{0x73};
    append(heir, SENDER);
    heir.push_back(OP_SELFDESTRUCT);
    w.view.set(RECIPIENT, 1, {}, heir);
    CallTracer tracer({});
    const std::uint64_t gas_used = apply(w, tracer, 100'000);
    const auto list = flatten(tracer.finish(100'000, gas_used), Revision::osaka, {});
    ASSERT_EQ(list.size(), 2u);
    EXPECT_EQ(list[1].frame.opcode, OP_SELFDESTRUCT);
    EXPECT_EQ(list[1].address, std::vector<std::size_t>{0});
    EXPECT_FALSE(list[1].has_result);
}

/// A frame with calls of a precompile, of code that fails in a precompile, and of a contract.
CallFrame family() {
    const auto call = [](std::uint8_t opcode, const Address& to, std::string error = {}) {
        CallFrame f;
        f.opcode = opcode;
        f.to = to;
        if (opcode != OP_STATICCALL) f.value.emplace();
        f.error = std::move(error);
        return f;
    };
    Address identity;
    identity[19] = 4;
    CallFrame top = call(OP_CALL, RECIPIENT);
    CallFrame middle = call(OP_CALL, CALLEE, "execution reverted");
    middle.calls.push_back(call(OP_STATICCALL, CALLEE, "stack underflow (0 <=> 1)"));
    top.calls = {call(OP_STATICCALL, identity), middle, call(OP_DELEGATECALL, identity, "odd")};
    return top;
}

TEST(flatten, goes_depth_first_and_hides_calls_of_precompiles) {
    const auto list = flatten(family(), Revision::osaka, {});
    ASSERT_EQ(list.size(), 4u);  // a DELEGATECALL of a precompile stays
    using Way = std::vector<std::size_t>;
    EXPECT_EQ(list[0].address, Way{});
    EXPECT_EQ(list[1].address, Way{0});
    EXPECT_EQ(list[2].address, (Way{0, 0}));
    EXPECT_EQ(list[3].address, Way{1});
    EXPECT_EQ(list[0].subtraces, 2u);
    EXPECT_EQ(list[1].subtraces, 1u);
    EXPECT_EQ(list[2].frame.value, uint256{});
}

TEST(flatten, shows_precompiles_where_asked) {
    const auto list = flatten(family(), Revision::osaka, {.include_precompiles = true});
    ASSERT_EQ(list.size(), 5u);
    EXPECT_EQ(list[0].subtraces, 3u);
    EXPECT_EQ(list[1].frame.opcode, OP_STATICCALL);
}

TEST(flatten, only_success_and_revert_have_a_result) {
    const auto list = flatten(family(), Revision::osaka, {});
    EXPECT_TRUE(list[0].has_result);
    EXPECT_TRUE(list[1].has_result);
    EXPECT_FALSE(list[2].has_result);
    EXPECT_FALSE(list[3].has_result);
}

TEST(flatten, converts_the_words_of_errors_where_asked) {
    const auto kept = flatten(family(), Revision::osaka, {});
    EXPECT_EQ(kept[1].frame.error, "execution reverted");
    const auto list = flatten(family(), Revision::osaka, {.convert_errors = true});
    EXPECT_EQ(list[1].frame.error, "Reverted");
    EXPECT_EQ(list[2].frame.error, "Stack underflow");
    EXPECT_EQ(list[3].frame.error, "odd");
    EXPECT_TRUE(list[1].has_result);
    CallFrame sentry;
    sentry.error = "out of gas: not enough gas for reentrancy sentry";
    const auto top = flatten(sentry, Revision::osaka, {.convert_errors = true});
    EXPECT_EQ(top[0].frame.error, "Out of gas");
}

/// Calls `target` with the first `size` bytes of memory, which start with 1234.
Bytes call_with_input(const Address& target, std::uint8_t opcode, std::uint8_t size) {
    Bytes code{0x61, 0x12, 0x34, OP_PUSH1, 240, OP_SHL, OP_PUSH0, OP_MSTORE, OP_PUSH0, OP_PUSH0};
    code.insert(code.end(), {OP_PUSH1, size, OP_PUSH0});
    if (opcode == OP_CALL) code.push_back(OP_PUSH0);
    code.push_back(0x73);
    append(code, target);
    code.insert(code.end(), {OP_GAS, opcode});
    return code;
}

TEST(four_byte_tracer, counts_selectors_by_the_size_of_their_arguments) {
    World w;
    Address identity;
    identity[19] = 4;
    Bytes code = call_with_input(CALLEE, OP_CALL, 36);
    append(code, call_with_input(CALLEE, OP_STATICCALL, 36));
    append(code, call_with_input(CALLEE, OP_CALL, 4));
    append(code, call_with_input(CALLEE, OP_CALL, 3));     // no selector
    append(code, call_with_input(identity, OP_CALL, 36));  // a precompile
    w.view.set(RECIPIENT, 1, {}, code);
    FourByteTracer tracer(Revision::osaka);
    apply(w, tracer, 200'000);
    const std::map<std::string, std::uint64_t> expected{{"0x12340000-32", 2}, {"0x12340000-0", 1}};
    EXPECT_EQ(tracer.counts(), expected);
}

TEST(four_byte_tracer, leaves_creations_out) {
    World w;
    w.view.set(RECIPIENT, 1, {}, {OP_PUSH1, 8, OP_PUSH0, OP_PUSH0, OP_CREATE});
    FourByteTracer tracer(Revision::osaka);
    apply(w, tracer, 200'000);
    EXPECT_TRUE(tracer.counts().empty());
}

TEST(observer, that_stops_ends_execution_before_the_next_instruction) {
    struct Stopper final : Observer {
        void on_step(const Step&) override { ++steps; }
        [[nodiscard]] bool stops() const override { return steps == 3; }
        void on_exit(Status s, std::int64_t, ByteView) override { status = s; }
        int steps = 0;
        Status status = Status::success;
    };
    World w;
    w.view.set(RECIPIENT, 1, {}, {OP_JUMPDEST, OP_PUSH0, OP_JUMP});  // for ever
    Stopper stopper;
    EXPECT_EQ(apply(w, stopper, 5'000'000), 5'000'000u);
    EXPECT_EQ(stopper.steps, 3);
    EXPECT_EQ(stopper.status, Status::out_of_gas);
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
