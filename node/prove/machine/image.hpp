// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A program's image: what an ELF file puts into the machine's memories.
///
/// spec: docs/reference/machine.md, "State"; System V ABI, "Object Files"; RISC-V ELF psABI.

#include <cstdint>
#include <expected>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"

namespace mezz::node::prove {

enum class ImageError : std::uint8_t {
    truncated,          ///< the file ends before its headers or a segment do
    magic,              ///< not an ELF file
    file_class,         ///< not of 64 bits
    byte_order,         ///< not little-endian
    version,            ///< of the format
    file_type,          ///< not an executable with fixed addresses
    instruction_set,    ///< not RISC-V
    flags,              ///< wants compressed instructions or floating point
    header_size,        ///< the sizes of its headers are not those of the format
    no_segments,        ///< nothing is loadable
    needs_loader,       ///< an interpreter or dynamic linking
    segment_sizes,      ///< more bytes in the file than in memory
    code_out_of_range,  ///< an executable segment is not in code memory as a whole
    data_out_of_range,  ///< another segment is not in data memory as a whole
    overlap,            ///< two segments share an address
};

struct Image {
    struct Segment {
        std::uint64_t address = 0;
        Bytes bytes;  ///< what memory has besides is zero, and so not here
    };
    std::vector<Segment> code;
    std::vector<Segment> data;
    std::uint64_t entry = 0;  ///< anywhere; where nothing executes, the first step traps
};

/// The reason in words.
[[nodiscard]] std::string_view describe(ImageError error) noexcept;

/// Total: any bytes are an image or have a reason.
[[nodiscard]] std::expected<Image, ImageError> load_elf(ByteView file);

}  // namespace mezz::node::prove
