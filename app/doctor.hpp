// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// `mezz doctor`: is this machine, this state directory and this parent fit to run a node?

#include <filesystem>
#include <string>
#include <vector>

#include "app/check_result.hpp"

namespace mezz::app {

struct DoctorOptions {
    std::filesystem::path state;
    std::filesystem::path spec;  ///< rollup.json; empty: that of `state`, if it is there
    std::string parent_url;      ///< empty: not looked at
    std::filesystem::path guest;
    std::vector<std::uint16_t> ports{8545, 9545, 9100};
    std::uint64_t min_free_bytes = std::uint64_t{1} << 30;
    bool json = false;
};

struct Check {
    std::string name;  ///< stable
    /// Failed: a node would not run. Skipped: what it needs was not given.
    CheckResult result = CheckResult::ok;
    std::string detail;  ///< what was found, and what to do
};

[[nodiscard]] std::vector<Check> examine(const DoctorOptions& options);

/// returns: the process's exit code: 1 when a check failed.
int run_doctor(const DoctorOptions& options);

}  // namespace mezz::app
