// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/threads/standing.hpp"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

namespace mezz::host {
namespace {

/// struct sched_attr as of Linux 3.14, which headers of the C library lack.
struct Attributes {
    std::uint32_t size = sizeof(Attributes);
    std::uint32_t policy = SCHED_OTHER;
    std::uint64_t flags = 0;
    std::int32_t nice = 0;
    std::uint32_t priority = 0;
    std::uint64_t runtime = 0;  ///< units: nanoseconds
    std::uint64_t deadline = 0, period = 0;
};
static_assert(sizeof(Attributes) == 48);

/// The shortest that the kernel grants.
constexpr std::uint64_t turn_ns = 100'000;

}  // namespace

void stand_back(int niceness) {
    stand_back(niceness, ::gettid());
}

void stand_back(int niceness, int id) {
    if (niceness > 0)
        (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(id), std::min(19, niceness));
}

void take_short_turns() {
    Attributes wanted;
    wanted.nice = ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()));
    wanted.runtime = turn_ns;
    (void)::syscall(SYS_sched_setattr, 0, &wanted, 0);
}

}  // namespace mezz::host
