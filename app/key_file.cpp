// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/key_file.hpp"

#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>

#include "app/exit_code.hpp"
#include "app/talk.hpp"
#include "core/codec/hex.hpp"
#include "core/crypto/secp256k1.hpp"
#include "node/ingest/rpc/json_writer.hpp"
#include "node/ports/hex_text.hpp"

namespace mezz::app {
namespace {

using node::fatal;
using node::Result;

/// What holds more is no key.
constexpr std::size_t max_text_bytes = 1024;

Result<std::string> read_some(std::istream& in, const std::string& name) {
    std::string text(max_text_bytes + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad()) return fatal(name + ": cannot be read");
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
}

/// Says whose key it is, and where it lies.
int report(const KeyOptions& options, const Bytes32& key, bool written) {
    // What is in a file has been checked.
    const std::string address = node::hex_text(crypto::address_of(key).value_or(Address{}));
    if (options.json) {
        rpc::JsonWriter out;
        out.object([&] {
            out.field("address").string(address);
            out.field("file").string(options.file.string());
        });
        std::printf("%s\n", out.take().c_str());
    } else {
        std::printf("%s\n", address.c_str());
        if (written)
            advise("the key is in " + options.file.string() +
                   ", for your eyes alone; keep a copy where it is safe");
    }
    return exit_ok;
}

int write_and_report(const KeyOptions& options, const Result<Bytes32>& key) {
    if (!key) return fail(key.error());
    if (auto written = write_key_file(options.file, *key); !written) return fail(written.error());
    return report(options, *key, true);
}

}  // namespace

bool system_randomness(std::span<std::uint8_t> out) {
    while (!out.empty()) {
        const ssize_t n = ::getrandom(out.data(), out.size(), 0);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        out = out.subspan(static_cast<std::size_t>(n));
    }
    return true;
}

Result<Bytes32> new_key(const Randomness& randomness) {
    // One draw in 2^128 is no key; a hundred in a row are a broken source.
    constexpr int max_draws = 100;
    for (int i = 0; i < max_draws; ++i) {
        Bytes32 key;
        if (!randomness({key.data(), Bytes32::size()}))
            return fatal("the system gives no randomness");
        if (crypto::address_of(key)) return key;
    }
    return fatal("the system's randomness is none");
}

Result<Bytes32> parse_key(std::string_view text, const std::string& name) {
    constexpr std::string_view blank = " \t\r\n";
    const auto begin = text.find_first_not_of(blank);
    if (begin == std::string_view::npos) return fatal(name + ": is empty");
    text = text.substr(begin, text.find_last_not_of(blank) + 1 - begin);
    const auto key = fixed_from_hex<Bytes32>(text);
    if (!key) return fatal(name + ": expected a private key, 64 hex digits");
    if (!crypto::address_of(*key))
        return fatal(name + ": is no private key: zero, or not below the order of the group");
    return *key;
}

Result<Bytes32> read_key_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return fatal(path.string() + ": cannot be read");
    const auto text = read_some(in, path.string());
    if (!text) return std::unexpected(text.error());
    return parse_key(*text, path.string());
}

Result<void> write_key_file(const std::filesystem::path& path, const Bytes32& key) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 && errno == EEXIST)
        return fatal(path.string() + ": is there already; a key is never written over");
    if (fd < 0) return fatal(path.string() + ": cannot be written: " + std::strerror(errno));
    const std::string text = node::hex_text(key) + "\n";
    int code = 0;
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 || ::fsync(fd) != 0)
        code = errno;
    else if (static_cast<std::size_t>(n) != text.size())
        code = ENOSPC;
    if (::close(fd) != 0 && code == 0) code = errno;
    if (code == 0) return {};
    // Half a key would be in the way of a whole one.
    ::unlink(path.c_str());
    return fatal(path.string() + ": cannot be written: " + std::strerror(code));
}

int run_key_new(const KeyOptions& options) {
    return write_and_report(options, new_key(system_randomness));
}

int run_key_import(const KeyOptions& options) {
    const auto read = [&]() -> Result<Bytes32> {
        if (options.source != "-") return read_key_file(options.source);
        const auto text = read_some(std::cin, "standard input");
        if (!text) return std::unexpected(text.error());
        return parse_key(*text, "standard input");
    };
    return write_and_report(options, read());
}

int run_key_address(const KeyOptions& options) {
    const auto key = read_key_file(options.file);
    return key ? report(options, *key, false) : fail(key.error());
}

}  // namespace mezz::app
