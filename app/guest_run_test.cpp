// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/guest_run.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace mezz::app {
namespace {

namespace fs = std::filesystem;

/// A folder of its own for each test, gone with it.
class FindGuest : public testing::Test {
protected:
    void SetUp() override {
        const auto* name = testing::UnitTest::GetInstance()->current_test_info()->name();
        root_ =
            fs::temp_directory_path() / ("mezz-find-guest-" + std::to_string(::getpid())) / name;
        fs::create_directories(root_);
    }
    void TearDown() override { fs::remove_all(root_.parent_path()); }

    fs::path write(const fs::path& name) {
        fs::create_directories((root_ / name).parent_path());
        std::ofstream(root_ / name) << "elf";
        return root_ / name;
    }

    fs::path root_;
};

TEST_F(FindGuest, build_has_it_beside_the_preset) {
    const auto binary = write("build/release/app/mezz");
    const auto image = write("build/guest/stf.elf");
    EXPECT_EQ(find_guest_of(binary), image);
}

TEST_F(FindGuest, installation_has_it_in_lib) {
    const auto binary = write("usr/bin/mezz");
    const auto image = write("usr/lib/mezz/stf.elf");
    EXPECT_EQ(find_guest_of(binary), image);
}

TEST_F(FindGuest, build_goes_before_installation) {
    const auto binary = write("build/release/app/mezz");
    write("build/release/lib/mezz/stf.elf");
    const auto image = write("build/guest/stf.elf");
    EXPECT_EQ(find_guest_of(binary), image);
}

TEST_F(FindGuest, neither_gives_none) {
    EXPECT_TRUE(find_guest_of(write("usr/bin/mezz")).empty());
}

TEST_F(FindGuest, folder_of_that_name_is_no_image) {
    const auto binary = write("usr/bin/mezz");
    fs::create_directories(root_ / "usr/lib/mezz/stf.elf");
    EXPECT_TRUE(find_guest_of(binary).empty());
}

}  // namespace
}  // namespace mezz::app
