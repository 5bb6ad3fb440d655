// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The latest log lines, for the console: a sink beside the one that writes them.

#include <spdlog/sinks/base_sink.h>

#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace mezz::app {

struct LogLine {
    std::uint64_t sequence = 0;  ///< counts from 1; a gap means that lines were dropped
    std::uint64_t time_ms = 0;   ///< since 1970
    std::string level;           ///< debug, info, warning, error, critical
    std::string component;       ///< what stands before the first ": ", if it is one word
    std::string message;
};

/// Thread-safe.
class LogRing final : public spdlog::sinks::base_sink<std::mutex> {
public:
    static constexpr std::size_t max_lines = 2000;
    /// Lines after `sequence`, oldest first.
    [[nodiscard]] std::vector<LogLine> after(std::uint64_t sequence);

    /// Puts one into the default logger, which from then on takes lines of level debug. Before
    /// other threads log.
    static std::shared_ptr<LogRing> attach();

protected:
    void sink_it_(const spdlog::details::log_msg& msg) override;
    void flush_() override {}

private:
    std::deque<LogLine> lines_;  ///< guarded by the base's mutex
    std::uint64_t next_ = 1;
};

}  // namespace mezz::app
