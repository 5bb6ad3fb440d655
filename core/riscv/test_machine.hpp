// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// For tests: an assembler of single instructions, the table of all encodings, and a machine whose
/// memories are maps of leaves.

#include <array>
#include <map>
#include <vector>

#include "core/base/endian.hpp"
#include "core/riscv/preimages.hpp"
#include "core/riscv/step.hpp"

namespace mezz::riscv::testing {

/// How an instruction's fields lie in its word.
enum class Format : std::uint8_t { r, i, shift, shift_word, s, b, u, j, fixed };

struct Encoding {
    Kind kind;
    Format format;
    std::uint32_t mask;   ///< bits that are fixed
    std::uint32_t match;  ///< their values
};

/// spec: RISC-V Unprivileged ISA 20191213, chapter 24, listings of RV32I, RV64I, RV32M and RV64M.
inline constexpr Encoding ENCODINGS[] = {
    {Kind::lui, Format::u, 0x7f, 0x37},
    {Kind::auipc, Format::u, 0x7f, 0x17},
    {Kind::jal, Format::j, 0x7f, 0x6f},
    {Kind::jalr, Format::i, 0x707f, 0x67},
    {Kind::beq, Format::b, 0x707f, 0x63},
    {Kind::bne, Format::b, 0x707f, 0x1063},
    {Kind::blt, Format::b, 0x707f, 0x4063},
    {Kind::bge, Format::b, 0x707f, 0x5063},
    {Kind::bltu, Format::b, 0x707f, 0x6063},
    {Kind::bgeu, Format::b, 0x707f, 0x7063},
    {Kind::lb, Format::i, 0x707f, 0x3},
    {Kind::lh, Format::i, 0x707f, 0x1003},
    {Kind::lw, Format::i, 0x707f, 0x2003},
    {Kind::ld, Format::i, 0x707f, 0x3003},
    {Kind::lbu, Format::i, 0x707f, 0x4003},
    {Kind::lhu, Format::i, 0x707f, 0x5003},
    {Kind::lwu, Format::i, 0x707f, 0x6003},
    {Kind::sb, Format::s, 0x707f, 0x23},
    {Kind::sh, Format::s, 0x707f, 0x1023},
    {Kind::sw, Format::s, 0x707f, 0x2023},
    {Kind::sd, Format::s, 0x707f, 0x3023},
    {Kind::addi, Format::i, 0x707f, 0x13},
    {Kind::slti, Format::i, 0x707f, 0x2013},
    {Kind::sltiu, Format::i, 0x707f, 0x3013},
    {Kind::xori, Format::i, 0x707f, 0x4013},
    {Kind::ori, Format::i, 0x707f, 0x6013},
    {Kind::andi, Format::i, 0x707f, 0x7013},
    {Kind::slli, Format::shift, 0xfc00707f, 0x1013},
    {Kind::srli, Format::shift, 0xfc00707f, 0x5013},
    {Kind::srai, Format::shift, 0xfc00707f, 0x40005013},
    {Kind::addiw, Format::i, 0x707f, 0x1b},
    {Kind::slliw, Format::shift_word, 0xfe00707f, 0x101b},
    {Kind::srliw, Format::shift_word, 0xfe00707f, 0x501b},
    {Kind::sraiw, Format::shift_word, 0xfe00707f, 0x4000501b},
    {Kind::add, Format::r, 0xfe00707f, 0x33},
    {Kind::sub, Format::r, 0xfe00707f, 0x40000033},
    {Kind::sll, Format::r, 0xfe00707f, 0x1033},
    {Kind::slt, Format::r, 0xfe00707f, 0x2033},
    {Kind::sltu, Format::r, 0xfe00707f, 0x3033},
    {Kind::xor_, Format::r, 0xfe00707f, 0x4033},
    {Kind::srl, Format::r, 0xfe00707f, 0x5033},
    {Kind::sra, Format::r, 0xfe00707f, 0x40005033},
    {Kind::or_, Format::r, 0xfe00707f, 0x6033},
    {Kind::and_, Format::r, 0xfe00707f, 0x7033},
    {Kind::addw, Format::r, 0xfe00707f, 0x3b},
    {Kind::subw, Format::r, 0xfe00707f, 0x4000003b},
    {Kind::sllw, Format::r, 0xfe00707f, 0x103b},
    {Kind::srlw, Format::r, 0xfe00707f, 0x503b},
    {Kind::sraw, Format::r, 0xfe00707f, 0x4000503b},
    {Kind::mul, Format::r, 0xfe00707f, 0x2000033},
    {Kind::mulh, Format::r, 0xfe00707f, 0x2001033},
    {Kind::mulhsu, Format::r, 0xfe00707f, 0x2002033},
    {Kind::mulhu, Format::r, 0xfe00707f, 0x2003033},
    {Kind::div, Format::r, 0xfe00707f, 0x2004033},
    {Kind::divu, Format::r, 0xfe00707f, 0x2005033},
    {Kind::rem, Format::r, 0xfe00707f, 0x2006033},
    {Kind::remu, Format::r, 0xfe00707f, 0x2007033},
    {Kind::mulw, Format::r, 0xfe00707f, 0x200003b},
    {Kind::divw, Format::r, 0xfe00707f, 0x200403b},
    {Kind::divuw, Format::r, 0xfe00707f, 0x200503b},
    {Kind::remw, Format::r, 0xfe00707f, 0x200603b},
    {Kind::remuw, Format::r, 0xfe00707f, 0x200703b},
    {Kind::fence, Format::i, 0x707f, 0xf},
    {Kind::ecall, Format::fixed, 0xffffffff, 0x73},
};

constexpr const Encoding& encoding_of(Kind kind) {
    for (const Encoding& e : ENCODINGS)
        if (e.kind == kind) return e;
    return ENCODINGS[0];
}

/// The word of an instruction; `imm` as the ISA's assembler takes it, of LUI and AUIPC the upper 20
/// bits in place. Fields that the format lacks are left out.
constexpr std::uint32_t assemble(Kind kind, unsigned rd, unsigned rs1, unsigned rs2,
                                 std::int32_t imm) {
    const Encoding& e = encoding_of(kind);
    const auto u = static_cast<std::uint32_t>(imm);
    const auto bits = [u](unsigned low, unsigned count, unsigned to) {
        return (u >> low & ((1u << count) - 1)) << to;
    };
    const std::uint32_t d = rd << 7, s1 = rs1 << 15, s2 = rs2 << 20;
    switch (e.format) {
        case Format::r:
            return e.match | d | s1 | s2;
        case Format::i:
            return e.match | d | s1 | bits(0, 12, 20);
        case Format::shift:
            return e.match | d | s1 | bits(0, 6, 20);
        case Format::shift_word:
            return e.match | d | s1 | bits(0, 5, 20);
        case Format::s:
            return e.match | s1 | s2 | bits(5, 7, 25) | bits(0, 5, 7);
        case Format::b:
            return e.match | s1 | s2 | bits(12, 1, 31) | bits(5, 6, 25) | bits(1, 4, 8) |
                   bits(11, 1, 7);
        case Format::u:
            return e.match | d | (u & 0xfffff000);
        case Format::j:
            return e.match | d | bits(20, 1, 31) | bits(1, 10, 21) | bits(11, 1, 20) |
                   bits(12, 8, 12);
        default:
            return e.match;
    }
}

/// Preimages in a map, unchecked.
class MapPreimages final : public PreimageEnv {
public:
    std::map<Bytes32, Bytes> known;
    std::optional<ByteView> get(const Bytes32& key) override {
        const auto it = known.find(key);
        return it == known.end() ? std::nullopt : std::optional<ByteView>(it->second);
    }
};

/// Memories in maps: slow and plain.
class MapAccess {
public:
    std::map<std::uint64_t, Bytes32> code;  ///< by address of the leaf
    std::map<std::uint64_t, Bytes32> data;
    MapPreimages preimages;

