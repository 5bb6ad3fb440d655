// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/prove/machine/interpreter.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <utility>

#include "core/base/assert.hpp"
#include "core/base/endian.hpp"
#include "core/riscv/instruction.hpp"
#include "core/riscv/step.hpp"

#if defined(__clang__)
#define MEZZ_MACHINE_TAIL [[clang::musttail]]
#else
#define MEZZ_MACHINE_TAIL
#endif
#define MEZZ_MACHINE_GO(to) MEZZ_MACHINE_TAIL return (to)->op(to, end, x, reads, writes, stop)
#define MEZZ_MACHINE_NEXT MEZZ_MACHINE_GO(ip + 1)
/// Leaves before the instruction at `ip`.
#define MEZZ_MACHINE_STOP \
    do {                  \
        stop->ip = ip;    \
        stop->end = end;  \
        return;           \
    } while (false)

namespace mezz::node::prove {

/// What is not in registers: the program, and afterwards where it stopped.
struct Stop {
    const Instr* code;
    const std::uint16_t* runs;
    std::uint64_t count;  ///< of instructions
    const Instr* ip;
    std::int64_t end;
};

namespace {

using riscv::Kind;

constexpr std::int64_t INSTR_BYTES = sizeof(Instr);

// The immediate of a branch or JAL: how many instructions to go, and below that the run from there.
constexpr unsigned RUN_BITS = 13;
constexpr std::uint16_t MAX_RUN = (1u << RUN_BITS) - 1;
constexpr std::int32_t pack(std::int64_t distance, std::uint16_t run) noexcept {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(distance) << RUN_BITS | run);
}

inline std::int64_t position(const Instr* ip) noexcept {
    return reinterpret_cast<std::int64_t>(ip);
}
/// Whether `run` instructions behind this one may be executed.
inline bool lasts(const Instr* ip, std::int64_t end, std::int64_t run) noexcept {
    return end - position(ip) >= (run + 1) * INSTR_BYTES;
}
/// The address of the instruction after this one, in the machine.
inline std::uint64_t next_pc(const Instr* ip, const Stop* stop) noexcept {
    return static_cast<std::uint64_t>(ip - stop->code) * 4 + 4;
}

MEZZ_MACHINE_CALL void op_help(MEZZ_MACHINE_ARGS) {
    (void)x, (void)reads, (void)writes;
    MEZZ_MACHINE_STOP;
}
MEZZ_MACHINE_CALL void op_nothing(MEZZ_MACHINE_ARGS) {
    MEZZ_MACHINE_NEXT;
}
MEZZ_MACHINE_CALL void op_set(MEZZ_MACHINE_ARGS) {
    x[ip->rd] = riscv::extended(ip->imm);
    MEZZ_MACHINE_NEXT;
}
MEZZ_MACHINE_CALL void op_move(MEZZ_MACHINE_ARGS) {
    x[ip->rd] = x[ip->rs1];
    MEZZ_MACHINE_NEXT;
}
template <Kind KIND>
MEZZ_MACHINE_CALL void op_immediate(MEZZ_MACHINE_ARGS) {
    x[ip->rd] = riscv::computed(KIND, x[ip->rs1], riscv::extended(ip->imm));
    MEZZ_MACHINE_NEXT;
}
template <Kind KIND>
MEZZ_MACHINE_CALL void op_register(MEZZ_MACHINE_ARGS) {
    x[ip->rd] = riscv::computed(KIND, x[ip->rs1], x[ip->rs2]);
    MEZZ_MACHINE_NEXT;
}

/// The page of an address, and something that is none where the address is not below 2^32 or not a
/// multiple of the size: its lowest bits are turned to the top.
template <unsigned SIZE_BYTES>
inline std::uint64_t page_of(std::uint64_t address) noexcept {
    constexpr int SHIFT = std::countr_zero(SIZE_BYTES);
    return std::rotr(address, SHIFT) >> (PAGE_BITS - SHIFT);
}
template <Kind KIND>
MEZZ_MACHINE_CALL void op_load(MEZZ_MACHINE_ARGS) {
    constexpr unsigned SIZE_BYTES = riscv::access_bytes(KIND);
    const std::uint64_t address = x[ip->rs1] + riscv::extended(ip->imm);
    const std::uint64_t page = page_of<SIZE_BYTES>(address);
    if (page >= PAGES) [[unlikely]]
        MEZZ_MACHINE_STOP;
    const std::uint8_t* const bytes = reads[page];
    if (bytes == nullptr) [[unlikely]]
        MEZZ_MACHINE_STOP;
    std::uint64_t raw = 0;
    std::memcpy(&raw, bytes + address % PAGE_BYTES, SIZE_BYTES);
    x[ip->rd] = riscv::loaded(KIND, raw);
    MEZZ_MACHINE_NEXT;
}
template <Kind KIND>
MEZZ_MACHINE_CALL void op_store(MEZZ_MACHINE_ARGS) {
    constexpr unsigned SIZE_BYTES = riscv::access_bytes(KIND);
    const std::uint64_t address = x[ip->rs1] + riscv::extended(ip->imm);
    const std::uint64_t page = page_of<SIZE_BYTES>(address);
    if (page >= PAGES) [[unlikely]]
        MEZZ_MACHINE_STOP;
    std::uint8_t* const bytes = writes[page];
    if (bytes == nullptr) [[unlikely]]
        MEZZ_MACHINE_STOP;
    std::memcpy(bytes + address % PAGE_BYTES, &x[ip->rs2], SIZE_BYTES);
    MEZZ_MACHINE_NEXT;
}

// Behind a transfer of control `end` moves as far as `ip` does, less the step that was used.
#define MEZZ_MACHINE_TRANSFER(to)                             \
    do {                                                      \
        const Instr* const target = (to);                     \
        end += position(target) - position(ip) - INSTR_BYTES; \
        MEZZ_MACHINE_GO(target);                              \
    } while (false)
#define MEZZ_MACHINE_TRANSFER_BY_IMMEDIATE                   \
    do {                                                     \
        if (!lasts(ip, end, ip->imm & MAX_RUN)) [[unlikely]] \
            MEZZ_MACHINE_STOP;                               \
        MEZZ_MACHINE_TRANSFER(ip + (ip->imm >> RUN_BITS));   \
    } while (false)

template <Kind KIND>
MEZZ_MACHINE_CALL void op_branch(MEZZ_MACHINE_ARGS) {
    if (riscv::branch_taken(KIND, x[ip->rs1], x[ip->rs2])) MEZZ_MACHINE_TRANSFER_BY_IMMEDIATE;
    MEZZ_MACHINE_NEXT;
}
MEZZ_MACHINE_CALL void op_jump(MEZZ_MACHINE_ARGS) {
    MEZZ_MACHINE_TRANSFER_BY_IMMEDIATE;
}
MEZZ_MACHINE_CALL void op_call(MEZZ_MACHINE_ARGS) {
    if (!lasts(ip, end, ip->imm & MAX_RUN)) [[unlikely]]
        MEZZ_MACHINE_STOP;
    x[ip->rd] = next_pc(ip, stop);
    MEZZ_MACHINE_TRANSFER(ip + (ip->imm >> RUN_BITS));
}
template <bool LINK>
MEZZ_MACHINE_CALL void op_jump_register(MEZZ_MACHINE_ARGS) {
    const std::uint64_t pc = (x[ip->rs1] + riscv::extended(ip->imm)) & ~std::uint64_t{1};
    const std::uint64_t index = std::rotr(pc, 2);  // no index where the address is not aligned
    if (index >= stop->count || !lasts(ip, end, stop->runs[index])) [[unlikely]]
        MEZZ_MACHINE_STOP;
    if constexpr (LINK) x[ip->rd] = next_pc(ip, stop);
    MEZZ_MACHINE_TRANSFER(stop->code + index);
}

// By kind; null where there is no op of that sort.
using Ops = std::array<Op, static_cast<std::size_t>(Kind::ecall) + 1>;
template <std::size_t... I>
constexpr Ops ops(std::index_sequence<I...>) {
    constexpr auto op = []<Kind K>(std::integral_constant<Kind, K>) -> Op {
        if constexpr (riscv::is_immediate(K)) return op_immediate<K>;
        if constexpr (riscv::is_register(K)) return op_register<K>;
        if constexpr (riscv::is_load(K)) return op_load<K>;
        if constexpr (riscv::is_store(K)) return op_store<K>;
        if constexpr (riscv::is_branch(K)) return op_branch<K>;
        return op_help;
    };
    return {op(std::integral_constant<Kind, static_cast<Kind>(I)>{})...};
}
constexpr Ops OPS = ops(std::make_index_sequence<Ops{}.size()>{});

/// How an instruction leaves the straight run.
enum class Flow : std::uint8_t { on, branch, leaves, help };

struct Choice {
    Op op;
    Flow flow;
    std::int32_t imm = 0;
};

Choice chosen(const riscv::Instruction& i, std::uint64_t pc) {
    const bool discards = i.rd == 0;
    constexpr Choice NOTHING{op_nothing, Flow::on};
    constexpr Choice HELP{op_help, Flow::help};
    switch (i.kind) {
        case Kind::lui:
            return discards ? NOTHING : Choice{op_set, Flow::on, i.imm};
        case Kind::auipc: {
            const auto value = static_cast<std::int64_t>(pc) + i.imm;
            if (discards) return NOTHING;
            if (!std::in_range<std::int32_t>(value)) return HELP;
            return {op_set, Flow::on, static_cast<std::int32_t>(value)};
        }
        case Kind::jal:
            return {discards ? op_jump : op_call, Flow::leaves, i.imm};
        case Kind::jalr:
            return {discards ? op_jump_register<false> : op_jump_register<true>, Flow::leaves,
                    i.imm};
        case Kind::fence:
            return NOTHING;
        default:
            break;
    }
    if (riscv::is_branch(i.kind))
        return {OPS[static_cast<std::size_t>(i.kind)], Flow::branch, i.imm};
    const Choice usual{OPS[static_cast<std::size_t>(i.kind)], Flow::on, i.imm};
    if (usual.op == op_help || (riscv::is_load(i.kind) && discards)) return HELP;
    if (riscv::is_store(i.kind)) return usual;
    if (riscv::is_load(i.kind)) return usual;
    if (discards) return NOTHING;
    if (i.kind == Kind::addi && i.rs1 == 0) return {op_set, Flow::on, i.imm};
    if (i.kind == Kind::addi && i.imm == 0) return {op_move, Flow::on};
    return usual;
}

}  // namespace

