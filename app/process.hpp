// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// This process: what it uses and what it may use.

#include <cstdint>

namespace mezz::app {

struct ProcessUse {
    double cpu_s = 0;
    std::uint64_t resident_bytes = 0;
    std::uint64_t anonymous_bytes = 0;  ///< of those, no pages of files
    std::uint64_t virtual_bytes = 0;
    std::uint64_t open_files = 0;
    std::uint64_t max_files = 0;
    double start_time_s = 0;  ///< since 1970
};
/// What cannot be told is 0. Linux.
[[nodiscard]] ProcessUse process_use();

/// Lets the process open as many files as it may: each connection is one.
/// returns: how many that are.
std::uint64_t raise_file_limit();

}  // namespace mezz::app
