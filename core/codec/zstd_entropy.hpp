// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// zstd's two entropy coders: FSE (finite state) tables and Huffman trees. spec: RFC 8878 §4.1,
/// §4.2.

#include <array>
#include <optional>
#include <span>

#include "core/codec/zstd_bits.hpp"

namespace mezz::zstd {

struct FseTable {
    struct Cell {
        std::uint16_t base = 0;
        std::uint8_t bits = 0;
        std::uint8_t symbol = 0;
    };
    unsigned accuracy_log = 0;
    std::array<Cell, 512> cells{};
};

/// Builds the decoding table of a distribution. -1 means "less than one".
/// returns: false when the probabilities do not fill the table.
bool build_fse(FseTable& table, std::span<const std::int16_t> probabilities, unsigned accuracy_log);
/// The table that always gives one symbol.
void build_fse_constant(FseTable& table, std::uint8_t symbol) noexcept;
/// Reads a table description at the start of `in`. returns: bytes used, or none when it is corrupt.
std::optional<std::size_t> read_fse(FseTable& table, ByteView in, unsigned max_accuracy_log,
                                    unsigned max_symbol);

struct HuffmanTable {
    struct Cell {
        std::uint8_t symbol = 0;
        std::uint8_t bits = 0;
    };
    unsigned max_bits = 0;  ///< 0: no table yet
    std::array<Cell, 2048> cells{};
};

/// Reads a tree description. returns: bytes used, or none when it is corrupt.
std::optional<std::size_t> read_huffman(HuffmanTable& table, ByteView in);
/// Decodes one stream into exactly out.size() bytes. returns: whether all bits were used.
bool decode_huffman(const HuffmanTable& table, ByteView stream, MutableByteView out) noexcept;

}  // namespace mezz::zstd
