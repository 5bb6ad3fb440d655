// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Networks that run on their own: `mezz dev` detached, with a name. A session is a state directory
/// below ~/.mezz with two files more: session.json (who runs it) and session.log (what it says).

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "node/ports/result.hpp"

namespace mezz::app {

struct Session {
    std::string name;
    std::filesystem::path state;
    pid_t pid = 0;
    std::uint64_t started = 0;  ///< as the kernel counts; tells a process from a later one
    bool running = false;
};

/// "a-b_1": a folder's name and nothing more.
[[nodiscard]] bool is_session_name(std::string_view name) noexcept;
std::filesystem::path session_state(std::string_view name);
std::filesystem::path session_log(const Session& session);

/// errors: fatal when no session has that name, with the nearest that is.
node::Result<Session> find_session(std::string_view name);
/// All that have a session.json, by name; those that ended are not running.
std::vector<Session> all_sessions();

/// Starts `mezz dev ARGUMENTS` detached and waits until it is ready.
///
/// errors: fatal when it runs already or ends instead, with what it said; retry when it takes
/// longer than `timeout_ms`.
node::Result<Session> start_session(const std::string& name,
                                    const std::vector<std::string>& arguments,
                                    std::uint64_t timeout_ms);
/// SIGTERM, and waits. errors: retry when it takes longer.
node::Result<void> stop_session(const Session& session, std::uint64_t timeout_ms);

/// One place to reach, of a session that runs.
struct Endpoint {
    std::string service;  ///< "chain", "ws", "parent", "console"
    std::string url;
};
/// errors: fatal when its outputs.json is not there or not whole.
node::Result<std::vector<Endpoint>> endpoints(const Session& session);

}  // namespace mezz::app