    void put_code(std::uint64_t pc, std::uint32_t word) {
        store_le32(code[pc & ~std::uint64_t{31}].data() + pc % 32, word);
    }
    void put_data(std::uint64_t address, std::uint64_t value) {
        store_le64(data[address & ~std::uint64_t{31}].data() + address % 32, value);
    }
    bool fetch(std::uint64_t pc, std::uint32_t& word) {
        word = load_le32(leaf(code, pc).data() + pc % 32);
        return true;
    }
    bool load(std::uint64_t address, unsigned size_bytes, std::uint64_t& value) {
        value = 0;
        std::memcpy(&value, leaf(data, address).data() + address % 32, size_bytes);
        return true;
    }
    bool store(std::uint64_t address, unsigned size_bytes, std::uint64_t value) {
        std::memcpy(data[address & ~std::uint64_t{31}].data() + address % 32, &value, size_bytes);
        return true;
    }
    bool load_leaf(std::uint64_t address, Bytes32& out) {
        out = leaf(data, address);
        return true;
    }
    bool read_preimage(const Bytes32& key, std::uint64_t offset, std::uint64_t address,
                       std::uint64_t& length) {
        const auto preimage = preimages.get(key);
        if (!preimage) return false;
        length = preimage->size();
        data[address] = preimage_leaf(*preimage, offset);
        return true;
    }

private:
    static Bytes32 leaf(const std::map<std::uint64_t, Bytes32>& memory, std::uint64_t address) {
        const auto it = memory.find(address & ~std::uint64_t{31});
        return it == memory.end() ? Bytes32{} : it->second;
    }
};
static_assert(StateAccess<MapAccess>);

/// The tree over leaves kept in a map, others being zero: what any other tree must equal.
class SparseTree {
public:
    SparseTree(const std::map<std::uint64_t, Bytes32>& leaves_by_address, unsigned levels)
        : levels_(levels), zero_(repeated_nodes({}, levels)) {
        rows_.emplace_back();
        for (const auto& [address, leaf] : leaves_by_address) rows_[0][address / 32] = leaf;
        for (unsigned h = 0; h < levels; ++h) {
            std::map<std::uint64_t, Bytes32> row;
            for (const auto& [index, unused] : rows_[h])
                row[index / 2] = parent_of(at(h, index & ~std::uint64_t{1}), at(h, index | 1));
            rows_.push_back(std::move(row));
        }
    }
    [[nodiscard]] Bytes32 root() const { return at(levels_, 0); }
    /// The leaf at `address` and its siblings.
    [[nodiscard]] Bytes part(std::uint64_t address) const {
        std::uint64_t index = address / 32;
        Bytes out = to_bytes(at(0, index));
        for (unsigned h = 0; h < levels_; ++h, index >>= 1) append(out, at(h, index ^ 1));
        return out;
    }

private:
    [[nodiscard]] Bytes32 at(unsigned height, std::uint64_t index) const {
        const auto it = rows_[height].find(index);
        return it == rows_[height].end() ? zero_[height] : it->second;
    }
    unsigned levels_;
    std::vector<Bytes32> zero_;
    std::vector<std::map<std::uint64_t, Bytes32>> rows_;
};

}  // namespace mezz::riscv::testing
