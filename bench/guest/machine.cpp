// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "bench/guest/machine.hpp"

#include <elf.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "core/base/endian.hpp"
#include "core/base/uint256.hpp"

namespace mezz::bench {
namespace {

// clang-format off
enum class Op : std::uint8_t {
    illegal, lui, auipc, jal, jalr, beq, bne, blt, bge, bltu, bgeu,
    lb, lh, lw, ld, lbu, lhu, lwu, sb, sh, sw, sd,
    addi, slti, sltiu, xori, ori, andi, slli, srli, srai, addiw, slliw, srliw, sraiw,
    add, sub, sll, slt, sltu, xor_, srl, sra, or_, and_, addw, subw, sllw, srlw, sraw,
    mul, mulh, mulhsu, mulhu, div, divu, rem, remu, mulw, divw, divuw, remw, remuw,
    fence, ecall,
};
// clang-format on

constexpr std::uint64_t ECALL_READ = 63, ECALL_WRITE = 64, ECALL_EXIT = 93, ECALL_MARK = 0x6d61726b;
constexpr std::uint64_t NO_SUCH_CALL = static_cast<std::uint64_t>(-38);  // -ENOSYS

[[noreturn]] void fail(const char* message) {
    std::fprintf(stderr, "bench-guest: %s\n", message);
    std::exit(1);
}

std::int64_t sign_extend(std::uint32_t value, unsigned bits) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(value) << (64 - bits)) >>
           (64 - bits);
}
std::uint64_t from_word(std::uint32_t value) {
    return static_cast<std::uint64_t>(std::int64_t{static_cast<std::int32_t>(value)});
}

}  // namespace

struct Machine::Instruction {
    Op op = Op::illegal;
    std::uint8_t rd = 0;  ///< 0 where the instruction writes no register
    std::uint8_t rs1 = 0, rs2 = 0;
    std::int64_t immediate = 0;  ///< sign-extended; a shift's amount
};

