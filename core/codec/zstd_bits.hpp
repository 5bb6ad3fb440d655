// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The two bit orders of zstd: table descriptions are read forwards, coded data backwards.

#include "core/base/bytes.hpp"

namespace mezz::zstd {

constexpr unsigned highest_bit(std::uint64_t v) noexcept {
    return 63u - static_cast<unsigned>(__builtin_clzll(v));
}

/// Least significant bit first. Reading past the end yields zeros; `overrun` tells.
class ForwardBits {
public:
    explicit ForwardBits(ByteView bytes) noexcept : bytes_(bytes) {}
    [[nodiscard]] std::uint32_t peek(unsigned count) const noexcept {
        std::uint32_t v = 0;
        for (unsigned i = 0; i < count; ++i) {
            const std::size_t at = position_ + i;
            if (at / 8 < bytes_.size() && ((bytes_[at / 8] >> (at % 8)) & 1) != 0) v |= 1u << i;
        }
        return v;
    }
    void skip(unsigned count) noexcept { position_ += count; }
    std::uint32_t read(unsigned count) noexcept {
        const std::uint32_t v = peek(count);
        skip(count);
        return v;
    }
    [[nodiscard]] bool overrun() const noexcept { return position_ > bytes_.size() * 8; }
    [[nodiscard]] std::size_t bytes_used() const noexcept { return (position_ + 7) / 8; }

private:
    ByteView bytes_;
    std::size_t position_ = 0;
};

/// From the end towards the start; the highest set bit of the last byte is the end mark.
class BackwardBits {
public:
    /// `valid` is false when the last byte is missing or zero.
    explicit BackwardBits(ByteView bytes) noexcept : bytes_(bytes) {
        if (bytes.empty() || bytes.back() == 0) return;
        left_ = static_cast<std::int64_t>((bytes.size() - 1) * 8 + highest_bit(bytes.back()));
        valid_ = true;
    }
    [[nodiscard]] bool valid() const noexcept { return valid_; }
    /// Bits not read yet; negative after reading past the start (which yields zeros).
    [[nodiscard]] std::int64_t left() const noexcept { return left_; }

    /// requires: count <= 32.
    std::uint32_t read(unsigned count) noexcept {
        left_ -= count;
        return at(left_, count);
    }
    [[nodiscard]] std::uint32_t peek(unsigned count) const noexcept {
        return at(left_ - count, count);
    }
    void skip(unsigned count) noexcept { left_ -= count; }

private:
    /// `count` bits whose lowest is bit `start`; bits below zero read as zero.
    [[nodiscard]] std::uint32_t at(std::int64_t start, unsigned count) const noexcept {
        if (count == 0) return 0;
        unsigned missing = 0;
        if (start < 0) {
            if (start + static_cast<std::int64_t>(count) <= 0) return 0;
            missing = static_cast<unsigned>(-start);
            start = 0;
        }
        const std::size_t byte = static_cast<std::size_t>(start) / 8;
        std::uint64_t v = 0;
        const std::size_t have = bytes_.size() - byte < 8 ? bytes_.size() - byte : 8;
        for (std::size_t i = 0; i < have; ++i)
            v |= static_cast<std::uint64_t>(bytes_[byte + i]) << (8 * i);
        v >>= start % 8;
        v &= (std::uint64_t{1} << (count - missing)) - 1;
        return static_cast<std::uint32_t>(v << missing);
    }

    ByteView bytes_;
    std::int64_t left_ = 0;
    bool valid_ = false;
};

}  // namespace mezz::zstd
