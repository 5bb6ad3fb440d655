// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "app/talk.hpp"

namespace mezz::app {
namespace {

constexpr std::uint64_t patience_ms = 2'000;
constexpr std::uint64_t redraw_ms = 100;
constexpr std::size_t bar_columns = 20;
constexpr std::size_t usual_width = 80;

std::size_t terminal_width() {
    winsize size{};
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return usual_width;
    return size.ws_col;
}

std::string with_decimal(double value, const char* unit) {
    char text[48];
    std::snprintf(text, sizeof text, "%.1f %s", value, unit);
    return text;
}

std::string rate_text(double per_second, ProgressUnit unit) {
    constexpr double kib = 1024, mib = kib * 1024, gib = mib * 1024;
    switch (unit) {
        case ProgressUnit::bytes:
            if (per_second >= gib) return with_decimal(per_second / gib, "GiB/s");
            if (per_second >= mib) return with_decimal(per_second / mib, "MiB/s");
            return with_decimal(per_second / kib, "KiB/s");
        case ProgressUnit::blocks:
            return with_decimal(per_second, "blocks/s");
        case ProgressUnit::requests:
            return with_decimal(per_second, "requests/s");
        case ProgressUnit::none:
            break;
    }
    return {};
}

std::string time_text(std::uint64_t ms) {
    const std::uint64_t s = (ms + 999) / 1000;
    constexpr std::uint64_t minute = 60, hour = 3600;
    if (s < minute) return std::to_string(s) + " s";
    if (s < hour) return std::to_string(s / minute) + " min " + std::to_string(s % minute) + " s";
    return std::to_string(s / hour) + " h " + std::to_string(s % hour / minute) + " min";
}

/// What the rate so far says; none where it says nothing.
std::optional<std::uint64_t> left_ms(const ProgressView& v, std::uint64_t elapsed_ms) {
    if (v.left_ms) return v.left_ms;
    if (!v.total || *v.total < v.done || v.done <= v.begun_at) return std::nullopt;
    const double here = static_cast<double>(v.done - v.begun_at);
    const double left = static_cast<double>(*v.total - v.done);
    // Longer than a year is no answer.
    constexpr double most_ms = 365.0 * 24 * 3600 * 1000;
    const double ms = left / here * static_cast<double>(elapsed_ms);
    return ms > most_ms ? std::nullopt : std::optional(static_cast<std::uint64_t>(ms));
}

}  // namespace

std::string progress_line(const ProgressView& v, std::uint64_t elapsed_ms, std::size_t width) {
    std::string out = "  ";
    for (const char c : v.what) out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    if (v.total && *v.total > 0) {
        const double part =
            std::min(1.0, static_cast<double>(v.done) / static_cast<double>(*v.total));
        const auto full = static_cast<std::size_t>(part * bar_columns);
        out += "  [" + std::string(full, '#') + std::string(bar_columns - full, '-') + "]";
        char text[16];
        std::snprintf(text, sizeof text, " %3u %%", static_cast<unsigned>(part * 100));
        out += text;
    }
    if (v.unit != ProgressUnit::none && elapsed_ms > 0 && v.done > v.begun_at)
        out += "  " + rate_text(static_cast<double>(v.done - v.begun_at) * 1000 /
                                    static_cast<double>(elapsed_ms),
                                v.unit);
    if (const auto left = left_ms(v, elapsed_ms))
        out += "  " + time_text(*left) + " left";
    else
        out += "  " + time_text(elapsed_ms);
    // A line that the terminal folds cannot be written over.
    if (out.size() > width) out.resize(width);
    return out;
}

ProgressSink progress_on_terminal(bool json) {
    if (json || talk().quiet || isatty(STDERR_FILENO) == 0) return {};
    return [](std::string_view line) {
        std::fprintf(stderr, "\r\033[K%.*s", static_cast<int>(line.size()), line.data());
        std::fflush(stderr);
    };
}

Progress::Progress(node::Clock& clock, ProgressSink sink)
    : clock_(clock), sink_(std::move(sink)), begun_ms_(clock.now_ms()) {}

void Progress::show(const ProgressView& view) {
    if (!sink_) return;
    const std::uint64_t now = clock_.now_ms();
    // A clock that was set back begins anew.
    if (now < begun_ms_) begun_ms_ = now;
    if (view.what != what_) {
        // Another stretch of work has its own rate.
        what_ = view.what;
        if (is_shown_) begun_ms_ = now;
        shown_ms_ = 0;
    }
    if (!is_shown_ && now - begun_ms_ < patience_ms) return;
    if (is_shown_ && now >= shown_ms_ && now - shown_ms_ < redraw_ms) return;
    is_shown_ = true;
    shown_ms_ = now;
    // The last column stays free: some terminals fold after it.
    sink_(progress_line(view, now - begun_ms_, terminal_width() - 1));
}

void Progress::finish() {
    if (is_shown_) sink_("");
    is_shown_ = false;
    begun_ms_ = clock_.now_ms();
}

ProgressThread::ProgressThread(node::Clock& clock, ProgressSink sink,
                               std::function<ProgressView()> look) {
    if (!sink) return;
    thread_ = std::thread([this, &clock, sink = std::move(sink), look = std::move(look)]() mutable {
        Progress progress(clock, std::move(sink));
        constexpr auto pause = std::chrono::milliseconds(20);
        constexpr int pauses = 10;
        for (int i = 0; !stopping_; ++i) {
            if (i % pauses == 0) progress.show(look());
            std::this_thread::sleep_for(pause);
        }
    });
}

ProgressThread::~ProgressThread() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
}

}  // namespace mezz::app