namespace {

using Instruction = Machine::Instruction;

Op load_op(unsigned f3) {
    constexpr Op TABLE[8] = {Op::lb, Op::lh, Op::lw, Op::ld, Op::lbu, Op::lhu, Op::lwu};
    return TABLE[f3];
}
Op store_op(unsigned f3) {
    constexpr Op TABLE[8] = {Op::sb, Op::sh, Op::sw, Op::sd};
    return TABLE[f3];
}
Op branch_op(unsigned f3) {
    constexpr Op TABLE[8] = {Op::beq, Op::bne, Op::illegal, Op::illegal,
                             Op::blt, Op::bge, Op::bltu,    Op::bgeu};
    return TABLE[f3];
}
Op register_op(unsigned f3, unsigned f7) {
    constexpr Op PLAIN[8] = {Op::add,  Op::sll, Op::slt, Op::sltu,
                             Op::xor_, Op::srl, Op::or_, Op::and_};
    constexpr Op MULTIPLY[8] = {Op::mul, Op::mulh, Op::mulhsu, Op::mulhu,
                                Op::div, Op::divu, Op::rem,    Op::remu};
    if (f7 == 0) return PLAIN[f3];
    if (f7 == 1) return MULTIPLY[f3];
    if (f7 == 0x20 && f3 == 0) return Op::sub;
    if (f7 == 0x20 && f3 == 5) return Op::sra;
    return Op::illegal;
}
Op register_word_op(unsigned f3, unsigned f7) {
    constexpr Op MULTIPLY[8] = {Op::mulw, Op::illegal, Op::illegal, Op::illegal,
                                Op::divw, Op::divuw,   Op::remw,    Op::remuw};
    if (f7 == 1) return MULTIPLY[f3];
    if (f7 == 0 && f3 == 0) return Op::addw;
    if (f7 == 0 && f3 == 1) return Op::sllw;
    if (f7 == 0 && f3 == 5) return Op::srlw;
    if (f7 == 0x20 && f3 == 0) return Op::subw;
    if (f7 == 0x20 && f3 == 5) return Op::sraw;
    return Op::illegal;
}
Op immediate_op(unsigned f3, unsigned f6) {
    constexpr Op TABLE[8] = {Op::addi, Op::illegal, Op::slti, Op::sltiu,
                             Op::xori, Op::illegal, Op::ori,  Op::andi};
    if (f3 == 1) return f6 == 0 ? Op::slli : Op::illegal;
    if (f3 == 5) return f6 == 0 ? Op::srli : f6 == 0x10 ? Op::srai : Op::illegal;
    return TABLE[f3];
}
Op immediate_word_op(unsigned f3, unsigned f7) {
    if (f3 == 0) return Op::addiw;
    if (f3 == 1 && f7 == 0) return Op::slliw;
    if (f3 == 5 && f7 == 0) return Op::srliw;
    if (f3 == 5 && f7 == 0x20) return Op::sraiw;
    return Op::illegal;
}

Instruction decode(std::uint32_t word) {
    const unsigned f3 = word >> 12 & 7, f7 = word >> 25;
    Instruction i;
    i.rd = static_cast<std::uint8_t>(word >> 7 & 31);
    i.rs1 = static_cast<std::uint8_t>(word >> 15 & 31);
    i.rs2 = static_cast<std::uint8_t>(word >> 20 & 31);
    i.immediate = sign_extend(word >> 20, 12);
    switch (word & 0x7f) {
        case 0x37:
        case 0x17:
            i.op = (word & 0x20) != 0 ? Op::lui : Op::auipc;
            i.immediate = sign_extend(word & 0xfffff000, 32);
            break;
        case 0x6f:
            i.op = Op::jal;
            i.immediate = sign_extend((word >> 31 & 1) << 20 | (word >> 12 & 0xff) << 12 |
                                          (word >> 20 & 1) << 11 | (word >> 21 & 0x3ff) << 1,
                                      21);
            break;
        case 0x67:
            i.op = f3 == 0 ? Op::jalr : Op::illegal;
            break;
        case 0x63:
            i.op = branch_op(f3);
            i.rd = 0;
            i.immediate = sign_extend((word >> 31 & 1) << 12 | (word >> 7 & 1) << 11 |
                                          (word >> 25 & 0x3f) << 5 | (word >> 8 & 0xf) << 1,
                                      13);
            break;
        case 0x03:
            i.op = load_op(f3);
            break;
        case 0x23:
            i.op = store_op(f3);
            i.rd = 0;
            i.immediate = sign_extend((word >> 25 & 0x7f) << 5 | (word >> 7 & 0x1f), 12);
            break;
        case 0x13:
            i.op = immediate_op(f3, f7 >> 1);
            if (f3 == 1 || f3 == 5) i.immediate = word >> 20 & 0x3f;
            break;
        case 0x1b:
            i.op = immediate_word_op(f3, f7);
            if (f3 == 1 || f3 == 5) i.immediate = word >> 20 & 0x1f;
            break;
        case 0x33:
            i.op = register_op(f3, f7);
            break;
        case 0x3b:
            i.op = register_word_op(f3, f7);
            break;
        case 0x0f:
            i.op = Op::fence;
            i.rd = 0;
            break;
        case 0x73:
            i.op = word == 0x73 ? Op::ecall : Op::illegal;
            break;
        default:
            break;
    }
    return i;
}

/// Division by zero and the one overflow have results, not traps. spec: ISA §7.2.
template <class Signed>
Signed divide(Signed a, Signed b) {
    if (b == 0) return -1;
    if (a == std::numeric_limits<Signed>::min() && b == -1) return a;
    return static_cast<Signed>(a / b);
}
template <class Signed>
Signed remainder(Signed a, Signed b) {
    if (b == 0) return a;
    if (a == std::numeric_limits<Signed>::min() && b == -1) return 0;
    return static_cast<Signed>(a % b);
}

/// Zeroed pages that exist when they are touched: an image asks for a heap of a gigabyte.
class Pages {
public:
    explicit Pages(std::uint64_t size) : size_(size) {
        void* p = ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (p == MAP_FAILED) fail("no address space for the guest");
        bytes_ = static_cast<std::uint8_t*>(p);
    }
    ~Pages() { ::munmap(bytes_, size_); }
    Pages(const Pages&) = delete;
    Pages& operator=(const Pages&) = delete;
    [[nodiscard]] std::uint8_t* data() const noexcept { return bytes_; }

private:
    std::uint8_t* bytes_;
    std::uint64_t size_;
};

}  // namespace

Machine::Machine(ByteView elf) {
    Elf64_Ehdr header;
    if (elf.size() < sizeof header) fail("the image is no ELF file");
    std::memcpy(&header, elf.data(), sizeof header);
    if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_machine != EM_RISCV ||
        header.e_ident[EI_CLASS] != ELFCLASS64)
        fail("the image is no ELF file for RV64");
    entry_ = header.e_entry;
    data_start_ = ~std::uint64_t{0};
    for (unsigned n = 0; n < header.e_phnum; ++n) {
        const std::uint64_t at = header.e_phoff + n * std::uint64_t{header.e_phentsize};
        Elf64_Phdr p;
        if (at > elf.size() || elf.size() - at < sizeof p) fail("the image is torn");
        std::memcpy(&p, elf.data() + at, sizeof p);
        if (p.p_type != PT_LOAD) continue;
        if (p.p_offset > elf.size() || elf.size() - p.p_offset < p.p_filesz ||
            p.p_filesz > p.p_memsz || p.p_vaddr + p.p_memsz > std::uint64_t{4} << 30)
            fail("a segment of the image is malformed");
        const ByteView bytes = elf.subspan(p.p_offset, p.p_filesz);
        if ((p.p_flags & PF_X) != 0) {
            code_start_ = p.p_vaddr;
            for (std::size_t i = 0; i + 4 <= bytes.size(); i += 4)
                code_.push_back(decode(load_le32(bytes.data() + i)));
            continue;
        }
        segments_.push_back({p.p_vaddr, p.p_memsz, to_bytes(bytes)});
        data_start_ = std::min<std::uint64_t>(data_start_, p.p_vaddr);
        data_end_ = std::max<std::uint64_t>(data_end_, p.p_vaddr + p.p_memsz);
    }
    if (code_.empty() || segments_.empty()) fail("the image lacks code or data");
}

