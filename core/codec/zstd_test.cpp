// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/codec/zstd.hpp"

#include <gtest/gtest.h>
#include <zstd.h>

#include <memory>
#include <random>

namespace mezz {
namespace {

Bytes compress(ByteView data, int level, bool with_size = true) {
    const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(),
                                                                       ZSTD_freeCCtx);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_contentSizeFlag, with_size ? 1 : 0);
    Bytes out(ZSTD_compressBound(data.size()));
    const std::size_t size =
        ZSTD_compress2(context.get(), out.data(), out.size(), data.data(), data.size());
    EXPECT_FALSE(ZSTD_isError(size));
    out.resize(size);
    return out;
}

/// Data of several characters: random, few symbols, runs, text with repeats, one byte, rows.
Bytes sample(std::mt19937_64& random, std::size_t size) {
    Bytes d(size);
    const auto mode = random() % 6;
    for (std::size_t k = 0; k < size; ++k) {
        switch (mode) {
            case 0:
                d[k] = static_cast<std::uint8_t>(random());
                break;
            case 1:
                d[k] = static_cast<std::uint8_t>(random() % 4);
                break;
            case 2:
                d[k] = static_cast<std::uint8_t>(random() % 16 == 0 ? random() : k / 100);
                break;
            case 3:
                d[k] = k > 200 && random() % 40 == 0
                           ? d[k - 1 - random() % 200]
                           : static_cast<std::uint8_t>("the quick brown fox jumps"[random() % 25]);
                break;
            case 4:
                d[k] = 7;
                break;
            default:
                d[k] = static_cast<std::uint8_t>(k % 96 < 64 ? random() : k % 96);
        }
    }
    return d;
}

TEST(zstd, decodes_what_libzstd_writes_at_every_level) {
    std::mt19937_64 random(3);
    for (int i = 0; i < 700; ++i) {
        const Bytes data = sample(random, i % 10 == 0 ? random() % 400'000 : random() % 5000);
        const Bytes frame = compress(data, static_cast<int>(random() % 22) - 2, i % 3 != 0);
        const auto back = zstd_decompress(frame, std::size_t{1} << 20);
        ASSERT_TRUE(back) << i << " error " << static_cast<int>(back.error());
        ASSERT_EQ(*back, data);
    }
}

/// Where both decoders accept changed bytes they must agree; ours may refuse more.
TEST(zstd, changed_frames_never_decode_to_something_else) {
    std::mt19937_64 random(4);
    for (int i = 0; i < 500; ++i) {
        const Bytes data = sample(random, 1 + random() % 3000);
        Bytes frame = compress(data, 3);
        frame[4 + random() % (frame.size() - 4)] ^= static_cast<std::uint8_t>(1 << (random() % 8));
        Bytes theirs(std::size_t{1} << 20);
        const std::size_t size =
            ZSTD_decompress(theirs.data(), theirs.size(), frame.data(), frame.size());
        const auto ours = zstd_decompress(frame, theirs.size());
        if (!ours || ZSTD_isError(size)) continue;
        theirs.resize(size);
        ASSERT_EQ(*ours, theirs);
    }
}

TEST(zstd, every_cut_is_refused) {
    std::mt19937_64 random(5);
    const Bytes frame = compress(sample(random, 3000), 3);
    for (std::size_t n = 0; n < frame.size(); ++n)
        ASSERT_FALSE(zstd_decompress(ByteView(frame).first(n), 1 << 20)) << n;
}

TEST(zstd, bomb_stops_at_the_bound) {
    const Bytes zeros(8u << 20);
    EXPECT_EQ(zstd_decompress(compress(zeros, 19), 1 << 20).error(), ZstdError::too_large);
    EXPECT_EQ(zstd_decompress(compress(zeros, 19, false), 1 << 20).error(), ZstdError::too_large);
}

TEST(zstd, reasons_for_refusal) {
    const Bytes data(100, 1);
    Bytes frame = compress(data, 3);
    Bytes trailing = frame;
    trailing.push_back(0);
    EXPECT_EQ(zstd_decompress(trailing, 1000).error(), ZstdError::trailing_bytes);
    Bytes magic = frame;
    magic[0] ^= 1;
    EXPECT_EQ(zstd_decompress(magic, 1000).error(), ZstdError::bad_magic);
    Bytes checksum = frame;
    checksum[4] |= 4;
    EXPECT_EQ(zstd_decompress(checksum, 1000).error(), ZstdError::unsupported);
    EXPECT_EQ(zstd_decompress(ByteView(frame).first(3), 1000).error(), ZstdError::truncated);
    Bytes size = frame;
    size[5] ^= 1;
    EXPECT_EQ(zstd_decompress(size, 1000).error(), ZstdError::wrong_size);
    const Bytes reserved_block{0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x00, 0x07, 0x00, 0x00};
    EXPECT_EQ(zstd_decompress(reserved_block, 1000).error(), ZstdError::corrupt);
}

}  // namespace
}  // namespace mezz
