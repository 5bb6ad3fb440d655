// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/tracers/four_byte_tracer.hpp"

#include "core/codec/hex.hpp"
#include "core/vm/evm/opcodes.hpp"

namespace mezz::trace {

void FourByteTracer::on_step(const Step& step) {
    const bool calls = step.opcode == evm::OP_CALL || step.opcode == evm::OP_CALLCODE ||
                       step.opcode == evm::OP_DELEGATECALL || step.opcode == evm::OP_STATICCALL;
    if (calls && step.stack.size() >= 2) target_ = to_address(step.stack[step.stack.size() - 2]);
}

void FourByteTracer::on_enter(const evm::Message& message, const Address&) {
    constexpr std::size_t SELECTOR_BYTES = 4;
    if (message.kind == evm::CallKind::create || message.kind == evm::CallKind::create2) return;
    if (message.input.size() < SELECTOR_BYTES) return;
    const Address& target = message.depth > 0 ? target_ : message.recipient;
    if (evm::is_precompile(target, revision_)) return;
    std::vector<char> selector{'0', 'x'};
    append_hex(selector, message.input.first(SELECTOR_BYTES));
    ++counts_[std::string(selector.begin(), selector.end()) + "-" +
              std::to_string(message.input.size() - SELECTOR_BYTES)];
}

}  // namespace mezz::trace
