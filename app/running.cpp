// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/running.hpp"

#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "app/exit_code.hpp"
#include "app/milestones.hpp"
#include "app/progress.hpp"
#include "app/talk.hpp"
#include "node/host/platform/system_clock.hpp"

namespace mezz::app {
namespace {

/// Set by the signal handler; the main thread looks at it.
volatile std::sig_atomic_t stop_requested = 0;
void request_stop(int) {
    stop_requested = 1;
}

void print_status(const RollupStatus& s, bool json, bool terminal) {
    if (json) {
        std::printf(
            "{\"event\":\"status\",\"unsafe\":%llu,\"safe\":%llu,\"finalized\":%llu,\"proposed\":%"
            "llu,\"parent\":%llu}\n",
            static_cast<unsigned long long>(s.unsafe.number),
            static_cast<unsigned long long>(s.safe.number),
            static_cast<unsigned long long>(s.finalized.number),
            static_cast<unsigned long long>(s.proposed),
            static_cast<unsigned long long>(s.parent_latest));
    } else if (terminal) {
        std::printf(
            "\r\033[K  unsafe %llu · safe %llu · finalized %llu · claimed %llu · parent %llu  %s",
            static_cast<unsigned long long>(s.unsafe.number),
            static_cast<unsigned long long>(s.safe.number),
            static_cast<unsigned long long>(s.finalized.number),
            static_cast<unsigned long long>(s.proposed),
            static_cast<unsigned long long>(s.parent_latest), s.error.c_str());
    }
    std::fflush(stdout);
}

void show_catching_up(Progress& progress, const SyncRange& blocks) {
    progress.show({.what = "catching up with the parent, block " + std::to_string(blocks.current),
                   .done = blocks.current,
                   .total = std::max(blocks.highest, blocks.current),
                   .begun_at = blocks.starting,
                   .unit = ProgressUnit::blocks});
}

}  // namespace

void stop_on_signals() {
    std::signal(SIGINT, request_stop);
    std::signal(SIGTERM, request_stop);
}

int run_until_stopped(RollupService& service, bool json) {
    const bool terminal = isatty(STDOUT_FILENO) != 0 && !talk().quiet;
    std::uint64_t ticks = 0;
    Milestones milestones;
    host::SystemClock clock;
    Progress progress(clock, progress_on_terminal(json));
    while (stop_requested == 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        if (++ticks % 20 == 0) {
            const RollupStatus status = service.status();
            milestones.note(status);
            if (status.sync && terminal && !json) {
                show_catching_up(progress, *status.sync);
                continue;
            }
            progress.finish();
            print_status(status, json, terminal);
        }
        if (const auto why = service.fatal()) {
            if (terminal && !json) std::printf("\n");
            return refuse("stopping: " + *why, exit_failure);
        }
    }
    if (terminal && !json) std::printf("\n");
    return 0;
}

}  // namespace mezz::app
