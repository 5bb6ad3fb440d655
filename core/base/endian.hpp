// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Explicit byte order for every integer that leaves memory. Unaligned access is safe: RV64IM has
/// natural alignment only, so these go through memcpy and compile to single loads where legal.

#include <bit>
#include <cstdint>
#include <cstring>

#include "core/base/bytes.hpp"

namespace mezz {

static_assert(std::endian::native == std::endian::little);

inline std::uint64_t load_le64(const std::uint8_t* p) noexcept {
    std::uint64_t v;
    std::memcpy(&v, p, 8);
    return v;
}
inline std::uint32_t load_le32(const std::uint8_t* p) noexcept {
    std::uint32_t v;
    std::memcpy(&v, p, 4);
    return v;
}
inline std::uint32_t load_be32(const std::uint8_t* p) noexcept {
#if defined(__riscv)
    // Unaligned loads are made of bytes there and reversing is not an instruction: once is enough.
    return std::uint32_t{p[0]} << 24 | std::uint32_t{p[1]} << 16 | std::uint32_t{p[2]} << 8 | p[3];
#else
    return __builtin_bswap32(load_le32(p));
#endif
}
inline std::uint64_t load_be64(const std::uint8_t* p) noexcept {
#if defined(__riscv)
    return std::uint64_t{load_be32(p)} << 32 | load_be32(p + 4);
#else
    return __builtin_bswap64(load_le64(p));
#endif
}
inline void store_le64(std::uint8_t* p, std::uint64_t v) noexcept {
    std::memcpy(p, &v, 8);
}
inline void store_le32(std::uint8_t* p, std::uint32_t v) noexcept {
    std::memcpy(p, &v, 4);
}
inline void store_be64(std::uint8_t* p, std::uint64_t v) noexcept {
    store_le64(p, __builtin_bswap64(v));
}
inline void store_be32(std::uint8_t* p, std::uint32_t v) noexcept {
    store_le32(p, __builtin_bswap32(v));
}

}  // namespace mezz
