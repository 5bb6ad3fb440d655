// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/log_ring.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>

namespace mezz::app {

std::shared_ptr<LogRing> LogRing::attach() {
    auto ring = std::make_shared<LogRing>();
    const auto logger = spdlog::default_logger();
    // The others go on showing what they showed; the ring takes what happens beside that too.
    for (const auto& sink : logger->sinks())
        sink->set_level(std::max(sink->level(), logger->level()));
    logger->set_level(std::min(logger->level(), spdlog::level::debug));
    logger->sinks().push_back(ring);
    return ring;
}

void LogRing::sink_it_(const spdlog::details::log_msg& msg) {
    LogLine line;
    line.sequence = next_++;
    line.time_ms = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(msg.time.time_since_epoch()).count());
    const auto level = spdlog::level::to_string_view(msg.level);
    line.level.assign(level.data(), level.size());
    std::string_view text(msg.payload.data(), msg.payload.size());
    const auto colon = text.find(": ");
    if (colon != std::string_view::npos && text.find(' ') > colon) {
        line.component = text.substr(0, colon);
        text.remove_prefix(colon + 2);
    }
    line.message = text;
    lines_.push_back(std::move(line));
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
