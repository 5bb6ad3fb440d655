// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// One line about work that takes long, written over and over:
///
///     copying chain.mdb  [##########----------]  52 %  81.2 MiB/s  3 s left
///
/// It comes after two seconds, on a terminal alone, and goes when the work is done. Not with -q.

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "node/ports/clock.hpp"

namespace mezz::app {

enum class ProgressUnit : std::uint8_t { bytes, blocks, requests, none };

/// How far the work is.
struct ProgressView {
    std::string what;
    std::uint64_t done = 0;
    std::optional<std::uint64_t> total{};  ///< none: nobody knows
    /// Of `done`, before this work began: neither rate nor time left counts it.
    std::uint64_t begun_at = 0;
    ProgressUnit unit = ProgressUnit::none;
    std::optional<std::uint64_t> left_ms{};  ///< where it is known better than by the rate
};

/// The line without its end; without colours, control characters and more than `width` columns.
[[nodiscard]] std::string progress_line(const ProgressView& view, std::uint64_t elapsed_ms,
                                        std::size_t width);

/// Where lines go: each replaces the one before, "" takes it away. Empty function: nowhere.
using ProgressSink = std::function<void(std::string_view line)>;
/// Standard error; nowhere when it is no terminal, with -q, and with `json`.
[[nodiscard]] ProgressSink progress_on_terminal(bool json);

/// Owned by one thread. Keeps the reference.
class Progress {
public:
    Progress(node::Clock& clock, ProgressSink sink);
    /// Takes the line away.
    ~Progress() { finish(); }
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// As often as one likes; the line changes ten times a second at most.
    void show(const ProgressView& view);
    /// Takes the line away; another may come.
    void finish();

private:
    node::Clock& clock_;
    ProgressSink sink_;
    std::string what_;
    std::uint64_t begun_ms_, shown_ms_ = 0;
    bool is_shown_ = false;
};

/// Shows progress from a thread of its own, for work that has no loop to show it in.
class ProgressThread {
public:
    /// `look` is called from that thread, five times a second, until the destructor.
    ProgressThread(node::Clock& clock, ProgressSink sink, std::function<ProgressView()> look);
    ~ProgressThread();
    ProgressThread(const ProgressThread&) = delete;
    ProgressThread& operator=(const ProgressThread&) = delete;

private:
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

}  // namespace mezz::app
