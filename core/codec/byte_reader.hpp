// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A cursor over bytes with a sticky failure, and the LEB128 integers that batches use.
///
/// After the first failure every read gives zero or nothing, so a decoder reads all its fields and
/// asks once. Integers must be in their shortest form.

#include <cstdint>

#include "core/base/bytes.hpp"
#include "core/base/endian.hpp"
#include "core/base/uint256.hpp"

namespace mezz {

class ByteReader {
public:
    explicit ByteReader(ByteView bytes) noexcept : rest_(bytes) {}

    [[nodiscard]] bool ok() const noexcept { return ok_; }
    [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }
    [[nodiscard]] std::size_t remaining() const noexcept { return rest_.size(); }
    void fail() noexcept {
        ok_ = false;
        rest_ = {};
    }

    ByteView take(std::uint64_t count) noexcept {
        if (count > rest_.size()) {
            fail();
            return {};
        }
        const ByteView out = rest_.first(count);
        rest_ = rest_.subspan(count);
        return out;
    }
    std::uint8_t u8() noexcept {
        const ByteView b = take(1);
        return b.empty() ? std::uint8_t{0} : b[0];
    }
    template <std::size_t N>
    FixedBytes<N> fixed() noexcept {
        const ByteView b = take(N);
        return ok_ ? FixedBytes<N>::from(b) : FixedBytes<N>{};
    }
    /// LEB128, at most 10 bytes, no padding.
    std::uint64_t varint() noexcept {
        std::uint64_t v = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const std::uint8_t b = u8();
            if (!ok_) return 0;
            const std::uint64_t part = b & 0x7f;
            if ((shift == 63 && part > 1) || (shift > 0 && b == 0)) {
                fail();
                return 0;
            }
            v |= part << shift;
            if ((b & 0x80) == 0) return v;
        }
        fail();
        return 0;
    }
    /// A length byte and that many big-endian bytes, shortest form.
    uint256 short_u256() noexcept {
        const std::uint8_t size = u8();
        const ByteView b = size <= 32 ? take(size) : (fail(), ByteView{});
        if (!ok_) return {};
        if (!b.empty() && b[0] == 0) {
            fail();
            return {};
        }
        return from_be(b);
    }

private:
    ByteView rest_;
    bool ok_ = true;
};

inline void append_varint(Bytes& out, std::uint64_t v) {
    while (v >= 0x80) {
        out.push_back(static_cast<std::uint8_t>(v | 0x80));
        v >>= 7;
    }
    out.push_back(static_cast<std::uint8_t>(v));
}
inline void append_short(Bytes& out, const uint256& v) {
    const unsigned size = significant_bytes(v);
    out.push_back(static_cast<std::uint8_t>(size));
    const Bytes32 b = to_bytes32(v);
    append(out, ByteView(b).subspan(32 - size));
}
inline void append_be64(Bytes& out, std::uint64_t v) {
    std::uint8_t b[8];
    store_be64(b, v);
    append(out, b);
}

}  // namespace mezz
