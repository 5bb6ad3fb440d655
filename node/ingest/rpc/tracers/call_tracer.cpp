// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/tracers/call_tracer.hpp"

#include <algorithm>

#include "core/crypto/blake2f.hpp"
#include "core/vm/evm/opcodes.hpp"
#include "node/ingest/rpc/tracers/status_text.hpp"
#include "node/ingest/rpc/tracers/step_log.hpp"

namespace mezz::trace {
namespace {

bool is_call(std::uint8_t opcode) {
    return opcode == evm::OP_CALL || opcode == evm::OP_CALLCODE || opcode == evm::OP_DELEGATECALL ||
           opcode == evm::OP_STATICCALL;
}
bool is_create(std::uint8_t opcode) {
    return opcode == evm::OP_CREATE || opcode == evm::OP_CREATE2;
}

/// Logs of a failed frame, and of all frames below it, did not happen.
void drop_failed_logs(CallFrame& frame, bool failed, std::uint64_t& next_index) {
    failed |= !frame.error.empty();
    if (failed) frame.logs.clear();
    std::size_t log = 0;
    for (std::size_t call = 0; call <= frame.calls.size(); ++call) {
        for (; log < frame.logs.size() && frame.logs[log].position == call; ++log)
            frame.logs[log].index = next_index++;
        if (call < frame.calls.size()) drop_failed_logs(frame.calls[call], failed, next_index);
    }
}

}  // namespace

void CallTracer::on_step(const Step& step) {
    opcode_ = step.opcode;
    gas_left_ = step.gas_left;
    const auto stack = step.stack;
    const auto top = [&](std::size_t i) -> const uint256& { return stack[stack.size() - 1 - i]; };
    if (is_call(opcode_) && stack.size() >= 2) target_ = to_address(top(1));
    if (!options_.with_log || (options_.only_top_call && depth_ > 1)) return;
    auto written = logged_by(step);
    if (!written) return;
    CallFrame& frame = open_.back();
    CallLog log;
    log.address = written->address;
    log.topics = std::move(written->topics);
    log.data = std::move(written->data);
    log.position = frame.calls.size();
    // A LOG that runs out of gas fails its frame, which drops this entry again.
    size_bytes_ += sizeof log + log.data.size();
    frame.logs.push_back(std::move(log));
}

void CallTracer::on_enter(const evm::Message& message, const Address& create_address) {
    if (depth_++ > 0 && options_.only_top_call) return;
    CallFrame frame;
    const bool creates =
        message.kind == evm::CallKind::create || message.kind == evm::CallKind::create2;
    const bool nested = message.depth > 0;
    frame.opcode = nested    ? opcode_
                   : creates ? std::uint8_t{evm::OP_CREATE}
                             : std::uint8_t{evm::OP_CALL};
    // DELEGATECALL keeps its caller's sender; the frame that makes it is the recipient.
    frame.from = message.kind == evm::CallKind::delegate_call ? message.recipient : message.sender;
    frame.to = creates ? create_address : nested ? target_ : message.recipient;
    frame.gas = static_cast<std::uint64_t>(message.gas);
    if (frame.opcode != evm::OP_STATICCALL) frame.value = message.value;
    frame.input = to_bytes(message.input);
    size_bytes_ += sizeof frame + frame.input.size();
    open_.push_back(std::move(frame));
}

void CallTracer::on_exit(evm::Status status, std::int64_t gas_left, ByteView output) {
    if (--depth_ > 0 && options_.only_top_call) return;
    CallFrame frame = std::move(open_.back());
    open_.pop_back();
    frame.gas_used = frame.gas - static_cast<std::uint64_t>(gas_left);
    frame.error = status_text(status);
    if (status == evm::Status::undefined_instruction) {
        const std::string name = opcode_name(opcode_);
        std::string number;
        if (opcode_ >= 16) number += "0123456789abcdef"[opcode_ >> 4];
        number += "0123456789abcdef"[opcode_ & 15];
        frame.error += name.empty() ? ": opcode 0x" + number + " not defined" : ": " + name;
    }
    // The one precompile whose reasons the vectors name. spec: EIP-152.
    if (status == evm::Status::precompile_failure && frame.to &&
        to_uint256(*frame.to) == uint256{9})
        frame.error = frame.input.size() == crypto::BLAKE2F_INPUT_SIZE ? "invalid final flag"
                                                                       : "invalid input length";
    // spec: EIP-2200: SSTORE fails where no more than the stipend is left.
    constexpr std::int64_t CALL_STIPEND = 2'300;
    if (status == evm::Status::out_of_gas && opcode_ == evm::OP_SSTORE && gas_left_ <= CALL_STIPEND)
        frame.error += ": not enough gas for reentrancy sentry";
    if (status == evm::Status::success || status == evm::Status::revert)
        frame.output = to_bytes(output);
    if (status == evm::Status::revert)
        frame.revert_reason = revert_reason(output).value_or(std::string());
    size_bytes_ += frame.output.size() + frame.revert_reason.size();
    if (status != evm::Status::success && is_create(frame.opcode)) frame.to.reset();
    if (open_.empty())
        top_ = std::move(frame);
    else
        open_.back().calls.push_back(std::move(frame));
}

void CallTracer::on_selfdestruct(const Address& contract, const Address& heir,
                                 const uint256& balance) {
    if (options_.only_top_call) return;
    CallFrame frame;
    frame.opcode = evm::OP_SELFDESTRUCT;
    frame.from = contract;
    frame.to = heir;
    frame.value = balance;
    open_.back().calls.push_back(std::move(frame));
}

CallFrame CallTracer::finish(std::uint64_t gas_limit, std::uint64_t gas_used) {
    top_.gas = gas_limit;
    top_.gas_used = gas_used;
    std::uint64_t next_index = 0;
    drop_failed_logs(top_, false, next_index);
    return std::move(top_);
}

}  // namespace mezz::trace
