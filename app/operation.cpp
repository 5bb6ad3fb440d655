// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/operation.hpp"

#include "app/config/flags.hpp"
#include "app/logging.hpp"
#include "app/process.hpp"

namespace mezz::app {

void add_operation_flags(CLI::App& command, OperationOptions& o) {
    const auto add = [&](const char* flag, auto& value) {
        return add_flag_of_key(command, flag, value)->group("Operation");
    };
    add("--log-format", o.log_format);
    add("--log-level", o.log_level)->check([](const std::string& text) {
        const auto levels = log::parse_levels(text);
        return levels ? std::string() : levels.error();
    });
    add("--min-free-disk", o.min_free_bytes);
    add("--prune", o.keep_blocks);
}

node::Result<void> prepare(const OperationOptions& o) {
    log::Options options;
    options.format = o.log_format == "json" ? log::Format::json : log::Format::text;
    const auto levels = log::parse_levels(o.log_level);
    if (!levels) return node::fatal("--log-level: " + levels.error());
    options.levels = *levels;
    log::set_up(options);
    const std::uint64_t files = raise_file_limit();
    log::debug("node", "open files are limited", {{"max", files}});
    return {};
}

}  // namespace mezz::app
