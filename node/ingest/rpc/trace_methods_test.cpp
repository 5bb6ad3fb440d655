// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// debug_trace* on a small chain. The tracers' own rules are tested in tracers/.

#include "core/types/block.hpp"
#include "node/ingest/rpc/test_chain.hpp"
#include "node/ingest/rpc/trace_options.hpp"

namespace mezz::rpc::test {
namespace {

class Trace : public RpcTest {
protected:
    /// A block of a transfer and two calls of the contract; the second finds its slot written.
    Trace() {
        std::vector<Transaction> txns{signed_by(make(other, uint256{5}), key),
                                      signed_by(make(contract), key),
                                      signed_by(make(contract), key)};
        number = mine(txns);
        const auto stored = chain->block(number);
        hashes = (**stored).transaction_hashes;
        block_hash = (**stored).hash;
    }
    /// The parameters [hash of transaction `index`, config].
    [[nodiscard]] std::string of(std::size_t index, const std::string& config = "{}") const {
        return "[" + text(hashes[index]) + "," + config + "]";
    }
    std::string gas_used(std::size_t index) {
        return member("eth_getTransactionReceipt", "[" + text(hashes[index]) + "]", "/gasUsed");
    }
    std::string error(std::string_view method, std::string_view params) {
        const std::string answer = call(method, params);
        EXPECT_NE(answer.find("\"error\""), std::string::npos) << answer;
        const auto at = answer.find("\"message\":\"");
        return at == std::string::npos
                   ? answer
                   : answer.substr(at + 11, answer.find('"', at + 11) - at - 11);
    }
    static std::string tracer(std::string_view name, std::string_view config = "{}") {
        return R"({"tracer":")" + std::string(name) + R"(","tracerConfig":)" + std::string(config) +
               "}";
    }

