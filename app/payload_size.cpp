// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/payload_size.hpp"

#include "core/derive/channel.hpp"

namespace mezz::app {

std::optional<std::uint64_t> payload_size(ByteView data) {
    if (data.empty()) return std::nullopt;
    if (data[0] == derive::format_plain) return data.size() - 1;
    if (data[0] != derive::format_zstd) return std::nullopt;
    constexpr std::uint8_t magic[] = {0x28, 0xb5, 0x2f, 0xfd};
    constexpr std::size_t descriptor_at = 1 + sizeof magic;
    if (data.size() <= descriptor_at) return std::nullopt;
    for (std::size_t i = 0; i < sizeof magic; ++i)
        if (data[1 + i] != magic[i]) return std::nullopt;
    const std::uint8_t descriptor = data[descriptor_at];
    const unsigned size_flag = descriptor >> 6;
    const bool single_segment = (descriptor & 0x20) != 0;
    constexpr std::size_t dictionary_bytes[] = {0, 1, 2, 4};
    const std::size_t at =
        descriptor_at + 1 + (single_segment ? 0 : 1) + dictionary_bytes[descriptor & 3];
    const std::size_t bytes =
        size_flag == 0 ? (single_segment ? 1 : 0) : std::size_t{1} << size_flag;
    if (bytes == 0 || data.size() < at + bytes) return std::nullopt;
    std::uint64_t size = 0;
    for (std::size_t i = 0; i < bytes; ++i) size |= std::uint64_t{data[at + i]} << (8 * i);
    // Two bytes count from 256.
    return bytes == 2 ? size + 256 : size;
}

}  // namespace mezz::app
