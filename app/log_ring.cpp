// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/log_ring.hpp"

namespace mezz::app {

std::shared_ptr<LogRing> LogRing::attach() {
    auto ring = std::make_shared<LogRing>();
    log::observe([ring](const log::Event& event) { ring->take(event); });
    return ring;
}

void LogRing::take(const log::Event& event) {
    constexpr const char* names[] = {"trace", "debug", "info", "warning", "error", "off"};
    const std::scoped_lock lock(mutex_);
    lines_.push_back({next_++, event.ms, names[static_cast<std::size_t>(event.level)],
                      std::string(event.component), event.text});
    if (lines_.size() > max_lines) lines_.pop_front();
}

std::vector<LogLine> LogRing::after(std::uint64_t sequence) {
    const std::scoped_lock lock(mutex_);
    std::vector<LogLine> out;
    for (const auto& line : lines_)
        if (line.sequence > sequence) out.push_back(line);
    return out;
}

}  // namespace mezz::app
