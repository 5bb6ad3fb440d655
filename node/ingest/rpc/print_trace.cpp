// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/print_trace.hpp"

#include <algorithm>

#include "core/vm/evm/opcodes.hpp"
#include "node/ingest/rpc/call_runner.hpp"
#include "node/ingest/rpc/tracers/status_text.hpp"

namespace mezz::rpc {
namespace {

/// A value as a hex number of 32 bytes.
void print_words(JsonWriter& out, const std::map<Bytes32, Bytes32>& storage) {
    out.object([&] {
        for (const auto& [key, value] : storage) out.field(hex_text(key)).data(value);
    });
}

void print_log(JsonWriter& out, const trace::CallLog& log) {
    out.object([&] {
        out.field("address").data(log.address);
        out.field("topics").array([&] {
            for (const Bytes32& topic : log.topics) out.data(topic);
        });
        out.field("data").data(log.data);
        out.field("index").quantity(log.index);
        out.field("position").quantity(log.position);
    });
}

void print_account(JsonWriter& out, const trace::TracedAccount& account) {
    out.object([&] {
        if (account.balance) out.field("balance").quantity(*account.balance);
        if (account.code) out.field("code").data(*account.code);
        if (account.code_hash) out.field("codeHash").data(*account.code_hash);
        if (account.nonce) out.field("nonce").number(static_cast<std::int64_t>(*account.nonce));
        if (!account.storage.empty()) print_words(out.field("storage"), account.storage);
    });
}

/// In the order of geth's fields, as all of this file.
void print_flat_action(JsonWriter& out, const trace::CallFrame& call) {
    const bool creates = call.opcode == evm::OP_CREATE || call.opcode == evm::OP_CREATE2;
    out.object([&] {
        if (call.opcode == evm::OP_SELFDESTRUCT) {
            out.field("address").data(call.from);
            if (call.value) out.field("balance").quantity(*call.value);
            if (call.to) out.field("refundAddress").data(*call.to);
            return;
        }
        std::string kind = trace::opcode_name(call.opcode);
        std::ranges::transform(kind, kind.begin(),
                               [](char c) { return static_cast<char>(c | 0x20); });
        // CREATE2 has a digit, which the line above leaves as it is.
        out.field(creates ? "creationMethod" : "callType").string(kind);
        out.field("from").data(call.from);
        out.field("gas").quantity(call.gas);
        out.field(creates ? "init" : "input").data(call.input);
        if (!creates && call.to) out.field("to").data(*call.to);
        if (call.value) out.field("value").quantity(*call.value);
    });
}

void print_flat_result(JsonWriter& out, const trace::CallFrame& call) {
    const bool creates = call.opcode == evm::OP_CREATE || call.opcode == evm::OP_CREATE2;
    out.object([&] {
        if (creates && call.to) out.field("address").data(*call.to);
        if (creates) out.field("code").data(call.output);
        out.field("gasUsed").quantity(call.gas_used);
        if (!creates) out.field("output").data(call.output);
    });
}

std::string_view flat_type(std::uint8_t opcode) {
    if (opcode == evm::OP_SELFDESTRUCT) return "suicide";
    return opcode == evm::OP_CREATE || opcode == evm::OP_CREATE2 ? "create" : "call";
}

void print_struct_log(JsonWriter& out, const trace::StructLog& log,
                      const trace::StructLogger::Options& options) {
    constexpr std::size_t WORD = 32;
    out.object([&] {
        out.field("pc").number(static_cast<std::int64_t>(log.pc));
        out.field("op").string(trace::opcode_name(log.opcode));
        out.field("gas").number(log.gas);
        out.field("gasCost").number(log.gas_cost);
        out.field("depth").number(std::int64_t{log.depth});
        if (!log.error.empty()) out.field("error").string(log.error);
        if (!options.without_stack)
            out.field("stack").array([&] {
                for (const uint256& word : log.stack) out.quantity(word);
            });
        if (options.with_return_data && !log.return_data.empty())
            out.field("returnData").data(log.return_data);
        if (options.with_memory && !log.memory.empty())
            out.field("memory").array([&] {
                for (std::size_t i = 0; i + WORD <= log.memory.size(); i += WORD)
                    out.data(ByteView(log.memory).subspan(i, WORD));
            });
        if (log.storage) print_words(out.field("storage"), *log.storage);
        if (log.refund != 0) out.field("refund").number(log.refund);
    });
}

}  // namespace

void print_call_frame(JsonWriter& out, const trace::CallFrame& frame) {
    out.object([&] {
        out.field("from").data(frame.from);
        out.field("gas").quantity(frame.gas);
        out.field("gasUsed").quantity(frame.gas_used);
        if (frame.to) out.field("to").data(*frame.to);
        out.field("input").data(frame.input);
        if (!frame.output.empty()) out.field("output").data(frame.output);
        if (!frame.error.empty()) out.field("error").string(frame.error);
        if (!frame.revert_reason.empty())
            out.field("revertReason").string(printable(frame.revert_reason));
        if (!frame.calls.empty())
            out.field("calls").array([&] {
                for (const trace::CallFrame& call : frame.calls) print_call_frame(out, call);
            });
        if (!frame.logs.empty())
            out.field("logs").array([&] {
                for (const trace::CallLog& log : frame.logs) print_log(out, log);
            });
        if (frame.value) out.field("value").quantity(*frame.value);
        out.field("type").string(trace::opcode_name(frame.opcode));
    });
}

void print_traced_state(JsonWriter& out, const trace::TracedState& state) {
    out.object([&] {
        for (const auto& entry : state)
            print_account(out.field(hex_text(entry.first)), entry.second);
    });
}

void print_state_change(JsonWriter& out, const trace::StateChange& change) {
    out.object([&] {
        print_traced_state(out.field("post"), change.post);
        print_traced_state(out.field("pre"), change.pre);
    });
}

void print_flat_calls(JsonWriter& out, const std::vector<trace::FlatCall>& calls,
                      const std::optional<TracedPlace>& place) {
    const auto hash_or_null = [&](const char* name, const Bytes32 TracedPlace::* hash) {
        JsonWriter& field = out.field(name);
        if (place)
            field.data((*place).*hash);
        else
            field.null();
    };
    const auto number = [](std::uint64_t n) { return static_cast<std::int64_t>(n); };
    const auto print = [&](const trace::FlatCall& call) {
        print_flat_action(out.field("action"), call.frame);
        hash_or_null("blockHash", &TracedPlace::block_hash);
        out.field("blockNumber").number(place ? number(place->block_number) : 0);
        if (!call.frame.error.empty()) out.field("error").string(call.frame.error);
        if (call.has_result) print_flat_result(out.field("result"), call.frame);
        out.field("subtraces").number(number(call.subtraces));
        out.field("traceAddress").array([&] {
            for (const std::size_t at : call.address) out.number(number(at));
        });
        hash_or_null("transactionHash", &TracedPlace::txn_hash);
        out.field("transactionPosition").number(place ? number(place->index) : 0);
        out.field("type").string(flat_type(call.frame.opcode));
    };
    out.array([&] {
        for (const trace::FlatCall& call : calls) out.object([&] { print(call); });
    });
}

void print_struct_trace(JsonWriter& out, const StructTrace& trace) {
    out.object([&] {
        out.field("gas").number(static_cast<std::int64_t>(trace.gas_used));
        out.field("failed").boolean(trace.failed);
        out.field("returnValue").data(trace.return_value);
        out.field("structLogs").array([&] {
            for (const trace::StructLog& log : trace.logs)
                print_struct_log(out, log, trace.options);
        });
    });
}

}  // namespace mezz::rpc
