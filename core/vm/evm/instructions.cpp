// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Instructions that touch nothing but their own frame, and the tables of every revision.

#include "core/crypto/keccak.hpp"
#include "core/vm/evm/instruction_support.hpp"

namespace mezz::evm {
namespace {

// --- arithmetic and comparison ----------------------------------------------------------------

void add(uint256* sp) {
    sp[-2] = sp[-1] + sp[-2];
}
void mul(uint256* sp) {
    sp[-2] = sp[-1] * sp[-2];
}
void sub(uint256* sp) {
    sp[-2] = sp[-1] - sp[-2];
}
void div(uint256* sp) {
    sp[-2] = sp[-1] / sp[-2];
}
void sdiv(uint256* sp) {
    sp[-2] = divide_signed(sp[-1], sp[-2]).quotient;
}
void mod(uint256* sp) {
    sp[-2] = sp[-1] % sp[-2];
}
void smod(uint256* sp) {
    sp[-2] = divide_signed(sp[-1], sp[-2]).remainder;
}
void addmod(uint256* sp) {
    sp[-3] = add_mod(sp[-1], sp[-2], sp[-3]);
}
void mulmod(Frame& f, uint256* sp) {
    sp[-3] = mul_mod(sp[-1], sp[-2], sp[-3], f.machine->modulus);
}

void signextend(uint256* sp) {
    const uint256& byte = sp[-1];
    uint256& value = sp[-2];
    if (!byte.fits_u64() || byte.limb[0] >= 31) return;
    const unsigned shift = 248 - 8 * static_cast<unsigned>(byte.limb[0]);
    value = shift_right_signed(value << shift, shift);
}

void lt(uint256* sp) {
    sp[-2] = uint256{sp[-1] < sp[-2] ? 1u : 0u};
}
void gt(uint256* sp) {
    sp[-2] = uint256{sp[-1] > sp[-2] ? 1u : 0u};
}
void slt(uint256* sp) {
    sp[-2] = uint256{less_signed(sp[-1], sp[-2]) ? 1u : 0u};
}
void sgt(uint256* sp) {
    sp[-2] = uint256{less_signed(sp[-2], sp[-1]) ? 1u : 0u};
}
void eq(uint256* sp) {
    sp[-2] = uint256{sp[-1] == sp[-2] ? 1u : 0u};
}
void iszero(uint256* sp) {
    sp[-1] = uint256{sp[-1].is_zero() ? 1u : 0u};
}
void bit_and(uint256* sp) {
    sp[-2] = sp[-1] & sp[-2];
}
void bit_or(uint256* sp) {
    sp[-2] = sp[-1] | sp[-2];
}
void bit_xor(uint256* sp) {
    sp[-2] = sp[-1] ^ sp[-2];
}
void bit_not(uint256* sp) {
    sp[-1] = ~sp[-1];
}
void clz(uint256* sp) {
    sp[-1] = uint256{count_leading_zeros(sp[-1])};
}

void byte(uint256* sp) {
    const uint256& index = sp[-1];
    if (!index.fits_u64() || index.limb[0] >= 32) {
        sp[-2] = {};
        return;
    }
    const std::uint64_t from_low = 31 - index.limb[0];
    sp[-2] = uint256{(sp[-2].limb[from_low / 8] >> (8 * (from_low % 8))) & 0xff};
}

std::uint64_t shift_amount(const uint256& n) {
    return n.fits_u64() ? n.limb[0] : 256;
}
void shl(uint256* sp) {
    sp[-2] = sp[-2] << shift_amount(sp[-1]);
}
void shr(uint256* sp) {
    sp[-2] = sp[-2] >> shift_amount(sp[-1]);
}
void sar(uint256* sp) {
    sp[-2] = shift_right_signed(sp[-2], shift_amount(sp[-1]));
}

/// spec: Yellow Paper, EXP; EIP-160.
Status exp(Frame& f, uint256* sp, std::int64_t& gas) {
    const int byte_cost = f.machine->rev >= Revision::spurious_dragon ? 50 : 10;
    gas -= byte_cost * static_cast<int>(significant_bytes(sp[-2]));
    if (gas < 0) return Status::out_of_gas;
    sp[-2] = power(sp[-1], sp[-2]);
    return Status::success;
}

Status keccak(Frame& f, uint256* sp, std::int64_t& gas) {
    if (!reach(f, sp[-1], sp[-2], gas)) return Status::out_of_gas;
    const std::uint64_t size = sp[-2].limb[0];
    gas -= 6 * word_count(size);
    if (gas < 0) return Status::out_of_gas;
    sp[-2] = to_uint256(crypto::keccak256(f.memory.view(sp[-1].limb[0], size)));
    return Status::success;
}

// --- environment ------------------------------------------------------------------------------

void address(Frame& f, uint256* sp) {
    *sp = to_uint256(f.message.recipient);
}
void origin(Frame& f, uint256* sp) {
    *sp = to_uint256(f.machine->txn.origin);
}
void caller(Frame& f, uint256* sp) {
    *sp = to_uint256(f.message.sender);
}
void callvalue(Frame& f, uint256* sp) {
    *sp = f.message.value;
}
void calldatasize(Frame& f, uint256* sp) {
    *sp = uint256{f.message.input.size()};
}
void codesize(Frame& f, uint256* sp) {
    *sp = uint256{f.code->size()};
}
void gasprice(Frame& f, uint256* sp) {
    *sp = f.machine->txn.gas_price;
}
void returndatasize(Frame& f, uint256* sp) {
    *sp = uint256{f.return_data.size()};
}
void coinbase(Frame& f, uint256* sp) {
    *sp = to_uint256(f.machine->block.coinbase);
}
void timestamp(Frame& f, uint256* sp) {
    *sp = uint256{f.machine->block.timestamp};
}
void number(Frame& f, uint256* sp) {
    *sp = uint256{f.machine->block.number};
}
void prevrandao(Frame& f, uint256* sp) {
    *sp = to_uint256(f.machine->block.prev_randao);
}
void gaslimit(Frame& f, uint256* sp) {
    *sp = uint256{f.machine->block.gas_limit};
}
void chainid(Frame& f, uint256* sp) {
    *sp = uint256{f.machine->spec.chain_id};
}
void basefee(Frame& f, uint256* sp) {
    *sp = f.machine->block.base_fee;
}
void blobbasefee(Frame& f, uint256* sp) {
    *sp = f.machine->blob_base_fee;
}
void msize(Frame& f, uint256* sp) {
    *sp = uint256{f.memory.size()};
}

void calldataload(Frame& f, uint256* sp) {
    const ByteView input = f.message.input;
    const uint256& offset = sp[-1];
    if (!offset.fits_u64() || offset.limb[0] >= input.size()) {
        sp[-1] = {};
        return;
    }
    const ByteView rest = input.subspan(offset.limb[0]);
    if (rest.size() >= 32) {
        sp[-1] = load_be256(rest.data());
        return;
    }
    std::uint8_t padded[32]{};
    std::memcpy(padded, rest.data(), rest.size());
    sp[-1] = load_be256(padded);
}

void blockhash(Frame& f, uint256* sp) {
    const std::uint64_t current = f.machine->block.number;
    const uint256& asked = sp[-1];
    if (!asked.fits_u64() || asked.limb[0] >= current || asked.limb[0] + 256 < current) {
        sp[-1] = {};
        return;
    }
    sp[-1] = to_uint256(f.machine->hashes.hash(asked.limb[0]));
}

void blobhash(Frame& f, uint256* sp) {
    const auto hashes = f.machine->txn.blob_hashes;
    const uint256& index = sp[-1];
    sp[-1] = index.fits_u64() && index.limb[0] < hashes.size() ? to_uint256(hashes[index.limb[0]])
                                                               : uint256{};
}

/// Copies from `source` to memory; what lies past its end reads as zero.
Status copy_padded(Frame& f, uint256* sp, std::int64_t& gas, ByteView source) {
    const uint256 &to = sp[-1], &from = sp[-2], &size = sp[-3];
    if (!reach(f, to, size, gas)) return Status::out_of_gas;
    const std::uint64_t bytes = size.limb[0];
    gas -= 3 * word_count(bytes);
    if (gas < 0) return Status::out_of_gas;
    if (bytes == 0) return Status::success;
    const std::uint64_t start =
        from.fits_u64() && from.limb[0] < source.size() ? from.limb[0] : source.size();
    const std::uint64_t available = source.size() - start;
    const std::uint64_t copied = available < bytes ? available : bytes;
    std::uint8_t* out = f.memory.at(to.limb[0]);
    if (copied != 0) std::memcpy(out, source.data() + start, copied);
    if (copied != bytes) std::memset(out + copied, 0, bytes - copied);
    return Status::success;
}
Status calldatacopy(Frame& f, uint256* sp, std::int64_t& gas) {
    return copy_padded(f, sp, gas, f.message.input);
}
Status codecopy(Frame& f, uint256* sp, std::int64_t& gas) {
    return copy_padded(f, sp, gas, f.code->bytes());
}
/// spec: EIP-211: reading past the end fails.
Status returndatacopy(Frame& f, uint256* sp, std::int64_t& gas) {
    const Sum256 end = add_overflow(sp[-2], sp[-3]);
    if (end.carry || !end.value.fits_u64() || end.value.limb[0] > f.return_data.size())
        return Status::invalid_memory_access;
    return copy_padded(f, sp, gas, f.return_data);
}

// --- memory -----------------------------------------------------------------------------------

Status mload(Frame& f, uint256* sp, std::int64_t& gas) {
    if (!reach(f, sp[-1], 32, gas)) [[unlikely]]
        return Status::out_of_gas;
    sp[-1] = load_be256(f.memory.at(sp[-1].limb[0]));
    return Status::success;
}
Status mstore(Frame& f, uint256* sp, std::int64_t& gas) {
    if (!reach(f, sp[-1], 32, gas)) [[unlikely]]
        return Status::out_of_gas;
    store_be256(f.memory.at(sp[-1].limb[0]), sp[-2]);
    return Status::success;
}
Status mstore8(Frame& f, uint256* sp, std::int64_t& gas) {
    if (!reach(f, sp[-1], 1, gas)) [[unlikely]]
        return Status::out_of_gas;
    *f.memory.at(sp[-1].limb[0]) = static_cast<std::uint8_t>(sp[-2].limb[0]);
    return Status::success;
}
/// spec: EIP-5656.
Status mcopy(Frame& f, uint256* sp, std::int64_t& gas) {
    const uint256 &to = sp[-1], &from = sp[-2], &size = sp[-3];
    if (!reach(f, to > from ? to : from, size, gas)) return Status::out_of_gas;
    const std::uint64_t bytes = size.limb[0];
    gas -= 3 * word_count(bytes);
    if (gas < 0) return Status::out_of_gas;
    if (bytes != 0) std::memmove(f.memory.at(to.limb[0]), f.memory.at(from.limb[0]), bytes);
    return Status::success;
}

// --- stack ------------------------------------------------------------------------------------

void pop(uint256*) {}
void push0(uint256* sp) {
    *sp = {};
}

/// Copies word by word: a wide load of a word just stored in parts would wait for the stores.
[[gnu::always_inline]] inline void copy_word(uint256& to, const uint256& from) {
    std::uint64_t a = from.limb[0], b = from.limb[1], c = from.limb[2], d = from.limb[3];
#if defined(__x86_64__)
    __asm__("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d));
#endif
    to.limb[0] = a;
    to.limb[1] = b;
    to.limb[2] = c;
    to.limb[3] = d;
}

template <int N>
void op_push(MEZZ_HANDLER_ARGS) {
    if (!enter<0, 1, 3>(sp, gas, f)) return;
    // Codes are padded, so 33 bytes from any opcode can be read.
    constexpr int WORDS = (N + 7) / 8;
    std::uint64_t words[4]{};
    for (int i = 0; i < WORDS; ++i) {
        const int end = N - 8 * i;
        if (end >= 8) {
            words[i] = load_be64(pc + 1 + end - 8);
        } else {
            std::uint64_t head = 0;
            for (int j = 0; j < end; ++j) head = head << 8 | pc[1 + j];
            words[i] = head;
        }
    }
    *sp = uint256{words[0], words[1], words[2], words[3]};
    MEZZ_NEXT(pc + 1 + N, sp + 1);
}
template <int N>
void op_dup(MEZZ_HANDLER_ARGS) {
    if (!enter<N, N + 1, 3>(sp, gas, f)) return;
    copy_word(*sp, sp[-N]);
    MEZZ_NEXT(pc + 1, sp + 1);
}
template <int N>
void op_swap(MEZZ_HANDLER_ARGS) {
    if (!enter<N + 1, N + 1, 3>(sp, gas, f)) return;
    uint256 top, other;
    copy_word(top, sp[-1]);
    copy_word(other, sp[-1 - N]);
    copy_word(sp[-1], other);
    copy_word(sp[-1 - N], top);
    MEZZ_NEXT(pc + 1, sp);
}

// --- control ----------------------------------------------------------------------------------

void op_jumpdest(MEZZ_HANDLER_ARGS) {
    if (!enter<0, 0, 1>(sp, gas, f)) return;
    MEZZ_NEXT(pc + 1, sp);
}
void op_jump(MEZZ_HANDLER_ARGS) {
    (void)pc;
    if (!enter<1, 0, 8>(sp, gas, f)) return;
    const uint256& target = sp[-1];
    if (!target.fits_u64() || !f->code->is_jump_target(target.limb[0])) [[unlikely]]
        return halt(f, Status::bad_jump_destination);
    MEZZ_NEXT(f->code->begin() + target.limb[0], sp - 1);
}
void op_jumpi(MEZZ_HANDLER_ARGS) {
    if (!enter<2, 0, 10>(sp, gas, f)) return;
    const std::uint8_t* next = pc + 1;
    if (!sp[-2].is_zero()) {
        const uint256& target = sp[-1];
        if (!target.fits_u64() || !f->code->is_jump_target(target.limb[0])) [[unlikely]]
            return halt(f, Status::bad_jump_destination);
        next = f->code->begin() + target.limb[0];
    }
    MEZZ_NEXT(next, sp - 2);
}
void op_pc(MEZZ_HANDLER_ARGS) {
    if (!enter<0, 1, 2>(sp, gas, f)) return;
    *sp = uint256{static_cast<std::uint64_t>(pc - f->code->begin())};
    MEZZ_NEXT(pc + 1, sp + 1);
}
void op_gas(MEZZ_HANDLER_ARGS) {
    if (!enter<0, 1, 2>(sp, gas, f)) return;
    *sp = uint256{static_cast<std::uint64_t>(gas)};
    MEZZ_NEXT(pc + 1, sp + 1);
}
void op_stop(MEZZ_HANDLER_ARGS) {
    (void)pc, (void)sp, (void)table;
    halt(f, Status::success);
    f->gas = gas;
}
template <Status STATUS>
void op_return(MEZZ_HANDLER_ARGS) {
    (void)pc, (void)table;
    if (!enter<2, 0, 0>(sp, gas, f)) return;
    if (!reach(*f, sp[-1], sp[-2], gas)) return halt(f, Status::out_of_gas);
    halt(f, STATUS);
    f->gas = gas;
    f->output = f->memory.view(sp[-1].limb[0], sp[-2].limb[0]);
}
void op_invalid(MEZZ_HANDLER_ARGS) {
    (void)pc, (void)sp, (void)gas, (void)table;
    halt(f, Status::invalid_instruction);
}
void op_undefined(MEZZ_HANDLER_ARGS) {
    (void)pc, (void)sp, (void)gas, (void)table;
    halt(f, Status::undefined_instruction);
}

/// Reports the step, then runs the real instruction, which comes back here for the next one.
void op_traced(MEZZ_HANDLER_ARGS) {
    const Machine& machine = *f->machine;
    machine.observer->on_step({
        .program_counter = static_cast<std::uint64_t>(pc - f->code->begin()),
        .opcode = *pc,
        .gas_left = gas,
        .depth = f->message.depth,
        .stack = {f->stack, sp},
        .memory = {f->memory.data(), f->memory.size()},
        .return_data = f->return_data,
        .refund = machine.journal.refund(),
        .address = &f->message.recipient,
    });
    if (machine.observer->stops()) return halt(f, Status::out_of_gas);
    MEZZ_TAIL return instructions(machine.rev).at[*pc](pc, sp, gas, f, table);
}

// --- tables -----------------------------------------------------------------------------------

template <int N>
constexpr void fill_push(Table& t) {
    t.at[OP_PUSH0 + N] = op_push<N>;
    if constexpr (N < 32) fill_push<N + 1>(t);
}
template <int N>
constexpr void fill_dup_swap(Table& t) {
    t.at[OP_DUP1 + N - 1] = op_dup<N>;
    t.at[OP_SWAP1 + N - 1] = op_swap<N>;
    if constexpr (N < 16) fill_dup_swap<N + 1>(t);
}

constexpr void fill_arithmetic(Table& t, Revision rev) {
    t.at[OP_STOP] = op_stop;
    t.at[OP_ADD] = pure<add, 2, 1, 3>;
    t.at[OP_MUL] = pure<mul, 2, 1, 5>;
    t.at[OP_SUB] = pure<sub, 2, 1, 3>;
    t.at[OP_DIV] = pure<div, 2, 1, 5>;
    t.at[OP_SDIV] = pure<sdiv, 2, 1, 5>;
    t.at[OP_MOD] = pure<mod, 2, 1, 5>;
    t.at[OP_SMOD] = pure<smod, 2, 1, 5>;
    t.at[OP_ADDMOD] = pure<addmod, 3, 1, 8>;
    t.at[OP_MULMOD] = environment<mulmod, 3, 1, 8>;
    t.at[OP_EXP] = checked<exp, 2, 1, 10>;
    t.at[OP_SIGNEXTEND] = pure<signextend, 2, 1, 5>;
    t.at[OP_LT] = pure<lt, 2, 1, 3>;
    t.at[OP_GT] = pure<gt, 2, 1, 3>;
    t.at[OP_SLT] = pure<slt, 2, 1, 3>;
    t.at[OP_SGT] = pure<sgt, 2, 1, 3>;
    t.at[OP_EQ] = pure<eq, 2, 1, 3>;
    t.at[OP_ISZERO] = pure<iszero, 1, 1, 3>;
    t.at[OP_AND] = pure<bit_and, 2, 1, 3>;
    t.at[OP_OR] = pure<bit_or, 2, 1, 3>;
    t.at[OP_XOR] = pure<bit_xor, 2, 1, 3>;
    t.at[OP_NOT] = pure<bit_not, 1, 1, 3>;
    t.at[OP_BYTE] = pure<byte, 2, 1, 3>;
    t.at[OP_KECCAK256] = checked<keccak, 2, 1, 30>;
    if (rev >= Revision::constantinople) {
        t.at[OP_SHL] = pure<shl, 2, 1, 3>;
        t.at[OP_SHR] = pure<shr, 2, 1, 3>;
        t.at[OP_SAR] = pure<sar, 2, 1, 3>;
    }
    if (rev >= Revision::osaka) t.at[OP_CLZ] = pure<clz, 1, 1, 5>;
}

constexpr void fill_environment(Table& t, Revision rev) {
    t.at[OP_ADDRESS] = environment<address, 0, 1, 2>;
    t.at[OP_BALANCE] = op_balance;
    t.at[OP_ORIGIN] = environment<origin, 0, 1, 2>;
    t.at[OP_CALLER] = environment<caller, 0, 1, 2>;
    t.at[OP_CALLVALUE] = environment<callvalue, 0, 1, 2>;
    t.at[OP_CALLDATALOAD] = environment<calldataload, 1, 1, 3>;
    t.at[OP_CALLDATASIZE] = environment<calldatasize, 0, 1, 2>;
    t.at[OP_CALLDATACOPY] = checked<calldatacopy, 3, 0, 3>;
    t.at[OP_CODESIZE] = environment<codesize, 0, 1, 2>;
    t.at[OP_CODECOPY] = checked<codecopy, 3, 0, 3>;
    t.at[OP_GASPRICE] = environment<gasprice, 0, 1, 2>;
    t.at[OP_EXTCODESIZE] = op_extcodesize;
    t.at[OP_EXTCODECOPY] = op_extcodecopy;
    t.at[OP_BLOCKHASH] = environment<blockhash, 1, 1, 20>;
    t.at[OP_COINBASE] = environment<coinbase, 0, 1, 2>;
    t.at[OP_TIMESTAMP] = environment<timestamp, 0, 1, 2>;
    t.at[OP_NUMBER] = environment<number, 0, 1, 2>;
    t.at[OP_PREVRANDAO] = environment<prevrandao, 0, 1, 2>;
    t.at[OP_GASLIMIT] = environment<gaslimit, 0, 1, 2>;
    if (rev >= Revision::byzantium) {
        t.at[OP_RETURNDATASIZE] = environment<returndatasize, 0, 1, 2>;
        t.at[OP_RETURNDATACOPY] = checked<returndatacopy, 3, 0, 3>;
    }
    if (rev >= Revision::constantinople) t.at[OP_EXTCODEHASH] = op_extcodehash;
    if (rev >= Revision::istanbul) {
        t.at[OP_CHAINID] = environment<chainid, 0, 1, 2>;
        t.at[OP_SELFBALANCE] = op_selfbalance;
    }
    if (rev >= Revision::london) t.at[OP_BASEFEE] = environment<basefee, 0, 1, 2>;
    if (rev >= Revision::cancun) {
        t.at[OP_BLOBHASH] = environment<blobhash, 1, 1, 3>;
        t.at[OP_BLOBBASEFEE] = environment<blobbasefee, 0, 1, 2>;
    }
}

constexpr void fill_storage_and_control(Table& t, Revision rev) {
    t.at[OP_POP] = pure<pop, 1, 0, 2>;
    t.at[OP_MLOAD] = checked<mload, 1, 1, 3>;
    t.at[OP_MSTORE] = checked<mstore, 2, 0, 3>;
    t.at[OP_MSTORE8] = checked<mstore8, 2, 0, 3>;
    t.at[OP_SLOAD] = op_sload;
    t.at[OP_SSTORE] = op_sstore;
    t.at[OP_JUMP] = op_jump;
    t.at[OP_JUMPI] = op_jumpi;
    t.at[OP_PC] = op_pc;
    t.at[OP_MSIZE] = environment<msize, 0, 1, 2>;
    t.at[OP_GAS] = op_gas;
    t.at[OP_JUMPDEST] = op_jumpdest;
    if (rev >= Revision::shanghai) t.at[OP_PUSH0] = pure<push0, 0, 1, 2>;
    if (rev >= Revision::cancun) {
        t.at[OP_TLOAD] = op_tload;
        t.at[OP_TSTORE] = op_tstore;
        t.at[OP_MCOPY] = checked<mcopy, 3, 0, 3>;
    }
    fill_push<1>(t);
    fill_dup_swap<1>(t);
    t.at[OP_LOG0] = op_log<0>;
    t.at[OP_LOG0 + 1] = op_log<1>;
    t.at[OP_LOG0 + 2] = op_log<2>;
    t.at[OP_LOG0 + 3] = op_log<3>;
    t.at[OP_LOG0 + 4] = op_log<4>;
}

constexpr void fill_calls(Table& t, Revision rev) {
    t.at[OP_CREATE] = op_create;
    t.at[OP_CALL] = op_call;
    t.at[OP_CALLCODE] = op_callcode;
    t.at[OP_RETURN] = op_return<Status::success>;
    if (rev >= Revision::homestead) t.at[OP_DELEGATECALL] = op_delegatecall;
    if (rev >= Revision::constantinople) t.at[OP_CREATE2] = op_create2;
    if (rev >= Revision::byzantium) {
        t.at[OP_STATICCALL] = op_staticcall;
        t.at[OP_REVERT] = op_return<Status::revert>;
    }
    t.at[OP_INVALID] = op_invalid;
    t.at[OP_SELFDESTRUCT] = op_selfdestruct;
}

constexpr Table make_table(Revision rev) {
    Table t{};
    for (Handler& h : t.at) h = op_undefined;
    fill_arithmetic(t, rev);
    fill_environment(t, rev);
    fill_storage_and_control(t, rev);
    fill_calls(t, rev);
    return t;
}

struct Tables {
    Table of[REVISION_COUNT];
};
constexpr Tables make_tables() {
    Tables all{};
    for (unsigned i = 0; i < REVISION_COUNT; ++i) all.of[i] = make_table(static_cast<Revision>(i));
    return all;
}
constexpr Table make_traced() {
    Table t{};
    for (Handler& h : t.at) h = op_traced;
    return t;
}

constexpr Tables TABLES = make_tables();
constexpr Table TRACED = make_traced();

}  // namespace

const Table& instructions(Revision rev) noexcept {
    return TABLES.of[static_cast<unsigned>(rev)];
}
const Table& traced_instructions() noexcept {
    return TRACED;
}

}  // namespace mezz::evm
