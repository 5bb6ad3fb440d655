// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/process.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace mezz::app {

ProcessUse process_use() {
    ProcessUse use;
    struct rusage r{};
    if (::getrusage(RUSAGE_SELF, &r) == 0)
        use.cpu_s = static_cast<double>(r.ru_utime.tv_sec + r.ru_stime.tv_sec) +
                    static_cast<double>(r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6;
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        std::istringstream words(line);
        std::string name;
        std::uint64_t kib = 0;
        words >> name >> kib;
        if (name == "VmRSS:") use.resident_bytes = kib << 10;
        if (name == "RssAnon:") use.anonymous_bytes = kib << 10;
        if (name == "VmSize:") use.virtual_bytes = kib << 10;
    }
    std::error_code error;
    for (std::filesystem::directory_iterator it("/proc/self/fd", error), end; !error && it != end;
         it.increment(error))
        ++use.open_files;
    struct rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0) use.max_files = files.rlim_cur;
    // Field 22 counts clock ticks since the machine was started; names may hold spaces, so fields
    // are counted from behind the last parenthesis. spec: proc(5).
    std::ifstream stat("/proc/self/stat"), boot("/proc/stat");
    std::string text;
    std::getline(stat, text);
    std::istringstream fields(text.substr(std::min(text.size(), text.rfind(')') + 1)));
    std::string skipped;
    for (int field = 3; field < 22; ++field) fields >> skipped;
    std::uint64_t ticks = 0, boot_s = 0;
    fields >> ticks;
    for (std::string word; boot >> word;)
        if (word == "btime") boot >> boot_s;
    use.start_time_s = static_cast<double>(boot_s) +
                       static_cast<double>(ticks) / static_cast<double>(::sysconf(_SC_CLK_TCK));
    return use;
}

std::uint64_t raise_file_limit() {
    struct rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return 0;
    files.rlim_cur = files.rlim_max;
    if (::setrlimit(RLIMIT_NOFILE, &files) != 0 && ::getrlimit(RLIMIT_NOFILE, &files) != 0)
        return 0;
    return files.rlim_cur;
}

}  // namespace mezz::app
