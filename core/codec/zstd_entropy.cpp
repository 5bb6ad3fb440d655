// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/codec/zstd_entropy.hpp"

namespace mezz::zstd {

bool build_fse(FseTable& table, std::span<const std::int16_t> probabilities,
               unsigned accuracy_log) {
    const unsigned size = 1u << accuracy_log;
    std::array<std::uint16_t, 256> next{};
    unsigned high = size;
    for (std::size_t s = 0; s < probabilities.size(); ++s) {
        if (probabilities[s] != -1) continue;
        if (high == 0) return false;
        table.cells[--high].symbol = static_cast<std::uint8_t>(s);
        next[s] = 1;
    }
    const unsigned step = (size >> 1) + (size >> 3) + 3, mask = size - 1;
    unsigned position = 0, filled = size - high;
    for (std::size_t s = 0; s < probabilities.size(); ++s) {
        if (probabilities[s] <= 0) continue;
        next[s] = static_cast<std::uint16_t>(probabilities[s]);
        filled += static_cast<unsigned>(probabilities[s]);
        if (filled > size) return false;
        for (int i = 0; i < probabilities[s]; ++i) {
            table.cells[position].symbol = static_cast<std::uint8_t>(s);
            do position = (position + step) & mask;
            while (position >= high && high != 0);
        }
    }
    if (filled != size || position != 0) return false;
    for (unsigned i = 0; i < size; ++i) {
        FseTable::Cell& cell = table.cells[i];
        const std::uint16_t state = next[cell.symbol]++;
        cell.bits = static_cast<std::uint8_t>(accuracy_log - highest_bit(state));
        cell.base = static_cast<std::uint16_t>((static_cast<unsigned>(state) << cell.bits) - size);
    }
    table.accuracy_log = accuracy_log;
    return true;
}

void build_fse_constant(FseTable& table, std::uint8_t symbol) noexcept {
    table.accuracy_log = 0;
    table.cells[0] = {0, 0, symbol};
}

std::optional<std::size_t> read_fse(FseTable& table, ByteView in, unsigned max_accuracy_log,
                                    unsigned max_symbol) {
    ForwardBits bits(in);
    const unsigned accuracy_log = bits.read(4) + 5;
    if (accuracy_log > max_accuracy_log) return std::nullopt;
    std::array<std::int16_t, 256> probabilities{};
    std::int32_t remaining = 1 << accuracy_log;
    unsigned symbol = 0;
    while (remaining > 0) {
        if (symbol > max_symbol || bits.overrun()) return std::nullopt;
        const unsigned width = highest_bit(static_cast<std::uint64_t>(remaining) + 1) + 1;
        std::int32_t value = static_cast<std::int32_t>(bits.peek(width));
        const std::int32_t low_mask = (1 << (width - 1)) - 1;
        const std::int32_t threshold = (1 << width) - 1 - (remaining + 1);
        if ((value & low_mask) < threshold) {
            value &= low_mask;
            bits.skip(width - 1);
        } else {
            if (value > low_mask) value -= threshold;
            bits.skip(width);
        }
        const std::int32_t probability = value - 1;
        remaining -= probability < 0 ? 1 : probability;
        probabilities[symbol++] = static_cast<std::int16_t>(probability);
        if (probability != 0) continue;
        for (unsigned repeat = 3; repeat == 3;) {
            repeat = bits.read(2);
            symbol += repeat;
            if (symbol > max_symbol + 1 || bits.overrun()) return std::nullopt;
        }
    }
    if (remaining != 0 || bits.overrun() || symbol > max_symbol + 1) return std::nullopt;
    if (!build_fse(table, std::span(probabilities).first(symbol), accuracy_log))
        return std::nullopt;
    return bits.bytes_used();
}

namespace {

constexpr unsigned max_huffman_bits = 11;
using Weights = std::array<std::uint8_t, 256>;

/// Weights coded by two FSE states that take turns. returns: how many, or none when corrupt.
std::optional<unsigned> read_fse_weights(Weights& weights, ByteView in) {
    FseTable table;
    const auto used = read_fse(table, in, 6, 255);
    if (!used || *used > in.size()) return std::nullopt;
    BackwardBits bits(in.subspan(*used));
    if (!bits.valid()) return std::nullopt;
    std::uint32_t state[2];
    for (auto& s : state) s = bits.read(table.accuracy_log);
    if (bits.left() < 0) return std::nullopt;
    unsigned count = 0;
    for (unsigned turn = 0;; turn ^= 1) {
        const FseTable::Cell& cell = table.cells[state[turn]];
        if (count > 253) return std::nullopt;
        weights[count++] = cell.symbol;
        state[turn] = cell.base + bits.read(cell.bits);
        if (bits.left() < 0) {
            weights[count++] = table.cells[state[turn ^ 1]].symbol;
            return count;
        }
    }
}

/// Fills the table from explicit weights plus the implied last one.
bool build_huffman(HuffmanTable& table, Weights& weights, unsigned count) {
    std::uint32_t total = 0;
    for (unsigned i = 0; i < count; ++i) {
        if (weights[i] > max_huffman_bits) return false;
        if (weights[i] > 0) total += 1u << (weights[i] - 1);
    }
    if (total == 0 || count > 255) return false;
    const unsigned max_bits = highest_bit(total) + 1;
    if (max_bits > max_huffman_bits) return false;
    const std::uint32_t left = (1u << max_bits) - total;
    if ((left & (left - 1)) != 0) return false;
    weights[count++] = static_cast<std::uint8_t>(highest_bit(left) + 1);
    std::uint32_t at = 0;
    for (unsigned w = 1; w <= max_bits; ++w)
        for (unsigned s = 0; s < count; ++s) {
            if (weights[s] != w) continue;
            for (std::uint32_t i = 0; i < 1u << (w - 1); ++i)
                table.cells[at++] = {static_cast<std::uint8_t>(s),
                                     static_cast<std::uint8_t>(max_bits + 1 - w)};
        }
    table.max_bits = max_bits;
    return at == 1u << max_bits;
}

}  // namespace

std::optional<std::size_t> read_huffman(HuffmanTable& table, ByteView in) {
    if (in.empty()) return std::nullopt;
    const unsigned header = in[0];
    Weights weights{};
    std::size_t used = 1;
    unsigned count = 0;
    if (header >= 128) {
        count = header - 127;
        used += (count + 1) / 2;
        if (used > in.size()) return std::nullopt;
        for (unsigned i = 0; i < count; ++i)
            weights[i] = i % 2 == 0 ? in[1 + i / 2] >> 4 : in[1 + i / 2] & 15;
    } else {
        used += header;
        if (used > in.size()) return std::nullopt;
        const auto n = read_fse_weights(weights, in.subspan(1, header));
        if (!n) return std::nullopt;
        count = *n;
    }
    if (!build_huffman(table, weights, count)) return std::nullopt;
    return used;
}

bool decode_huffman(const HuffmanTable& table, ByteView stream, MutableByteView out) noexcept {
    BackwardBits bits(stream);
    if (!bits.valid()) return false;
    for (auto& byte : out) {
        const HuffmanTable::Cell cell = table.cells[bits.peek(table.max_bits)];
        bits.skip(cell.bits);
        byte = cell.symbol;
        if (bits.left() < 0) return false;
    }
    return bits.left() == 0;
}

}  // namespace mezz::zstd
