// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/key_source.hpp"

#include <CLI/CLI.hpp>
#include <fstream>

#include "core/codec/hex.hpp"

namespace mezz::app {

void add_key_flags(CLI::App& command, const std::string& flag, const std::string& variable,
                   const std::string& what, std::string& key, std::filesystem::path& file) {
    auto* option = command.add_option(flag, key, what + "; better by the environment or a file")
                       ->envname(variable);
    command.add_option(flag + "-file", file, "File that holds it, readable by you alone")
        ->excludes(option);
}

node::Result<Bytes32> read_key(const std::string& flag, const std::string& variable,
                               const std::string& key, const std::filesystem::path& file) {
    if (key.empty() && file.empty())
        return node::fatal(flag + ": a private key is needed, 32 bytes as 0x-hex, in " + flag +
                           "-file FILE or the environment's " + variable);
    std::string text = key;
    std::string from = flag;
    if (!file.empty()) {
        from = flag + "-file " + file.string();
        std::error_code error;
        const auto permissions = std::filesystem::status(file, error).permissions();
        constexpr auto others =
            std::filesystem::perms::group_all | std::filesystem::perms::others_all;
        if (!error && (permissions & others) != std::filesystem::perms::none)
            return node::fatal(from + ": other users may read it; run chmod 600 on it");
        std::ifstream in(file);
        if (!in || !(in >> text)) return node::fatal(from + ": cannot be read, or is empty");
        if (std::string more; in >> more) return node::fatal(from + ": holds more than one word");
    }
    // What is wrong with it is not shown: logs are kept longer than terminals.
    const auto parsed = fixed_from_hex<Bytes32>(text);
    if (!parsed) return node::fatal(from + ": expected 32 bytes as 0x and 64 hex digits");
    return *parsed;
}

}  // namespace mezz::app
