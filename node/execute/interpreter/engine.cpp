// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/execute/interpreter/engine.hpp"

#include <algorithm>

#include "node/execute/interpreter/handlers.hpp"

namespace mezz::node::interpreter {
namespace {

/// Longer code exists only in simulations without a limit; it is not worth the memory.
constexpr std::size_t MAX_CODE_BYTES = 64 * 1024;
/// Marks code that this machine asked for and did not get.
const Program NONE;

}  // namespace

std::size_t CodeCache::KeyHash::operator()(const Key& k) const noexcept {
    return load_le64(k.hash.data()) ^ static_cast<std::size_t>(k.rev);
}

std::shared_ptr<const Program> CodeCache::program(const Bytes32& hash, ByteView code,
                                                  Revision rev) {
    if (code.size() > MAX_CODE_BYTES) return nullptr;
    const Key key{hash, rev};
    {
        const std::scoped_lock lock(mutex_);
        Slot& slot = slots_[key];
        slot.used = ++clock_;
        if (slot.program) return slot.program;
        if (++slot.asked < options_.decode_after) return nullptr;
    }
    // Decoded outside the lock; two threads may do the same work once.
    std::shared_ptr<const Program> program = decode(code, rev);
    const std::scoped_lock lock(mutex_);
    Slot& slot = slots_[key];
    if (slot.program) return slot.program;
    slot.program = program;
    slot.used = ++clock_;
    bytes_ += program->bytes();
    if (bytes_ > options_.max_bytes || slots_.size() > 100'000) evict();
    return program;
}

/// Drops the half that was asked for longest ago.
void CodeCache::evict() {
    std::vector<std::uint64_t> times;
    for (const auto& [key, slot] : slots_) times.push_back(slot.used);
    const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
    std::nth_element(times.begin(), middle, times.end());
    const std::uint64_t limit = *middle;
    std::erase_if(slots_, [&](const auto& item) {
        if (item.second.used >= limit) return false;
        if (item.second.program) bytes_ -= item.second.program->bytes();
        return true;
    });
}

std::size_t CodeCache::bytes() const {
    const std::scoped_lock lock(mutex_);
    return bytes_;
}

bool Engine::run(evm::Frame& frame) {
    const evm::AnalysedCode& code = *frame.code;
    if (code.prepared == nullptr) {
        if (!code.hash()) return false;
        auto program = cache_.program(*code.hash(), code.bytes(), frame.machine->rev);
        code.prepared = program ? program.get() : &NONE;
        if (program) held_.push_back(std::move(program));
    }
    const auto* program = static_cast<const Program*>(code.prepared);
    const auto position = static_cast<std::uint64_t>(frame.pc - code.begin());
    const Entry* entry = program->entry(position);
    if (entry == nullptr) return false;
    interpreter::run(*entry, frame);
    if (!frame.paused) return true;
    frame.paused = false;
    return false;
}

}  // namespace mezz::node::interpreter
