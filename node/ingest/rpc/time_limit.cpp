// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/time_limit.hpp"

#include <array>

#include "core/vm/evm/instruction_support.hpp"
#include "core/vm/evm/opcodes.hpp"
#include "node/ingest/rpc/error.hpp"

namespace mezz::rpc {
namespace {

/// units: gas. A frame with this much ends within a second on any machine worth running a node on.
constexpr std::int64_t SOON_USED_GAS = 50'000'000;

void end(evm::Frame& frame) {
    evm::halt(&frame, evm::Status::out_of_gas);
}

/// requires: the machine's runner is a TimeLimit.
void timed_jump_destination(MEZZ_HANDLER_ARGS) {
    if (static_cast<TimeLimit*>(f->machine->runner)->is_over_now_and_then()) return end(*f);
    MEZZ_TAIL return evm::instructions(f->machine->rev).at[evm::OP_JUMPDEST](pc, sp, gas, f, table);
}

const evm::Table& timed_instructions(Revision rev) {
    static const auto tables = [] {
        std::array<evm::Table, REVISION_COUNT> all{};
        for (unsigned i = 0; i < REVISION_COUNT; ++i) {
            all[i] = evm::instructions(static_cast<Revision>(i));
            all[i].at[evm::OP_JUMPDEST] = timed_jump_destination;
        }
        return all;
    }();
    return tables[static_cast<unsigned>(rev)];
}

}  // namespace

bool TimeLimit::run(evm::Frame& frame) {
    if (is_over()) {
        end(frame);
        return true;
    }
    if (frame.gas <= SOON_USED_GAS) return fast_ && fast_->run(frame);
    const evm::Table& table = timed_instructions(frame.machine->rev);
    table.at[*frame.pc](frame.pc, frame.sp, frame.gas, &frame, &table);
    return true;
}

bool TimeLimit::is_over() {
    if (ended_) return true;
    node_stops_ = stopping_;
    ended_ = node_stops_ || std::chrono::steady_clock::now() >= deadline_;
    return ended_;
}

void TimeLimit::check() const {
    if (!ended_) return;
    if (node_stops_) fail(server_error, "the node is stopping");
    const std::string seconds = limit_ms_ % 1000 == 0 ? std::to_string(limit_ms_ / 1000) + "s"
                                                      : std::to_string(limit_ms_) + "ms";
    fail(server_error, "execution aborted (timeout = " + seconds + ")");
}

}  // namespace mezz::rpc
