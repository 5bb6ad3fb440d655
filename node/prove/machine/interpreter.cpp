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

/// The page of an address, and something that is none where the address is not below 2^32 or not a
/// multiple of the size: its lowest bits are turned to the top.
template <unsigned SIZE_BYTES>
inline std::uint64_t page_of(std::uint64_t address) noexcept {
    constexpr int SHIFT = std::countr_zero(SIZE_BYTES);
    return std::rotr(address, SHIFT) >> (PAGE_BITS - SHIFT);
}

/// Does an instruction that goes on to the next one. False: help is needed, nothing was done.
template <Kind KIND>
[[gnu::always_inline]] inline bool execute(const Instr* ip, std::uint64_t* x,
                                           const std::uint8_t* const* reads,
                                           std::uint8_t* const* writes) noexcept {
    if constexpr (KIND == Kind::lui) {
        x[ip->rd] = riscv::extended(ip->imm);
    } else if constexpr (riscv::is_immediate(KIND)) {
        x[ip->rd] = riscv::computed(KIND, x[ip->rs1], riscv::extended(ip->imm));
    } else if constexpr (riscv::is_register(KIND)) {
        x[ip->rd] = riscv::computed(KIND, x[ip->rs1], x[ip->rs2]);
    } else if constexpr (riscv::is_load(KIND) || riscv::is_store(KIND)) {
        constexpr unsigned SIZE_BYTES = riscv::access_bytes(KIND);
        const std::uint64_t address = x[ip->rs1] + riscv::extended(ip->imm);
        const std::uint64_t page = page_of<SIZE_BYTES>(address);
        if (page >= PAGES) [[unlikely]]
            return false;
        if constexpr (riscv::is_load(KIND)) {
            const std::uint8_t* const bytes = reads[page];
            if (bytes == nullptr) [[unlikely]]
                return false;
            std::uint64_t raw = 0;
            std::memcpy(&raw, bytes + address % PAGE_BYTES, SIZE_BYTES);
            x[ip->rd] = riscv::loaded(KIND, raw);
        } else {
            std::uint8_t* const bytes = writes[page];
            if (bytes == nullptr) [[unlikely]]
                return false;
            std::memcpy(bytes + address % PAGE_BYTES, &x[ip->rs2], SIZE_BYTES);
        }
    } else {
        static_assert(KIND == Kind::fence);
    }
    return true;
}

