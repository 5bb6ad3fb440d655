// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/tracers/struct_logger.hpp"

#include "core/vm/evm/opcodes.hpp"
#include "node/ingest/rpc/tracers/status_text.hpp"

namespace mezz::trace {

/// The cost of an instruction is known when the next one of its frame starts, or the frame ends.
void StructLogger::close_last(Frame& frame, std::int64_t gas_after) {
    if (frame.last) {
        StructLog& log = logs_[*frame.last];
        log.gas_cost = log.gas - gas_after + frame.came_back - frame.passed_on;
    }
    frame.last.reset();
    frame.passed_on = frame.came_back = 0;
}

void StructLogger::on_step(const Step& step) {
    if (frames_.empty()) return;
    Frame& frame = frames_.back();
    close_last(frame, step.gas_left);
    if (reads_ && !step.stack.empty()) {
        auto& slots = storage_[reads_->first];
        slots[reads_->second] = to_bytes32(step.stack.back());
        if (!logs_.empty() && logs_.back().storage) logs_.back().storage = slots;
    }
    reads_.reset();
    if (options_.limit != 0 && logs_.size() >= options_.limit) return;

    StructLog log;
    log.pc = step.program_counter;
    log.opcode = step.opcode;
    log.gas = step.gas_left;
    log.depth = step.depth + 1;
    log.refund = step.refund;
    if (!options_.without_stack) log.stack.assign(step.stack.begin(), step.stack.end());
    if (options_.with_memory) log.memory = to_bytes(step.memory);
    if (options_.with_return_data) log.return_data = to_bytes(step.return_data);
    const std::size_t size = step.stack.size();
    if (!options_.without_storage && step.opcode == evm::OP_SLOAD && size >= 1) {
        reads_ = {*step.address, to_bytes32(step.stack[size - 1])};
        log.storage = storage_[*step.address];
    } else if (!options_.without_storage && step.opcode == evm::OP_SSTORE && size >= 2) {
        auto& slots = storage_[*step.address];
        slots[to_bytes32(step.stack[size - 1])] = to_bytes32(step.stack[size - 2]);
        log.storage = slots;
    }
    constexpr std::size_t SLOT_BYTES = 128;  // a node of the map
    size_bytes_ += sizeof log + log.stack.size() * sizeof(uint256) + log.memory.size() +
                   log.return_data.size() + (log.storage ? log.storage->size() * SLOT_BYTES : 0);
    frame.last = logs_.size();
    logs_.push_back(std::move(log));
}

void StructLogger::on_enter(const evm::Message& message, const Address&) {
    reads_.reset();
    const bool creates =
        message.kind == evm::CallKind::create || message.kind == evm::CallKind::create2;
    if (!frames_.empty() && creates) frames_.back().passed_on = message.gas;
    frames_.emplace_back().creates = creates;
}

void StructLogger::on_exit(evm::Status status, std::int64_t gas_left, ByteView output) {
    constexpr std::int64_t CODE_DEPOSIT_GAS = 200;  // a byte; Yellow Paper, G_codedeposit
    reads_.reset();
    Frame& frame = frames_.back();
    const bool failed = status != evm::Status::success && status != evm::Status::revert;
    if (frame.last && failed)
        logs_[*frame.last].error = status_text(status);
    else if (frame.creates && status == evm::Status::success)
        // What keeping the code costs is the creation's, not its last instruction's.
        close_last(frame, gas_left + CODE_DEPOSIT_GAS * static_cast<std::int64_t>(output.size()));
    else
        close_last(frame, gas_left);
    frames_.pop_back();
    if (!frames_.empty()) frames_.back().came_back = gas_left;
}

}  // namespace mezz::trace
