// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/prove/machine/image.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/base/endian.hpp"
#include "core/riscv/state.hpp"

namespace mezz::node::prove {
namespace {

constexpr std::size_t HEADER_BYTES = 64;
constexpr std::size_t PROGRAM_HEADER_BYTES = 56;

constexpr std::uint8_t ELFCLASS64 = 2;
constexpr std::uint8_t ELFDATA2LSB = 1;
constexpr std::uint16_t ET_EXEC = 2;
constexpr std::uint16_t EM_RISCV = 243;
constexpr std::uint32_t PT_LOAD = 1;
constexpr std::uint32_t PT_DYNAMIC = 2;
constexpr std::uint32_t PT_INTERP = 3;
constexpr std::uint32_t PF_X = 1;

/// Little-endian fields by their offset.
struct Fields {
    ByteView bytes;
    [[nodiscard]] std::uint16_t u16(std::size_t at) const {
        return static_cast<std::uint16_t>(bytes[at] | bytes[at + 1] << 8);
    }
    [[nodiscard]] std::uint32_t u32(std::size_t at) const { return load_le32(bytes.data() + at); }
    [[nodiscard]] std::uint64_t u64(std::size_t at) const { return load_le64(bytes.data() + at); }
};

std::optional<ImageError> check_header(const Fields& h) {
    if (h.bytes[0] != 0x7f || h.bytes[1] != 'E' || h.bytes[2] != 'L' || h.bytes[3] != 'F')
        return ImageError::magic;
    if (h.bytes[4] != ELFCLASS64) return ImageError::file_class;
    if (h.bytes[5] != ELFDATA2LSB) return ImageError::byte_order;
    if (h.bytes[6] != 1 || h.u32(20) != 1) return ImageError::version;
    if (h.u16(16) != ET_EXEC) return ImageError::file_type;
    if (h.u16(18) != EM_RISCV) return ImageError::instruction_set;
    if (h.u32(48) != 0) return ImageError::flags;
    if (h.u16(52) != HEADER_BYTES) return ImageError::header_size;
    return std::nullopt;
}

/// Where a segment is in memory.
struct Range {
    std::uint64_t start, end;
};

std::expected<void, ImageError> add_segment(const Fields& p, ByteView file, Image& image,
                                            std::vector<Range>& ranges) {
    const std::uint64_t offset = p.u64(8), address = p.u64(16);
    const std::uint64_t file_bytes = p.u64(32), memory_bytes = p.u64(40);
    if (file_bytes > memory_bytes) return std::unexpected(ImageError::segment_sizes);
    if (offset > file.size() || file_bytes > file.size() - offset)
        return std::unexpected(ImageError::truncated);
    const bool executable = (p.u32(4) & PF_X) != 0;
    const std::uint64_t low = executable ? 0 : riscv::DATA_START;
    const std::uint64_t high = executable ? riscv::CODE_END : riscv::DATA_END;
    if (address < low || address > high || memory_bytes > high - address)
        return std::unexpected(executable ? ImageError::code_out_of_range
                                          : ImageError::data_out_of_range);
    if (memory_bytes == 0) return {};
    ranges.push_back({address, address + memory_bytes});
    (executable ? image.code : image.data)
        .push_back({address, to_bytes(file.subspan(offset, file_bytes))});
    return {};
}

}  // namespace

std::expected<Image, ImageError> load_elf(ByteView file) {
    if (file.size() < HEADER_BYTES) return std::unexpected(ImageError::truncated);
    const Fields header{file.first(HEADER_BYTES)};
    if (const auto error = check_header(header)) return std::unexpected(*error);
    const std::uint64_t table = header.u64(32), count = header.u16(56);
    if (count == 0) return std::unexpected(ImageError::no_segments);
    if (header.u16(54) != PROGRAM_HEADER_BYTES) return std::unexpected(ImageError::header_size);
    if (table > file.size() || count * PROGRAM_HEADER_BYTES > file.size() - table)
        return std::unexpected(ImageError::truncated);

    Image image;
    image.entry = header.u64(24);
    std::vector<Range> ranges;
    for (std::uint64_t i = 0; i < count; ++i) {
        const Fields p{file.subspan(table + i * PROGRAM_HEADER_BYTES, PROGRAM_HEADER_BYTES)};
        const std::uint32_t type = p.u32(0);
        if (type == PT_DYNAMIC || type == PT_INTERP)
            return std::unexpected(ImageError::needs_loader);
        if (type != PT_LOAD) continue;
        if (const auto added = add_segment(p, file, image, ranges); !added)
            return std::unexpected(added.error());
    }
    if (ranges.empty()) return std::unexpected(ImageError::no_segments);
    std::ranges::sort(ranges, {}, &Range::start);
    for (std::size_t i = 1; i < ranges.size(); ++i)
        if (ranges[i].start < ranges[i - 1].end) return std::unexpected(ImageError::overlap);
    return image;
}

}  // namespace mezz::node::prove
