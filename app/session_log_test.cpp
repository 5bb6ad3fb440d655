// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/session_log.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace mezz::app {
namespace {

TEST(growing_file, gives_whole_lines_as_they_come) {
    char path[] = "/tmp/mezz-log-XXXXXX";
    ::close(mkstemp(path));
    std::ofstream out(path);
    GrowingFile log(path);
    ASSERT_TRUE(log.is_open());
    std::string line;
    EXPECT_FALSE(log.next(line));
    out << "one\n\ntw" << std::flush;
    ASSERT_TRUE(log.next(line));
    EXPECT_EQ(line, "one");
    ASSERT_TRUE(log.next(line));
    EXPECT_EQ(line, "");
    EXPECT_FALSE(log.next(line));
    EXPECT_FALSE(log.next(line));
    out << "o\nthree" << std::flush;
    ASSERT_TRUE(log.next(line));
    EXPECT_EQ(line, "two");
    EXPECT_FALSE(log.next(line));
    EXPECT_EQ(log.rest(), "three");
    std::filesystem::remove(path);
    EXPECT_FALSE(GrowingFile(path).is_open());
}

}  // namespace
}  // namespace mezz::app
