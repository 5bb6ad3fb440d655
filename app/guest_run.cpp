// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/guest_run.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>

#include "app/rollup_file.hpp"
#include "core/crypto/sha256.hpp"

namespace mezz::app {
namespace {

bool on_path(const std::string& program) {
    if (program.find('/') != std::string::npos) return ::access(program.c_str(), X_OK) == 0;
    const char* path = std::getenv("PATH");
    std::istringstream folders(path == nullptr ? "" : path);
    for (std::string folder; std::getline(folders, folder, ':');)
        if (::access((folder + "/" + program).c_str(), X_OK) == 0) return true;
    return false;
}

}  // namespace

node::Result<void> check_guest(const GuestOptions& options) {
    std::ifstream file(options.elf, std::ios::binary);
    const std::string image{std::istreambuf_iterator<char>(file), {}};
    if (!file.is_open() || image.empty())
        return node::fatal("--guest " + options.elf.string() +
                           ": no such file; build it with `cmake --preset guest && cmake --build "
                           "--preset guest` (build/guest/stf.elf)");
    const Bytes32 id =
        crypto::sha256({reinterpret_cast<const std::uint8_t*>(image.data()), image.size()});
    if (!options.program_id.is_zero() && id != options.program_id)
        return node::fatal("--guest " + options.elf.string() + " is program " + hex_text(id) +
                           ", this mezz belongs to program " + hex_text(options.program_id) +
                           "; build both from the same sources");
    if (!on_path(options.qemu))
        return node::fatal(options.qemu +
                           ": not found; install it (Debian: apt-get install qemu-user) or name "
                           "it with --qemu");
    return {};
}

node::Result<GuestResult> run_guest(const GuestOptions& options,
                                    const std::filesystem::path& input) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return node::fatal(std::string("guest: no pipe: ") + std::strerror(errno));
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, 0, input.c_str(), O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    std::string elf = options.elf.string(), qemu = options.qemu;
    char* arguments[] = {qemu.data(), elf.data(), nullptr};
    const auto start = std::chrono::steady_clock::now();
    pid_t child = 0;
    const int failed = ::posix_spawnp(&child, qemu.c_str(), &actions, nullptr, arguments, environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    if (failed != 0) {
        ::close(ends[0]);
        return node::fatal(qemu + " with " + input.string() +
                           " cannot be started: " + std::strerror(failed));
    }
    GuestResult out;
    std::uint8_t buffer[256];
    for (ssize_t n; (n = ::read(ends[0], buffer, sizeof buffer)) != 0;) {
        if (n > 0)
            append(out.output, ByteView(buffer, static_cast<std::size_t>(n)));
        else if (errno != EINTR)
            break;
    }
    ::close(ends[0]);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    out.wall_ms = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                                 std::chrono::steady_clock::now() - start)
                                                 .count());
    if (!WIFEXITED(status))
        return node::fatal("guest: " + qemu + " ended by signal " +
                           std::to_string(WIFSIGNALED(status) ? WTERMSIG(status) : 0));
    out.exit_code = WEXITSTATUS(status);
    return out;
}

std::string describe_guest_exit(int code) {
    switch (code) {
        case 10:
            return "the witness lacks something the transition reads";
        case 11:
            return "an item of the witness is not what belongs there";
        case 12:
            return "the entries do not lead to the statement's inbox accumulator";
        case 13:
            return "the blocks end in another output root than the statement's";
        case 20:
            return "the input is not framed as statement and witness";
        case 21:
            return "out of memory";
        default:
            return "exit code " + std::to_string(code);
    }
}

}  // namespace mezz::app
