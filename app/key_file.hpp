// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Files with one private key, as `--batcher-key-file` and its like take them: `mezz key`.
///
/// A key goes from the system's randomness, a file or standard input into a file that its owner
/// alone can read, and is never shown.

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "node/ports/result.hpp"

namespace mezz::app {

/// Fills bytes nobody can guess. returns: false when it cannot.
using Randomness = std::function<bool(std::span<std::uint8_t>)>;
/// The kernel's (getrandom).
bool system_randomness(std::span<std::uint8_t> out);

/// A number of [1, n), each as likely as any other.
/// errors: fatal when `randomness` fails, or gives no such number a hundred times over.
node::Result<Bytes32> new_key(const Randomness& randomness);

/// A key as text: 64 hex digits, with or without 0x, spaces and line ends around it.
/// errors: fatal; `name` is how it calls the text, which it never repeats.
node::Result<Bytes32> parse_key(std::string_view text, const std::string& name);
/// errors: fatal, as parse_key, and when the file cannot be read.
node::Result<Bytes32> read_key_file(const std::filesystem::path& path);
/// Mode 0600. errors: fatal when the file is there already, or cannot be written.
node::Result<void> write_key_file(const std::filesystem::path& path, const Bytes32& key);

struct KeyOptions {
    std::string source;          ///< of import: a file, or - for standard input
    std::filesystem::path file;  ///< what is written, or looked at
    bool json = false;
};
/// returns: the process's exit code, as the others.
int run_key_new(const KeyOptions& options);
int run_key_import(const KeyOptions& options);
int run_key_address(const KeyOptions& options);

}  // namespace mezz::app
