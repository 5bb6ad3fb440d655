// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The latest of what was logged, for the console.

#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "app/logging.hpp"

namespace mezz::app {

struct LogLine {
    std::uint64_t sequence = 0;  ///< counts from 1; a gap means that lines were dropped
    std::uint64_t time_ms = 0;   ///< since 1970
    std::string level;           ///< debug, info, warning, error
    std::string component;
    std::string message;
};

/// Thread-safe.
class LogRing {
public:
    static constexpr std::size_t max_lines = 2000;
    /// Lines after `sequence`, oldest first.
    [[nodiscard]] std::vector<LogLine> after(std::uint64_t sequence);

    void take(const log::Event& event);
    /// One that gets what is logged from then on. Before other threads log.
    static std::shared_ptr<LogRing> attach();

private:
    std::mutex mutex_;
    std::deque<LogLine> lines_;  ///< guarded by mutex_
    std::uint64_t next_ = 1;
};

}  // namespace mezz::app
