// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/prove/machine/image.hpp"

namespace mezz::node::prove {

std::string_view describe(ImageError error) noexcept {
    using enum ImageError;
    switch (error) {
        case truncated:
            return "the file ends before its headers or a segment do";
        case magic:
            return "not an ELF file";
        case file_class:
            return "not of 64 bits";
        case byte_order:
            return "not little-endian";
        case version:
            return "an unknown version of the format";
        case file_type:
            return "not an executable with fixed addresses";
        case instruction_set:
            return "not for RISC-V";
        case flags:
            return "wants compressed instructions or floating point";
        case header_size:
            return "its headers do not have the format's sizes";
        case no_segments:
            return "nothing in it is loadable";
        case needs_loader:
            return "wants an interpreter or dynamic linking";
        case segment_sizes:
            return "a segment has more bytes in the file than in memory";
        case code_out_of_range:
            return "an executable segment is not within code memory";
        case data_out_of_range:
            return "a segment is not within data memory";
        case overlap:
            return "two segments share an address";
    }
    return "unknown";
}

}  // namespace mezz::node::prove
