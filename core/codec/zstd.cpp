// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/codec/zstd.hpp"

#include <memory>

#include "core/base/endian.hpp"
#include "core/codec/byte_reader.hpp"
#include "core/codec/zstd_entropy.hpp"

namespace mezz {
namespace {

using namespace zstd;

constexpr std::size_t max_block_bytes = 128 * 1024;

// RFC 8878, tables 16 to 20: base values and extra bits of the sequence codes.
constexpr std::array<std::uint32_t, 36> literal_base{
    0,  1,  2,  3,  4,  5,  6,  7,  8,   9,   10,  11,   12,   13,   14,   15,    16,    18,
    20, 22, 24, 28, 32, 40, 48, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536};
constexpr std::array<std::uint8_t, 36> literal_bits{0, 0, 0, 0, 0, 0,  0,  0,  0,  0,  0,  0,
                                                    0, 0, 0, 0, 1, 1,  1,  1,  2,  2,  3,  3,
                                                    4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
constexpr std::array<std::uint32_t, 53> match_base{
    3,  4,  5,  6,  7,  8,  9,  10,  11,  12,  13,   14,   15,   16,   17,    18,    19,   20,
    21, 22, 23, 24, 25, 26, 27, 28,  29,  30,  31,   32,   33,   34,   35,    37,    39,   41,
    43, 47, 51, 59, 67, 83, 99, 131, 259, 515, 1027, 2051, 4099, 8195, 16387, 32771, 65539};
constexpr std::array<std::uint8_t, 53> match_bits{
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,  0,  0,  0,  0,  0,  0, 0,
    0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
constexpr std::array<std::int16_t, 36> literal_default{4, 3, 2, 2, 2, 2, 2, 2, 2,  2,  2,  2,
                                                       2, 1, 1, 1, 2, 2, 2, 2, 2,  2,  2,  2,
                                                       2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1};
constexpr std::array<std::int16_t, 53> match_default{
    1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,  1,  1,  1,  1,  1,  1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1};
constexpr std::array<std::int16_t, 29> offset_default{
    1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1};
constexpr unsigned max_offset_code = 31;

enum class TableMode : std::uint8_t { predefined = 0, constant = 1, described = 2, repeated = 3 };

class Decoder {
public:
    Decoder(ByteView frame, std::size_t max_bytes) : in_(frame), max_bytes_(max_bytes) {}

    std::expected<Bytes, ZstdError> run() {
        if (const auto e = frame()) return std::unexpected(*e);
        return std::move(out_);
    }

private:
    using Failure = std::optional<ZstdError>;

    Failure frame() {
        std::optional<std::uint64_t> content_size;
        if (const auto e = header(content_size)) return e;
        for (bool last = false; !last;) {
            const ByteView head = in_.take(3);
            if (!in_.ok()) return ZstdError::truncated;
            const std::uint32_t word =
                head[0] | head[1] << 8 | static_cast<std::uint32_t>(head[2]) << 16;
            last = (word & 1) != 0;
            if (const auto e = block((word >> 1) & 3, word >> 3)) return e;
        }
        if (!in_.at_end()) return ZstdError::trailing_bytes;
        if (content_size && *content_size != out_.size()) return ZstdError::wrong_size;
        return std::nullopt;
    }

    Failure header(std::optional<std::uint64_t>& content_size) {
        const ByteView magic = in_.take(4);
        if (!in_.ok()) return ZstdError::truncated;
        if (load_le32(magic.data()) != 0xfd2fb528) return ZstdError::bad_magic;
        const std::uint8_t descriptor = in_.u8();
        const bool single_segment = (descriptor & 0x20) != 0;
        // Bits 0-1: dictionary id; 2: checksum; 3: reserved; 4: unused.
        if ((descriptor & 0x1f) != 0) return ZstdError::unsupported;
        if (!single_segment)
            in_.u8();  // the window size: output is one piece, so it bounds nothing
        const unsigned size_flag = descriptor >> 6;
        const unsigned size_bytes = size_flag == 0 ? (single_segment ? 1 : 0) : 1u << size_flag;
        const ByteView field = in_.take(size_bytes);
        if (!in_.ok()) return ZstdError::truncated;
        if (size_bytes == 0) return std::nullopt;
        std::uint64_t size = 0;
        for (unsigned i = 0; i < size_bytes; ++i)
            size |= static_cast<std::uint64_t>(field[i]) << (8 * i);
        if (size_bytes == 2) size += 256;
        if (size > max_bytes_) return ZstdError::too_large;
        content_size = size;
        return std::nullopt;
    }

    Failure block(std::uint32_t type, std::uint32_t size) {
        if (type == 3 || size > max_block_bytes) return ZstdError::corrupt;
        if (type == 1) {
            const std::uint8_t byte = in_.u8();
            if (!in_.ok()) return ZstdError::truncated;
            if (size > max_bytes_ - out_.size()) return ZstdError::too_large;
            out_.insert(out_.end(), size, byte);
            return std::nullopt;
        }
        const ByteView content = in_.take(size);
        if (!in_.ok()) return ZstdError::truncated;
        if (type == 2) return compressed_block(content);
        if (size > max_bytes_ - out_.size()) return ZstdError::too_large;
        append(out_, content);
        return std::nullopt;
    }

    Failure compressed_block(ByteView content) {
        ByteReader in(content);
        literals_.clear();
        if (const auto e = literals(in)) return e;
        std::uint32_t count = in.u8();
        if (count == 255) {
            const std::uint32_t low = in.u8();
            count = low + (static_cast<std::uint32_t>(in.u8()) << 8) + 0x7f00;
        } else if (count >= 128) {
            count = ((count - 128) << 8) + in.u8();
        }
        if (!in.ok()) return ZstdError::corrupt;
        const std::size_t before = out_.size();
        std::size_t literals_used = 0;
        if (count == 0) {
            if (!in.at_end()) return ZstdError::corrupt;
        } else if (const auto e = sequences(in, count, literals_used)) {
            return e;
        }
        if (const auto e = grow(literals_.size() - literals_used, before)) return e;
        append(out_, ByteView(literals_).subspan(literals_used));
        return std::nullopt;
    }

    /// Whether `bytes` more may be written in the block that began at `block_start`.
    [[nodiscard]] Failure grow(std::size_t bytes, std::size_t block_start) const {
        if (bytes > max_bytes_ - out_.size()) return ZstdError::too_large;
        if (out_.size() - block_start + bytes > max_block_bytes) return ZstdError::corrupt;
        return std::nullopt;
    }

    Failure literals(ByteReader& in) {
        const std::uint8_t first = in.u8();
        const unsigned type = first & 3, format = (first >> 2) & 3;
        if (type < 2) {
            std::size_t size = first >> 3;
            if (format == 1)
                size = static_cast<std::size_t>(first >> 4) | static_cast<std::size_t>(in.u8())
                                                                  << 4;
            if (format == 3) {
                size = static_cast<std::size_t>(first >> 4) | static_cast<std::size_t>(in.u8())
                                                                  << 4;
                size |= static_cast<std::size_t>(in.u8()) << 12;
            }
            if (size > max_block_bytes) return ZstdError::corrupt;
            if (type == 0) {
                append(literals_, in.take(size));
            } else {
                const std::uint8_t byte = in.u8();
                literals_.assign(size, byte);
            }
            return in.ok() ? Failure{} : ZstdError::corrupt;
        }
        const unsigned size_bits = format < 2 ? 10 : format == 2 ? 14 : 18;
        std::uint64_t word = first;
        const unsigned extra = format < 2 ? 2 : format == 2 ? 3 : 4;
        for (unsigned i = 0; i < extra; ++i)
            word |= static_cast<std::uint64_t>(in.u8()) << (8 * (i + 1));
        const std::size_t size = (word >> 4) & ((1u << size_bits) - 1);
        const std::size_t coded = (word >> (4 + size_bits)) & ((1u << size_bits) - 1);
        ByteView content = in.take(coded);
        if (!in.ok() || size > max_block_bytes) return ZstdError::corrupt;
        if (type == 2) {
            const auto used = read_huffman(huffman_, content);
            if (!used) {
                huffman_.max_bits = 0;
                return ZstdError::corrupt;
            }
            content = content.subspan(*used);
        } else if (huffman_.max_bits == 0) {
            return ZstdError::corrupt;
        }
        literals_.resize(size);
        return huffman_streams(content, format == 0 ? 1 : 4);
    }

    Failure huffman_streams(ByteView content, unsigned streams) {
        if (streams == 1)
            return decode_huffman(huffman_, content, literals_) ? Failure{} : ZstdError::corrupt;
        if (content.size() < 6) return ZstdError::corrupt;
        const std::size_t part = (literals_.size() + 3) / 4;
        if (3 * part > literals_.size()) return ZstdError::corrupt;
        ByteReader in(content);
        const ByteView jump = in.take(6);
        for (unsigned i = 0; i < 4; ++i) {
            const std::size_t size =
                i < 3 ? static_cast<std::size_t>(jump[2 * i] | jump[2 * i + 1] << 8)
                      : in.remaining();
            const ByteView stream = in.take(size);
            const std::size_t start = i * part;
            const std::size_t length = i < 3 ? part : literals_.size() - start;
            if (!in.ok() || !decode_huffman(huffman_, stream,
                                            MutableByteView(literals_).subspan(start, length)))
                return ZstdError::corrupt;
        }
        return std::nullopt;
    }

    struct SequenceTable {
        FseTable fse;
        bool ready = false;
    };

    template <std::size_t N>
    Failure table(SequenceTable& out, TableMode mode, ByteReader& in, unsigned max_log,
                  unsigned max_symbol, const std::array<std::int16_t, N>& defaults,
                  unsigned default_log) {
        switch (mode) {
            case TableMode::predefined:
                build_fse(out.fse, defaults, default_log);
                break;
            case TableMode::constant: {
                const std::uint8_t symbol = in.u8();
                if (!in.ok() || symbol > max_symbol) return ZstdError::corrupt;
                build_fse_constant(out.fse, symbol);
                break;
            }
            case TableMode::described: {
                ByteReader look = in;
                const ByteView rest = look.take(look.remaining());
                const auto used = read_fse(out.fse, rest, max_log, max_symbol);
                out.ready = used.has_value();
                if (!used) return ZstdError::corrupt;
                in.take(*used);
                if (!in.ok()) return ZstdError::corrupt;
                break;
            }
            case TableMode::repeated:
                if (!out.ready) return ZstdError::corrupt;
                break;
        }
        out.ready = true;
        return std::nullopt;
    }

    Failure sequences(ByteReader& in, std::uint32_t count, std::size_t& literals_used) {
        const std::uint8_t modes = in.u8();
        if (!in.ok() || (modes & 3) != 0) return ZstdError::corrupt;
        const auto mode = [modes](unsigned shift) {
            return static_cast<TableMode>((modes >> shift) & 3);
        };
        if (const auto e = table(literal_table_, mode(6), in, 9, 35, literal_default, 6)) return e;
        if (const auto e = table(offset_table_, mode(4), in, 8, max_offset_code, offset_default, 5))
            return e;
        if (const auto e = table(match_table_, mode(2), in, 9, 52, match_default, 6)) return e;
        BackwardBits bits(in.take(in.remaining()));
        if (!bits.valid()) return ZstdError::corrupt;
        std::uint32_t literal_state = bits.read(literal_table_.fse.accuracy_log);
        std::uint32_t offset_state = bits.read(offset_table_.fse.accuracy_log);
        std::uint32_t match_state = bits.read(match_table_.fse.accuracy_log);
        const std::size_t block_start = out_.size();
        for (std::uint32_t i = 0; i < count; ++i) {
            const auto literal_cell = literal_table_.fse.cells[literal_state];
            const auto offset_cell = offset_table_.fse.cells[offset_state];
            const auto match_cell = match_table_.fse.cells[match_state];
            const std::uint64_t offset_value =
                (std::uint64_t{1} << offset_cell.symbol) + bits.read(offset_cell.symbol);
            const std::size_t match_size =
                match_base[match_cell.symbol] + bits.read(match_bits[match_cell.symbol]);
            const std::size_t literal_size =
                literal_base[literal_cell.symbol] + bits.read(literal_bits[literal_cell.symbol]);
            if (i + 1 < count) {
                literal_state = literal_cell.base + bits.read(literal_cell.bits);
                match_state = match_cell.base + bits.read(match_cell.bits);
                offset_state = offset_cell.base + bits.read(offset_cell.bits);
            }
            if (bits.left() < 0) return ZstdError::corrupt;
            if (literal_size > literals_.size() - literals_used) return ZstdError::corrupt;
            if (const auto e = grow(literal_size + match_size, block_start)) return e;
            append(out_, ByteView(literals_).subspan(literals_used, literal_size));
            literals_used += literal_size;
            const std::uint64_t offset = resolve_offset(offset_value, literal_size == 0);
            if (offset == 0 || offset > out_.size()) return ZstdError::corrupt;
            copy_match(offset, match_size);
        }
        return bits.left() == 0 ? Failure{} : ZstdError::corrupt;
    }

    /// Applies the three repeated offsets. spec: RFC 8878 §3.1.1.5.
    std::uint64_t resolve_offset(std::uint64_t value, bool no_literals) noexcept {
        if (value > 3) {
            recent_ = {value - 3, recent_[0], recent_[1]};
            return recent_[0];
        }
        const std::uint64_t which = value - 1 + (no_literals ? 1 : 0);
        if (which == 0) return recent_[0];
        const std::uint64_t offset = which < 3 ? recent_[which] : recent_[0] - 1;
        if (which == 1)
            recent_ = {offset, recent_[0], recent_[2]};
        else
            recent_ = {offset, recent_[0], recent_[1]};
        return offset;
    }

    void copy_match(std::size_t offset, std::size_t size) {
        const std::size_t start = out_.size();
        out_.resize(start + size);
        if (offset >= size) {
            std::memcpy(out_.data() + start, out_.data() + start - offset, size);
            return;
        }
        for (std::size_t i = 0; i < size; ++i) out_[start + i] = out_[start + i - offset];
    }

    ByteReader in_;
    std::size_t max_bytes_;
    Bytes out_;
    Bytes literals_;
    HuffmanTable huffman_;
    SequenceTable literal_table_, offset_table_, match_table_;
    std::array<std::uint64_t, 3> recent_{1, 4, 8};
};

}  // namespace

std::expected<Bytes, ZstdError> zstd_decompress(ByteView frame, std::size_t max_bytes) {
    const auto decoder = std::make_unique<Decoder>(frame, max_bytes);
    return decoder->run();
}

}  // namespace mezz
