// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/operation.hpp"

#include <bit>

#include "app/config/flags.hpp"
#include "app/logging.hpp"
#include "app/process.hpp"
#include "app/talk.hpp"

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
    add("--cache-size", o.cache_bytes);
    add("--prune", o.keep_blocks);
    add("--prune-states", o.keep_states);
}

void limit_cache(node::ChainOptions& chain, std::size_t cache_bytes) {
    // Of an allocator's profile, after 96,000 new accounts.
    constexpr std::size_t node_bytes = 400, account_and_slot_bytes = 256;
    chain.max_cached_nodes = cache_bytes / 2 / node_bytes;
    chain.max_cached_values = std::bit_floor(cache_bytes / 4 / account_and_slot_bytes);
}

node::Result<void> prepare(const OperationOptions& o) {
    log::Options options;
    options.format = o.log_format == "json" ? log::Format::json : log::Format::text;
    const auto levels = log::parse_levels(log_level_of(talk(), o.log_level));
    if (!levels) return node::fatal("--log-level: " + levels.error());
    options.levels = *levels;
    log::set_up(options);
    const std::uint64_t files = raise_file_limit();
    log::debug("node", "open files are limited", {{"max", files}});
    return {};
}

}  // namespace mezz::app