DecodedCode::DecodedCode(ByteView code) {
    ASSERT(code.size() % 4 == 0 && code.size() <= riscv::CODE_END);
    const std::size_t count = code.size() / 4;
    std::vector<Flow> flows(count + 1, Flow::help);
    instrs_.resize(count + 1);  // the last one: a straight run ends where the code does
    runs_.resize(count + 1);
    instrs_[count].op = op_help;
    for (std::size_t k = count; k-- > 0;) {
        const riscv::Instruction i = riscv::decode(load_le32(code.data() + 4 * k));
        Choice choice = chosen(i, 4 * k);
        if (choice.flow == Flow::branch || i.kind == Kind::jal) {
            const std::int64_t target = static_cast<std::int64_t>(k) + choice.imm / 4;
            if (choice.imm % 4 != 0 || target < 0 || target >= static_cast<std::int64_t>(count))
                choice = {op_help, Flow::help};
        }
        // Runs are bounded: they are stored in few bits.
        if (choice.flow != Flow::leaves && runs_[k + 1] == MAX_RUN) choice = {op_help, Flow::help};
        flows[k] = choice.flow;
        instrs_[k] = {choice.op, choice.imm, i.rd, i.rs1, i.rs2};
        if (choice.flow == Flow::leaves) runs_[k] = 1;
        if (choice.flow == Flow::on || choice.flow == Flow::branch)
            runs_[k] = static_cast<std::uint16_t>(runs_[k + 1] + 1);
    }
    for (std::size_t k = 0; k < count; ++k) {
        Instr& i = instrs_[k];
        if (flows[k] != Flow::branch && i.op != op_jump && i.op != op_call) continue;
        const std::int64_t distance = i.imm / 4;
        i.imm = pack(distance,
                     runs_[static_cast<std::size_t>(static_cast<std::int64_t>(k) + distance)]);
    }
}

void DecodedCode::run(riscv::Hart& hart, Memory& memory, std::uint64_t steps) const {
    // So far behind the code that positions do not overflow.
    constexpr std::uint64_t MOST_STEPS = std::uint64_t{1} << 40;
    const std::uint64_t allowed = std::min(steps, MOST_STEPS);
    const std::uint64_t index = std::rotr(hart.pc, 2);
    if (index >= instrs_.size() || runs_[index] > allowed) return;
    const Instr* const start = &instrs_[index];
    Stop stop{instrs_.data(), runs_.data(), instrs_.size(), start, 0};
    const std::int64_t end = position(start) + static_cast<std::int64_t>(allowed) * INSTR_BYTES;
    start->op(start, end, hart.x, memory.reads(), memory.writes(), &stop);
    const std::int64_t left = (stop.end - position(stop.ip)) / INSTR_BYTES;
    hart.step += allowed - static_cast<std::uint64_t>(left);
    hart.pc = static_cast<std::uint64_t>(stop.ip - stop.code) * 4;
}

}  // namespace mezz::node::prove
