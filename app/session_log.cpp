// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/session_log.hpp"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <iterator>
#include <thread>

#include "app/exit_code.hpp"
#include "app/talk.hpp"

namespace mezz::app {
namespace {

constexpr auto poll = std::chrono::milliseconds(100);

/// Set by the signal handler; attend looks at it.
volatile std::sig_atomic_t stop_requested = 0;

void print(const std::string& line) {
    std::printf("%s\n", line.c_str());
    std::fflush(stdout);
}

bool is_running(const Session& session) {
    const auto now = find_session(session.name);
    return now && now->running && now->pid == session.pid;
}

}  // namespace

bool GrowingFile::next(std::string& line) {
    const auto at = file_.tellg();
    if (std::getline(file_, line) && !file_.eof()) return true;
    // Half a line is read again once it is whole.
    file_.clear();
    file_.seekg(at);
    return false;
}

std::string GrowingFile::rest() {
    return {std::istreambuf_iterator<char>(file_), {}};
}

int print_log(const Session& session, bool follow) {
    GrowingFile log(session_log(session));
    if (!log.is_open())
        return refuse(session_log(session).string() + ": cannot be read", exit_failure);
    std::string line;
    for (;;) {
        // Asked first: what it said before it ended is in the file then.
        const bool goes_on = follow && is_running(session);
        while (log.next(line)) print(line);
        if (!goes_on) break;
        std::this_thread::sleep_for(poll);
    }
    if (const std::string rest = log.rest(); !rest.empty()) print(rest);
    return exit_ok;
}

void await_signals() {
    for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, [](int) { stop_requested = 1; });
}

int attend(const Session& session, std::uint64_t stop_timeout_ms, bool json) {
    GrowingFile log(session_log(session));
    std::string line;
    for (;;) {
        const bool is_over = !is_running(session);
        while (log.next(line))
            // Its endpoints have been told, and a status a second is for programs.
            if (json ? line.starts_with('{') : !line.starts_with("{\"event\":")) print(line);
        if (is_over)
            return refuse("session " + session.name + " ended; `mezz logs " + session.name +
                              "` has its last words",
                          exit_failure);
        if (stop_requested != 0) break;
        std::this_thread::sleep_for(poll);
    }
    if (!json) advise("\nstopping session " + session.name);
    if (auto stopped = stop_session(session, stop_timeout_ms); !stopped)
        return fail(stopped.error());
    return exit_ok;
}

}  // namespace mezz::app
