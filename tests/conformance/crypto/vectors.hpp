// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Where the official vectors lie and how their hex reads.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"

namespace mezz::conformance {

/// $MEZZ_VECTORS, else ../shared/vectors beside the repository; empty when there is none.
inline std::filesystem::path vectors_folder() {
    const char* chosen = std::getenv("MEZZ_VECTORS");
    std::filesystem::path folder =
        chosen != nullptr ? std::filesystem::path(chosen)
                          : std::filesystem::path(MEZZ_SOURCE_DIR) / "../shared/vectors";
    return std::filesystem::is_directory(folder) ? folder : std::filesystem::path();
}

inline std::string read_text(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// Hex with or without 0x; nothing for an odd length or a strange digit.
inline std::optional<Bytes> from_hex(std::string_view text) {
    if (text.starts_with("0x")) text.remove_prefix(2);
    if (text.size() % 2 != 0) return std::nullopt;
    auto digit = [](char c) -> int {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        if (c >= 'A' && c <= 'F') return c - 'A' + 10;
        return -1;
    };
    Bytes out(text.size() / 2);
    for (std::size_t i = 0; i < out.size(); ++i) {
        const int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        out[i] = static_cast<std::uint8_t>(16 * high + low);
    }
    return out;
}

}  // namespace mezz::conformance