    std::uint64_t number = 0;
    std::vector<Bytes32> hashes;  ///< of the attributes deposit and the three
    Bytes32 block_hash;
};

const std::string seven = "0x" + std::string(63, '0') + "7";
const std::string zero_slot = "0x" + std::string(64, '0');
/// Called without data: a transaction object for debug_traceCall.
std::string call_of_contract(const std::string& more = "") {
    return R"({"from":"0x00000000000000000000000000000000000000aa","to":)" +
           std::string("\"0x00000000000000000000000000000000000000cc\"") + more + "}";
}

TEST_F(Trace, steps_are_those_of_the_transaction) {
    const std::string params = of(2);
    EXPECT_EQ(member("debug_traceTransaction", params, "/failed"), "false");
    EXPECT_EQ(member("debug_traceTransaction", params, "/returnValue"), "\"" + seven + "\"");
    EXPECT_EQ(member("debug_traceTransaction", params, "/structLogs/0/op"), "\"CALLDATASIZE\"");
    EXPECT_EQ(member("debug_traceTransaction", params, "/structLogs/5/op"), "\"SSTORE\"");
    EXPECT_EQ(member("debug_traceTransaction", params, "/structLogs/5/storage/" + zero_slot),
              "\"" + seven + "\"");
    EXPECT_EQ(member("debug_traceTransaction", params, "/structLogs/5/memory"), "(none)");
    const std::string bare = of(2, R"({"disableStack":true,"disableStorage":true,"limit":6})");
    EXPECT_EQ(member("debug_traceTransaction", bare, "/structLogs/5/storage"), "(none)");
    EXPECT_EQ(member("debug_traceTransaction", bare, "/structLogs/5/stack"), "(none)");
    EXPECT_EQ(member("debug_traceTransaction", bare, "/structLogs/6"), "(none)");
    const std::string full = of(2, R"({"enableMemory":true})");
    EXPECT_EQ(member("debug_traceTransaction", full, "/structLogs/9/memory/0"),
              "\"" + seven + "\"");
}

TEST_F(Trace, a_plain_transfer_has_no_steps) {
    EXPECT_EQ(result("debug_traceTransaction", of(1)),
              R"({"gas":21000,"failed":false,"returnValue":"0x","structLogs":[]})");
}

TEST_F(Trace, earlier_transactions_of_the_block_have_happened) {
    const std::string first =
        member("debug_traceTransaction", of(2, tracer("callTracer")), "/gasUsed");
    const std::string second =
        member("debug_traceTransaction", of(3, tracer("callTracer")), "/gasUsed");
    EXPECT_EQ(first, gas_used(2));
    EXPECT_EQ(second, gas_used(3));
    EXPECT_NE(first, second);  // the slot is written once
    EXPECT_EQ(member("debug_traceTransaction", of(3, tracer("prestateTracer")),
                     "/0x00000000000000000000000000000000000000cc/storage/" + zero_slot),
              "\"" + seven + "\"");
}

TEST_F(Trace, call_tracer_tells_the_frame) {
    const std::string params = of(2, tracer("callTracer", R"({"withLog":true})"));
    EXPECT_EQ(member("debug_traceTransaction", params, "/type"), "\"CALL\"");
    EXPECT_EQ(member("debug_traceTransaction", params, "/from"), text(sender));
    EXPECT_EQ(member("debug_traceTransaction", params, "/to"), text(contract));
    EXPECT_EQ(member("debug_traceTransaction", params, "/output"), "\"" + seven + "\"");
    EXPECT_EQ(member("debug_traceTransaction", params, "/logs/0/address"), text(contract));
    EXPECT_EQ(member("debug_traceTransaction", of(2, tracer("callTracer")), "/logs"), "(none)");
}

TEST_F(Trace, prestate_tracer_tells_what_changed) {
    const std::string params = of(2, tracer("prestateTracer", R"({"diffMode":true})"));
    const std::string slot = "/0x00000000000000000000000000000000000000cc/storage/" + zero_slot;
    EXPECT_EQ(member("debug_traceTransaction", params, "/post" + slot), "\"" + seven + "\"");
    EXPECT_EQ(member("debug_traceTransaction", params, "/pre" + slot), "(none)");
}

TEST_F(Trace, flat_call_tracer_says_where) {
    const std::string params = of(2, tracer("flatCallTracer"));
    EXPECT_EQ(member("debug_traceTransaction", params, "/0/action/callType"), "\"call\"");
    EXPECT_EQ(member("debug_traceTransaction", params, "/0/blockHash"), text(block_hash));
    EXPECT_EQ(member("debug_traceTransaction", params, "/0/blockNumber"), "1");
    EXPECT_EQ(member("debug_traceTransaction", params, "/0/transactionHash"), text(hashes[2]));
    EXPECT_EQ(member("debug_traceTransaction", params, "/0/transactionPosition"), "2");
    EXPECT_EQ(member("debug_traceTransaction", params, "/0/result/gasUsed"), gas_used(2));
    EXPECT_EQ(member("debug_traceTransaction", params, "/0/traceAddress"), "[]");
}

TEST_F(Trace, mux_tracer_runs_several) {
    const std::string config =
        R"({"prestateTracer":{"diffMode":true},"callTracer":null,"noopTracer":{},"4byteTracer":{}})";
    const std::string all = result("debug_traceTransaction", of(2, tracer("muxTracer", config)));
    const auto alone = [&](std::string_view name, std::string_view own = "{}") {
        return result("debug_traceTransaction", of(2, tracer(name, own)));
    };
    EXPECT_EQ(alone("noopTracer"), "{}");
    EXPECT_EQ(alone("4byteTracer"), "{}");
    EXPECT_EQ(all, R"({"4byteTracer":{},"callTracer":)" + alone("callTracer") +
                       R"(,"noopTracer":{},"prestateTracer":)" +
                       alone("prestateTracer", R"({"diffMode":true})") + "}");
}

TEST_F(Trace, a_block_is_all_its_transactions) {
    for (const std::string& config : {std::string("{}"), tracer("callTracer"),
                                      tracer("prestateTracer", R"({"diffMode":true})")}) {
        std::string expected = "[";
        for (std::size_t i = 0; i < hashes.size(); ++i)
            expected += (i == 0 ? "" : ",") + std::string(R"({"txHash":)") + text(hashes[i]) +
                        R"(,"result":)" + result("debug_traceTransaction", of(i, config)) + "}";
        expected += "]";
        EXPECT_EQ(result("debug_traceBlockByNumber", "[\"0x1\"," + config + "]"), expected);
        EXPECT_EQ(result("debug_traceBlockByHash", "[" + text(block_hash) + "," + config + "]"),
                  expected);
        const std::string raw = result("debug_getRawBlock", "[\"0x1\"]");
        EXPECT_EQ(result("debug_traceBlock", "[" + raw + "," + config + "]"), expected);
    }
}

TEST_F(Trace, a_deposit_is_traced_from_its_depositor) {
    const std::string params = of(0, tracer("callTracer"));
    EXPECT_EQ(member("debug_traceTransaction", params, "/from"),
              "\"0xdeaddeaddeaddeaddeaddeaddeaddeaddead0001\"");
    EXPECT_EQ(member("debug_traceTransaction", params, "/gasUsed"), gas_used(0));
}

TEST_F(Trace, what_is_not_there_is_named) {
    EXPECT_EQ(error("debug_traceTransaction", "[" + text(Bytes32{}) + "]"),
              "transaction not found");
    EXPECT_EQ(error("debug_traceBlockByNumber", "[\"0x0\"]"), "genesis is not traceable");
    EXPECT_EQ(error("debug_traceBlockByNumber", "[\"0x63\"]"), "block #99 not found");
    EXPECT_EQ(error("debug_traceBlockByHash", "[" + text(Bytes32{}) + "]"),
              "block " + zero_slot + " not found");
    EXPECT_EQ(error("debug_traceTransaction", of(1, tracer("badTracer"))), "tracer not found");
    EXPECT_EQ(error("debug_traceTransaction", of(1, tracer("muxTracer", R"({"badTracer":{}})"))),
              "tracer not found");
    EXPECT_EQ(error("debug_traceBlock", "[\"0xc0\"]"), "could not decode block: rlp: malformed");
    const std::string genesis = result("debug_getRawBlock", "[\"0x0\"]");
    EXPECT_EQ(error("debug_traceBlock", "[" + genesis + "]"), "genesis is not traceable");
    EXPECT_EQ(error("debug_traceCall", "[" + call_of_contract() + ",\"pending\"]"),
              "tracing on top of pending is not supported");
    EXPECT_EQ(error("debug_traceCall", "[" + call_of_contract() + ",\"0x63\"]"), "block not found");
    EXPECT_EQ(error("debug_traceCall", "[" + call_of_contract() + R"(,"latest",{"txIndex":"0x0"}])")
                  .substr(0, 9),
              "params[2]");
}

TEST_F(Trace, a_block_on_another_parent_is_refused) {
    const auto stored = chain->block(number);
    Block block{(**stored).header, (**stored).transactions, {}, {}};
    block.withdrawals.emplace();
    block.header.parent_hash = Bytes32{};
    EXPECT_EQ(error("debug_traceBlock", "[" + text(encode(block)) + "]"),
              "block " + zero_slot + " not found");
}

TEST_F(Trace, a_transaction_that_is_not_valid_says_why) {
    const auto stored = chain->block(number);
    Block block{(**stored).header, {(**stored).transactions[2]}, {}, {}};
    block.withdrawals.emplace();
    EXPECT_EQ(error("debug_traceBlock", "[" + text(encode(block)) + "]"),
              "tracing failed: NONCE_MISMATCH_TOO_HIGH");
}

TEST_F(Trace, a_deposit_of_more_gas_than_any_block_has_is_refused) {
    const auto stored = chain->block(number);
    for (const auto& [gas, message] :
         {std::pair{50'000'000ull, ""},
          std::pair{50'000'001ull, "tracing failed: gas limit too high"}}) {
        Block block{(**stored).header, {attributes()}, {}, {}};
        block.transactions[0].gas_limit = gas;
        block.withdrawals.emplace();
        const std::string params = "[" + text(encode(block)) + "]";
        if (*message == 0)
            EXPECT_EQ(member("debug_traceBlock", params, "/0/result/failed"), "false");
        else
            EXPECT_EQ(error("debug_traceBlock", params), message);
    }
}

TEST_F(Trace, a_timeout_ends_execution) {
    EXPECT_EQ(error("debug_traceTransaction", of(2, R"({"timeout":"0s"})")), "execution timeout");
    EXPECT_EQ(error("debug_traceBlockByNumber", R"(["0x1",{"timeout":"0s"}])"),
              "execution timeout");
    EXPECT_EQ(error("debug_traceTransaction", of(2, R"({"timeout":"soon"})")).substr(0, 17),
              "params[1].timeout");
    // A transfer makes no step at which anything could be looked at.
    EXPECT_EQ(member("debug_traceTransaction", of(1, R"({"timeout":"0s"})"), "/gas"), "21000");
}

TEST_F(Trace, an_answer_that_is_too_large_is_refused) {
    RpcOptions options;
    options.max_trace_bytes = 1000;
    server = std::make_unique<RpcServer>(*chain, pool, std::move(options));
    EXPECT_EQ(error("debug_traceTransaction", of(2)), "trace is larger than 1000 bytes");
    EXPECT_EQ(error("debug_traceBlockByNumber", "[\"0x1\"," + tracer("prestateTracer") + "]"),
              "trace is larger than 1000 bytes");
    EXPECT_EQ(member("debug_traceTransaction", of(1), "/gas"), "21000");
}

TEST_F(Trace, a_call_sees_the_state_after_the_block) {
    const std::string params = "[" + call_of_contract() + ",\"0x1\"," + tracer("callTracer") + "]";
    EXPECT_EQ(member("debug_traceCall", params, "/output"), "\"" + seven + "\"");
    const std::string old = "[" + call_of_contract() + ",\"0x0\"," + tracer("callTracer") + "]";
    EXPECT_NE(member("debug_traceCall", params, "/gasUsed"),
              member("debug_traceCall", old, "/gasUsed"));
    const std::string fails =
        "[" + call_of_contract(R"(,"data":"0x01")") + ",\"latest\"," + tracer("callTracer") + "]";
    EXPECT_EQ(member("debug_traceCall", fails, "/error"), "\"execution reverted\"");
    EXPECT_EQ(member("debug_traceCall", fails, "/revertReason"), "\"no\"");
    const std::string steps = "[" + call_of_contract(R"(,"data":"0x01")") + ",\"latest\"]";
    EXPECT_EQ(member("debug_traceCall", steps, "/failed"), "true");
    EXPECT_EQ(member("debug_traceCall", steps, "/structLogs/0/op"), "\"CALLDATASIZE\"");
}

TEST_F(Trace, a_call_can_pretend_state_and_block) {
    // NUMBER PUSH0 MSTORE PUSH1 32 PUSH0 RETURN
    const std::string config =
        R"({"tracer":"callTracer","stateOverrides":{"0x00000000000000000000000000000000000000cc":)"
        R"({"code":"0x435f5260205ff3"}},"blockOverrides":{"number":"0x7"}})";
    EXPECT_EQ(member("debug_traceCall", "[" + call_of_contract() + ",\"latest\"," + config + "]",
                     "/output"),
              "\"" + seven + "\"");
}

TEST_F(Trace, a_call_tells_what_it_would_change) {
    const std::string config =
        R"({"tracer":"prestateTracer","tracerConfig":{"diffMode":true},)"
        R"("stateOverrides":{"0x00000000000000000000000000000000000000cc":{"stateDiff":{")" +
        zero_slot + "\":\"0x" + std::string(63, '0') + "9\"}}}}";
    const std::string params = "[" + call_of_contract() + ",\"latest\"," + config + "]";
    const std::string slot = "/0x00000000000000000000000000000000000000cc/storage/" + zero_slot;
    EXPECT_EQ(member("debug_traceCall", params, "/pre" + slot),
              "\"0x" + std::string(63, '0') + "9\"");
    EXPECT_EQ(member("debug_traceCall", params, "/post" + slot), "\"" + seven + "\"");
}

TEST(parse_duration, reads_what_go_writes) {
    using std::chrono::milliseconds;
    EXPECT_EQ(parse_duration("5s"), milliseconds(5000));
    EXPECT_EQ(parse_duration("1m30s"), milliseconds(90'000));
    EXPECT_EQ(parse_duration("500ms"), milliseconds(500));
    EXPECT_EQ(parse_duration("1.5h"), milliseconds(5'400'000));
    EXPECT_EQ(parse_duration("0"), milliseconds(0));
    for (const char* wrong : {"", "5", "s", "5x", "-5s", "1..5s", ".s", "5 s", "9999999999h"})
        EXPECT_EQ(parse_duration(wrong), std::nullopt) << wrong;
}

}  // namespace
}  // namespace mezz::rpc::test
