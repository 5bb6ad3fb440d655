// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/operation.hpp"

#include <CLI/CLI.hpp>
#include <bit>

#include "app/logging.hpp"
#include "app/process.hpp"

namespace mezz::app {

void add_operation_flags(CLI::App& command, OperationOptions& o) {
    const std::string group = "Operation";
    command.add_option("--log-format", o.log_format, "text, or json: one object a line")
        ->group(group)
        ->check(CLI::IsMember({"text", "json"}));
    command
        .add_option("--log-level", o.log_level,
                    "Level for all, then of components, as info,rpc=debug,batcher=warn")
        ->group(group)
        ->check([](const std::string& text) {
            const auto levels = log::parse_levels(text);
            return levels ? std::string() : levels.error();
        });
    command
        .add_option("--min-free-disk", o.min_free_bytes,
                    "Warn when the disk of --state has less free, as 1GiB")
        ->group(group)
        ->transform(CLI::AsSizeValue(false));
    command
        .add_option("--cache-size", o.cache_bytes,
                    "Memory for state and blocks of a chain, as 1GiB; as much of its database is "
                    "mapped")
        ->group(group)
        ->transform(CLI::AsSizeValue(false))
        ->check(CLI::Range(std::size_t{16} << 20, std::size_t{1} << 40));
    command
        .add_option("--prune", o.keep_blocks,
                    "Keep transactions and receipts of that many final blocks alone; headers and "
                    "states stay. Default: keep all")
        ->group(group)
        ->check(CLI::Range(10, 1'000'000'000));
    command
        .add_option("--prune-states", o.keep_states,
                    "Keep the states of that many final blocks alone, and of those after them. "
                    "Default: keep all, as an archive node")
        ->group(group)
        ->check(CLI::Range(10, 1'000'000'000));
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
    const auto levels = log::parse_levels(o.log_level);
    if (!levels) return node::fatal("--log-level: " + levels.error());
    options.levels = *levels;
    log::set_up(options);
    const std::uint64_t files = raise_file_limit();
    log::debug("node", "open files are limited", {{"max", files}});
    return {};
}

}  // namespace mezz::app