Machine::~Machine() = default;

// One loop over one switch, longer than a screen: each case is the instruction's definition.
MachineRun Machine::run(ByteView input, std::uint64_t most) const {
    const Pages pages(data_end_ - data_start_);
    std::uint8_t* const memory = pages.data();
    for (const Segment& s : segments_)
        std::ranges::copy(s.bytes, memory + (s.address - data_start_));

    MachineRun out;
    std::uint64_t x[32] = {};
    std::uint64_t pc = entry_;
    const auto stop = [&](const std::string& why) {
        char place[32];
        std::snprintf(place, sizeof place, " at 0x%llx", static_cast<unsigned long long>(pc));
        out.fault = why + place;
        return out;
    };
    /// The bytes at an address, or nullptr.
    const auto reach = [&](std::uint64_t address, std::uint64_t size) -> std::uint8_t* {
        const std::uint64_t at = address - data_start_;
        if (at > data_end_ - data_start_ - size || (address & (size - 1)) != 0) return nullptr;
        return memory + at;
    };

    for (;;) {
        const std::uint64_t index = (pc - code_start_) / 4;
        if (index >= code_.size() || (pc & 3) != 0) return stop("no code");
        if (out.instructions >= most) return stop("too many instructions");
        ++out.instructions;
        const Instruction& i = code_[index];
        const std::uint64_t a = x[i.rs1], b = x[i.rs2];
        const auto imm = static_cast<std::uint64_t>(i.immediate);
        const auto sa = static_cast<std::int64_t>(a), sb = static_cast<std::int64_t>(b);
        const auto wa = static_cast<std::uint32_t>(a), wb = static_cast<std::uint32_t>(b);
        std::uint64_t next = pc + 4;
        std::uint64_t value = 0;
        switch (i.op) {
            case Op::illegal:
                return stop("illegal instruction");
            case Op::fence:
                break;
            case Op::lui:
                value = imm;
                break;
            case Op::auipc:
                value = pc + imm;
                break;
            case Op::jal:
                value = next;
                next = pc + imm;
                break;
            case Op::jalr:
                value = next;
                next = (a + imm) & ~std::uint64_t{1};
                break;
            case Op::beq:
                next = a == b ? pc + imm : next;
                break;
            case Op::bne:
                next = a != b ? pc + imm : next;
                break;
            case Op::blt:
                next = sa < sb ? pc + imm : next;
                break;
            case Op::bge:
                next = sa >= sb ? pc + imm : next;
                break;
            case Op::bltu:
                next = a < b ? pc + imm : next;
                break;
            case Op::bgeu:
                next = a >= b ? pc + imm : next;
                break;
            case Op::lb:
            case Op::lbu: {
                const std::uint8_t* p = reach(a + imm, 1);
                if (p == nullptr) return stop("load outside the memory");
                value = i.op == Op::lbu ? *p : static_cast<std::uint64_t>(sign_extend(*p, 8));
                break;
            }
            case Op::lh:
            case Op::lhu: {
                const std::uint8_t* p = reach(a + imm, 2);
                if (p == nullptr) return stop("load outside the memory");
                const std::uint32_t half = p[0] | std::uint32_t{p[1]} << 8;
                value = i.op == Op::lhu ? half : static_cast<std::uint64_t>(sign_extend(half, 16));
                break;
            }
            case Op::lw:
            case Op::lwu: {
                const std::uint8_t* p = reach(a + imm, 4);
                if (p == nullptr) return stop("load outside the memory");
                value = i.op == Op::lwu ? load_le32(p) : from_word(load_le32(p));
                break;
            }
            case Op::ld: {
                const std::uint8_t* p = reach(a + imm, 8);
                if (p == nullptr) return stop("load outside the memory");
                value = load_le64(p);
                break;
            }
            case Op::sb:
            case Op::sh:
            case Op::sw:
            case Op::sd: {
                const std::uint64_t size = std::uint64_t{1} << (static_cast<unsigned>(i.op) -
                                                                static_cast<unsigned>(Op::sb));
                std::uint8_t* p = reach(a + imm, size);
                if (p == nullptr) return stop("store outside the memory");
                std::memcpy(p, &b, size);
                break;
            }
            case Op::addi:
                value = a + imm;
                break;
            case Op::slti:
                value = sa < i.immediate ? 1 : 0;
                break;
            case Op::sltiu:
                value = a < imm ? 1 : 0;
                break;
            case Op::xori:
                value = a ^ imm;
                break;
            case Op::ori:
                value = a | imm;
                break;
            case Op::andi:
                value = a & imm;
                break;
            case Op::slli:
                value = a << imm;
                break;
            case Op::srli:
                value = a >> imm;
                break;
            case Op::srai:
                value = static_cast<std::uint64_t>(sa >> imm);
                break;
            case Op::addiw:
                value = from_word(wa + static_cast<std::uint32_t>(imm));
                break;
            case Op::slliw:
                value = from_word(wa << imm);
                break;
            case Op::srliw:
                value = from_word(wa >> imm);
                break;
            case Op::sraiw:
                value = from_word(static_cast<std::uint32_t>(static_cast<std::int32_t>(wa) >> imm));
                break;
            case Op::add:
                value = a + b;
                break;
            case Op::sub:
                value = a - b;
                break;
            case Op::sll:
                value = a << (b & 63);
                break;
            case Op::slt:
                value = sa < sb ? 1 : 0;
                break;
            case Op::sltu:
                value = a < b ? 1 : 0;
                break;
            case Op::xor_:
                value = a ^ b;
                break;
            case Op::srl:
                value = a >> (b & 63);
                break;
            case Op::sra:
                value = static_cast<std::uint64_t>(sa >> (b & 63));
                break;
            case Op::or_:
                value = a | b;
                break;
            case Op::and_:
                value = a & b;
                break;
            case Op::addw:
                value = from_word(wa + wb);
                break;
            case Op::subw:
                value = from_word(wa - wb);
                break;
            case Op::sllw:
                value = from_word(wa << (wb & 31));
                break;
            case Op::srlw:
                value = from_word(wa >> (wb & 31));
                break;
            case Op::sraw:
                value = from_word(
                    static_cast<std::uint32_t>(static_cast<std::int32_t>(wa) >> (wb & 31)));
                break;
            case Op::mul:
                value = a * b;
                break;
            case Op::mulhu:
                value = static_cast<std::uint64_t>(static_cast<u128>(a) * b >> 64);
                break;
            case Op::mulh:
            case Op::mulhsu: {
                // The unsigned product minus what the signs add to it.
                value = static_cast<std::uint64_t>(static_cast<u128>(a) * b >> 64);
                if (sa < 0) value -= b;
                if (i.op == Op::mulh && sb < 0) value -= a;
                break;
            }
            case Op::div:
                value = static_cast<std::uint64_t>(divide(sa, sb));
                break;
            case Op::divu:
                value = b == 0 ? ~std::uint64_t{0} : a / b;
                break;
            case Op::rem:
                value = static_cast<std::uint64_t>(remainder(sa, sb));
                break;
            case Op::remu:
                value = b == 0 ? a : a % b;
                break;
            case Op::mulw:
                value = from_word(wa * wb);
                break;
            case Op::divw:
                value = from_word(static_cast<std::uint32_t>(
                    divide(static_cast<std::int32_t>(wa), static_cast<std::int32_t>(wb))));
                break;
            case Op::divuw:
                value = wb == 0 ? ~std::uint64_t{0} : from_word(wa / wb);
                break;
            case Op::remw:
                value = from_word(static_cast<std::uint32_t>(
                    remainder(static_cast<std::int32_t>(wa), static_cast<std::int32_t>(wb))));
                break;
            case Op::remuw:
                value = from_word(wb == 0 ? wa : wa % wb);
                break;
            case Op::ecall: {
                const std::uint64_t number = x[17];
                if (number == ECALL_EXIT) {
                    out.exit_code = static_cast<int>(x[10] & 0xff);
                    return out;
                }
                if (number == ECALL_MARK) {
                    out.marks.push_back(out.instructions);
                    x[10] = NO_SUCH_CALL;
                    break;
                }
                if (number != ECALL_READ && number != ECALL_WRITE) return stop("unknown ecall");
                const std::uint64_t at = x[11] - data_start_;
                const std::uint64_t room = data_end_ - data_start_;
                if (at > room || x[12] > room - at) return stop("ecall outside the memory");
                if (number == ECALL_READ) {
                    const std::size_t size = std::min<std::size_t>(x[12], input.size());
                    std::ranges::copy(input.first(size), memory + at);
                    input = input.subspan(size);
                    x[10] = size;
                } else {
                    append(out.output, ByteView(memory + at, x[12]));
                    x[10] = x[12];
                }
                break;
            }
        }
        x[i.rd] = value;
        x[0] = 0;
        pc = next;
    }
}

}  // namespace mezz::bench