MEZZ_MACHINE_CALL void op_help(MEZZ_MACHINE_ARGS) {
    (void)x, (void)reads, (void)writes;
    MEZZ_MACHINE_STOP;
}
template <Kind KIND>
MEZZ_MACHINE_CALL void op_one(MEZZ_MACHINE_ARGS) {
    if (!execute<KIND>(ip, x, reads, writes)) [[unlikely]]
        MEZZ_MACHINE_STOP;
    MEZZ_MACHINE_GO(ip + 1);
}
/// Two at once: the jump from one to the next costs as much as they do.
template <Kind FIRST, Kind SECOND>
MEZZ_MACHINE_CALL void op_two(MEZZ_MACHINE_ARGS) {
    if (!execute<FIRST>(ip, x, reads, writes)) [[unlikely]]
        MEZZ_MACHINE_STOP;
    ++ip;
    if (!execute<SECOND>(ip, x, reads, writes)) [[unlikely]]
        MEZZ_MACHINE_STOP;
    MEZZ_MACHINE_GO(ip + 1);
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
    MEZZ_MACHINE_GO(ip + 1);
}
template <Kind FIRST, Kind BRANCH>
MEZZ_MACHINE_CALL void op_one_and_branch(MEZZ_MACHINE_ARGS) {
    if (!execute<FIRST>(ip, x, reads, writes)) [[unlikely]]
        MEZZ_MACHINE_STOP;
    ++ip;
    if (riscv::branch_taken(BRANCH, x[ip->rs1], x[ip->rs2])) MEZZ_MACHINE_TRANSFER_BY_IMMEDIATE;
    MEZZ_MACHINE_GO(ip + 1);
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

// By kind.
using Ops = std::array<Op, static_cast<std::size_t>(Kind::ecall) + 1>;
template <std::size_t... I>
constexpr Ops ops(std::index_sequence<I...>) {
    constexpr auto op = []<Kind K>(std::integral_constant<Kind, K>) -> Op {
        if constexpr (riscv::is_branch(K))
            return op_branch<K>;
        else if constexpr (K == Kind::lui || K == Kind::fence || riscv::is_immediate(K) ||
                           riscv::is_register(K) || riscv::is_load(K) || riscv::is_store(K))
            return op_one<K>;
        else
            return op_help;
    };
    return {op(std::integral_constant<Kind, static_cast<Kind>(I)>{})...};
}
constexpr Ops OPS = ops(std::make_index_sequence<Ops{}.size()>{});

// What programs mostly consist of, and what may follow in the same op.
constexpr Kind FREQUENT[] = {Kind::addi, Kind::sd,   Kind::ld,   Kind::add,  Kind::or_,
                             Kind::slli, Kind::lbu,  Kind::sltu, Kind::and_, Kind::sub,
                             Kind::srli, Kind::xor_, Kind::sb,   Kind::srai, Kind::lui,
                             Kind::andi, Kind::xori, Kind::mul,  Kind::mulhu};
constexpr Kind BRANCHES[] = {Kind::beq, Kind::bne, Kind::blt, Kind::bge, Kind::bltu, Kind::bgeu};
constexpr std::size_t FIRSTS = std::size(FREQUENT);
constexpr std::size_t SECONDS = std::size(FREQUENT) + std::size(BRANCHES);

template <std::size_t... I>
constexpr std::array<Op, FIRSTS * SECONDS> pairs(std::index_sequence<I...>) {
    constexpr auto op = []<std::size_t K>(std::integral_constant<std::size_t, K>) -> Op {
        constexpr std::size_t second = K % SECONDS;
        if constexpr (second < FIRSTS)
            return op_two<FREQUENT[K / SECONDS], FREQUENT[second]>;
        else
            return op_one_and_branch<FREQUENT[K / SECONDS], BRANCHES[second - FIRSTS]>;
    };
    return {op(std::integral_constant<std::size_t, I>{})...};
}
constexpr auto PAIRS = pairs(std::make_index_sequence<FIRSTS * SECONDS>{});

/// The op of two instructions; nothing where there is none.
std::optional<Op> pair_of(Kind first, Kind second) {
    const auto* const a = std::ranges::find(FREQUENT, first);
    if (a == std::end(FREQUENT)) return std::nullopt;
    const auto* const branch = std::ranges::find(BRANCHES, second);
    const auto* const b = std::ranges::find(FREQUENT, second);
    if (branch == std::end(BRANCHES) && b == std::end(FREQUENT)) return std::nullopt;
    const auto column = b != std::end(FREQUENT)
                            ? static_cast<std::size_t>(b - FREQUENT)
                            : FIRSTS + static_cast<std::size_t>(branch - BRANCHES);
    return PAIRS[static_cast<std::size_t>(a - FREQUENT) * SECONDS + column];
}

/// How an instruction leaves the straight run.
enum class Flow : std::uint8_t { on, branch, leaves, help };

/// What is done in the place of an instruction: `kind` is one that does the same, or trap where
/// `op` says it all.
struct Choice {
    Kind kind = Kind::trap;
    Op op = op_help;
    Flow flow = Flow::help;
    std::int32_t imm = 0;
};
Choice going_on(Kind kind, std::int32_t imm) {
    return {kind, OPS[static_cast<std::size_t>(kind)], Flow::on, imm};
}

Choice chosen(const riscv::Instruction& i, std::uint64_t pc) {
    const bool discards = i.rd == 0;
    const Choice nothing = going_on(Kind::fence, 0);
    switch (i.kind) {
        case Kind::trap:
        case Kind::ecall:
            return {};
        case Kind::fence:
            return nothing;
        case Kind::jal:
            return {Kind::trap, discards ? op_jump : op_call, Flow::leaves, i.imm};
        case Kind::jalr:
            return {Kind::trap, discards ? op_jump_register<false> : op_jump_register<true>,
                    Flow::leaves, i.imm};
        case Kind::auipc: {
            const auto value = static_cast<std::int64_t>(pc) + i.imm;
            if (discards) return nothing;
            if (!std::in_range<std::int32_t>(value)) return {};
            return going_on(Kind::lui, static_cast<std::int32_t>(value));
        }
        default:
            break;
    }
    if (riscv::is_branch(i.kind))
        return {i.kind, OPS[static_cast<std::size_t>(i.kind)], Flow::branch, i.imm};
    if (riscv::is_store(i.kind)) return going_on(i.kind, i.imm);
    // A load may trap even where its value is thrown away.
    if (discards) return riscv::is_load(i.kind) ? Choice{} : nothing;
    if (i.kind == Kind::addi && i.rs1 == 0) return going_on(Kind::lui, i.imm);
    return going_on(i.kind, i.imm);
}

}  // namespace

DecodedCode::DecodedCode(ByteView code) {
    ASSERT(code.size() % 4 == 0 && code.size() <= riscv::CODE_END);
    const std::size_t count = code.size() / 4;
    std::vector<Choice> choices(count + 1);
    instrs_.resize(count + 1);  // the last one: a straight run ends where the code does
    runs_.resize(count + 1);
    instrs_[count].op = op_help;
    for (std::size_t k = count; k-- > 0;) {
        const riscv::Instruction i = riscv::decode(load_le32(code.data() + 4 * k));
        Choice choice = chosen(i, 4 * k);
        if (choice.flow == Flow::branch || i.kind == Kind::jal) {
            const std::int64_t target = static_cast<std::int64_t>(k) + choice.imm / 4;
            if (choice.imm % 4 != 0 || target < 0 || target >= static_cast<std::int64_t>(count))
                choice = {};
        }
        // Runs are bounded: they are stored in few bits.
        if (choice.flow != Flow::leaves && runs_[k + 1] == MAX_RUN) choice = {};
        choices[k] = choice;
        instrs_[k] = {choice.op, choice.imm, i.rd, i.rs1, i.rs2};
        if (choice.flow == Flow::leaves) runs_[k] = 1;
        if (choice.flow == Flow::on || choice.flow == Flow::branch)
            runs_[k] = static_cast<std::uint16_t>(runs_[k + 1] + 1);
    }
    for (std::size_t k = 0; k < count; ++k) {
        Instr& i = instrs_[k];
        if (const auto pair = pair_of(choices[k].kind, choices[k + 1].kind)) i.op = *pair;
        if (choices[k].flow != Flow::branch && i.op != op_jump && i.op != op_call) continue;
        const std::int64_t target = static_cast<std::int64_t>(k) + i.imm / 4;
        i.imm = pack(i.imm / 4, runs_[static_cast<std::size_t>(target)]);
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
