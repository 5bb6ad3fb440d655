// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What a session says, followed: `mezz logs`, and `mezz up` in the foreground.

#include <fstream>
#include <string>

#include "app/session.hpp"

namespace mezz::app {

/// The lines of a file that another process writes. Owned by one thread.
class GrowingFile {
public:
    explicit GrowingFile(const std::filesystem::path& path) : file_(path, std::ios::binary) {}
    [[nodiscard]] bool is_open() const { return file_.is_open(); }
    /// The next whole line. returns: false when there is none yet.
    bool next(std::string& line);
    /// What stands after the last whole line.
    std::string rest();

private:
    std::ifstream file_;
};

/// Prints the log of a session; `follow`: until it ends. returns: the exit code.
int print_log(const Session& session, bool follow);
/// Prints what it says until it ends, or until SIGINT or SIGTERM, which stop it; without status
/// lines, unless `json`. returns: the exit code; a failure when it ended by itself.
int attend(const Session& session, std::uint64_t stop_timeout_ms, bool json);
/// From now on SIGINT and SIGTERM are for attend.
void await_signals();

}  // namespace mezz::app
