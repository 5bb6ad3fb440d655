// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/threads/standing.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <thread>

namespace mezz::host {
namespace {

int niceness(int id) {
    return ::getpriority(PRIO_PROCESS, static_cast<id_t>(id));
}

TEST(standing, is_of_one_thread) {
    const int before = niceness(::gettid());
    std::thread([&] {
        stand_back(before + 3);
        EXPECT_EQ(niceness(::gettid()), std::min(19, before + 3));
        take_short_turns();
        EXPECT_EQ(niceness(::gettid()), std::min(19, before + 3)) << "stays";
        const int other = ::gettid();
        std::thread([&] { stand_back(100, other); }).join();
        EXPECT_EQ(niceness(other), 19);
    }).join();
    EXPECT_EQ(niceness(::gettid()), before);
}

}  // namespace
}  // namespace mezz::host
