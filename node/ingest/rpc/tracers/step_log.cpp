// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/tracers/step_log.hpp"

#include <algorithm>

#include "core/vm/evm/opcodes.hpp"

namespace mezz::trace {
namespace {

/// Memory that an instruction is about to reach; what is beyond its end reads as zero.
Bytes copy_memory(ByteView memory, const uint256& offset, const uint256& size) {
    constexpr std::uint64_t MOST = 1 << 24;  // a larger log costs more gas than any block has
    if (!size.fits_u64() || size.limb[0] > MOST) return {};
    Bytes out(size.limb[0]);
    if (offset.fits_u64() && offset.limb[0] < memory.size()) {
        const ByteView from = memory.subspan(offset.limb[0]);
        std::copy_n(from.begin(), std::min(from.size(), out.size()), out.begin());
    }
    return out;
}

}  // namespace

std::optional<Log> logged_by(const evm::Observer::Step& step) {
    if (step.opcode < evm::OP_LOG0 || step.opcode > evm::OP_LOG4) return std::nullopt;
    const std::size_t topics = step.opcode - evm::OP_LOG0;
    const auto stack = step.stack;
    if (stack.size() < topics + 2) return std::nullopt;
    const auto top = [&](std::size_t i) -> const uint256& { return stack[stack.size() - 1 - i]; };
    Log log;
    log.address = *step.address;
    for (std::size_t i = 0; i < topics; ++i) log.topics.push_back(to_bytes32(top(2 + i)));
    log.data = copy_memory(step.memory, top(0), top(1));
    return log;
}

}  // namespace mezz::trace
