// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/session.hpp"

#include <fcntl.h>
#include <simdjson.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iterator>
#include <thread>

#include "app/config/config.hpp"
#include "app/rollup_file.hpp"
#include "app/suggest.hpp"

namespace mezz::app {
namespace {

using node::fatal;
using node::Result;

constexpr const char* session_file = "session.json";
constexpr std::size_t max_name = 64;
constexpr auto poll = std::chrono::milliseconds(50);

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Field 22 of /proc/PID/stat; 0 when there is no such process, or it has ended.
std::uint64_t start_of(pid_t pid) {
    const std::string stat = text_of("/proc/" + std::to_string(pid) + "/stat");
    // The second field is a name in brackets, which may hold anything.
    const auto close = stat.rfind(')');
    if (close == std::string::npos || close + 2 >= stat.size() || stat[close + 2] == 'Z') return 0;
    std::size_t at = close + 2;
    constexpr int fields_between = 19;
    for (int i = 0; i < fields_between; ++i) {
        at = stat.find(' ', at);
        if (at == std::string::npos) return 0;
        ++at;
    }
    return std::strtoull(stat.c_str() + at, nullptr, 10);
}

std::optional<Session> read_session(const std::filesystem::path& state) {
    simdjson::dom::parser parser;
    simdjson::dom::element file;
    std::int64_t pid = 0;
    Session session{state.filename().string(), state};
    const std::string text = text_of(state / session_file);
    if (parser.parse(simdjson::padded_string(text)).get(file) != simdjson::SUCCESS ||
        file["pid"].get(pid) != simdjson::SUCCESS || pid <= 0 ||
        file["started"].get(session.started) != simdjson::SUCCESS)
        return std::nullopt;
    session.pid = static_cast<pid_t>(pid);
    session.running = session.started != 0 && start_of(session.pid) == session.started;
    return session;
}

/// returns: its process id. errors: fatal.
Result<pid_t> spawn_detached(const std::vector<std::string>& words, const std::string& log) {
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, log.c_str(),
                                     O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    // Neither a signal to the terminal's group nor its end reaches the session.
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
    std::vector<char*> argv;
    for (const auto& word : words) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    pid_t pid = 0;
    const int error =
        posix_spawn(&pid, "/proc/self/exe", &files, &attributes, argv.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    if (error != 0) return fatal(std::string("cannot start a process: ") + std::strerror(error));
    return pid;
}

/// The last words of a program that ended, without what it logs on the way.
std::string last_words(const std::string& log) {
    const auto at = log.rfind("mezz: ");
    std::string text = at == std::string::npos ? log : log.substr(at + std::strlen("mezz: "));
    while (text.ends_with('\n')) text.pop_back();
    return text;
}

}  // namespace

bool is_session_name(std::string_view name) noexcept {
    const auto is_fine = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    };
    return !name.empty() && name.size() <= max_name && name[0] != '-' &&
           std::ranges::all_of(name, is_fine);
}

std::filesystem::path session_state(std::string_view name) {
    return default_state(name);
}

std::filesystem::path session_log(const Session& session) {
    return session.state / "session.log";
}

std::vector<Session> all_sessions() {
    std::vector<Session> out;
    std::error_code error;
    for (const auto& entry :
         std::filesystem::directory_iterator(session_state("x").parent_path(), error))
        if (auto session = read_session(entry.path())) out.push_back(std::move(*session));
    std::ranges::sort(out, {}, &Session::name);
    return out;
}

Result<Session> find_session(std::string_view name) {
    std::vector<std::string> known;
    for (auto& session : all_sessions()) {
        if (session.name == name) return session;
        known.push_back(session.name);
    }
    return fatal("no session " + std::string(name) + suggestion(name, known) +
                 " (`mezz ps` lists them, `mezz up` starts one)");
}

Result<Session> start_session(const std::string& name, const std::vector<std::string>& arguments,
                              std::uint64_t timeout_ms) {
    Session session{name, session_state(name)};
    if (const auto old = read_session(session.state); old && old->running)
        return fatal("session " + name + " runs already, as process " + std::to_string(old->pid) +
                     "; `mezz down " + name + "` stops it, --name names another");
    std::error_code error;
    std::filesystem::create_directories(session.state, error);
    if (error) return fatal(session.state.string() + ": " + error.message());
    std::vector<std::string> words{"mezz", "dev"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    words.insert(words.end(), {"--state", session.state.string(), "--json"});
    const std::string log = session_log(session).string();
    const auto pid = spawn_detached(words, log);
    if (!pid) return std::unexpected(pid.error());
    session.pid = *pid;
    session.started = start_of(*pid);
    if (auto written = write_file(session.state / session_file,
                                  "{\"pid\":" + std::to_string(session.pid) +
                                      ",\"started\":" + std::to_string(session.started) + "}\n");
        !written) {
        ::kill(*pid, SIGTERM);
        return std::unexpected(written.error());
    }
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
    while (std::chrono::steady_clock::now() < end) {
        int status = 0;
        if (::waitpid(*pid, &status, WNOHANG) == *pid) {
            std::filesystem::remove(session.state / session_file, error);
            return fatal(last_words(text_of(log)));
        }
        if (text_of(log).contains("\"event\":\"ready\"")) {
            session.running = true;
            return session;
        }
        std::this_thread::sleep_for(poll);
    }
    return node::retry("session " + name + " is not ready after " +
                       std::to_string(timeout_ms / 1000) + " s; `mezz logs " + name +
                       "` says what it does, `mezz down " + name + "` stops it");
}

Result<void> stop_session(const Session& session, std::uint64_t timeout_ms) {
    std::error_code error;
    if (session.running) {
        ::kill(session.pid, SIGTERM);
        const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
        while (start_of(session.pid) == session.started) {
            if (std::chrono::steady_clock::now() > end)
                return node::retry("session " + session.name + ", process " +
                                   std::to_string(session.pid) + ", did not stop within " +
                                   std::to_string(timeout_ms / 1000) + " s");
            std::this_thread::sleep_for(poll);
        }
    }
    std::filesystem::remove(session.state / session_file, error);
    return {};
}

Result<std::vector<Endpoint>> endpoints(const Session& session) {
    const auto path = session.state / "outputs.json";
    simdjson::dom::parser parser;
    simdjson::dom::element file;
    if (parser.parse(simdjson::padded_string(text_of(path))).get(file) != simdjson::SUCCESS)
        return fatal(path.string() + ": not there, or no JSON");
    std::vector<Endpoint> out;
    for (const auto& [service, pointer] : {std::pair{"chain", "/chain/rpc"},
                                           {"ws", "/chain/ws"},
                                           {"parent", "/parent/rpc"},
                                           {"console", "/console"},
                                           {"metrics", "/metrics"}}) {
        std::string_view url;
        if (file.at_pointer(pointer).get(url) == simdjson::SUCCESS)
            out.push_back({service, std::string(url)});
    }
    return out;
}

}  // namespace mezz::app
