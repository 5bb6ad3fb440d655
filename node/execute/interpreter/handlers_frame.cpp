// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Instructions that touch the frame: memory, call data, control flow.

#include <algorithm>

#include "node/execute/interpreter/handler_support.hpp"
#include "node/host/crypto/keccak_native.hpp"

namespace mezz::node::interpreter {

Op unary_pure(evm::Opcode opcode) noexcept;

namespace {

using evm::Opcode;

#define MEZZ_FAST_FAIL(status) return evm::halt(f, status)

/// Makes [offset, offset + size) accessible, charging for new memory. False: gas does not last.
[[gnu::noinline]] bool reach_slow(Frame* f, const uint256& offset, std::uint64_t size,
                                  std::int64_t& gas) {
    return evm::reach(*f, offset, size, gas);
}
#define MEZZ_FAST_REACH(at, bytes)                                               \
    do {                                                                         \
        std::int64_t left = gas;                                                 \
        if (!reach_slow(f, at, bytes, left)) MEZZ_FAST_FAIL(Status::out_of_gas); \
        gas = left;                                                              \
        mem = f->memory.data();                                                  \
        mem_size = f->memory.size();                                             \
    } while (false)

/// Whether [offset, offset + size) is there already; `size` is small.
MEZZ_INLINE bool there(const uint256& offset, std::uint64_t size, std::uint64_t mem_size) noexcept {
    return (offset.limb[1] | offset.limb[2] | offset.limb[3] | offset.limb[0] >> 32) == 0 &&
           offset.limb[0] + size <= mem_size;
}

template <Place P>
MEZZ_FAST_CALL void op_load(MEZZ_FAST_ARGS) {
    const uint256 offset = operand_a<P>(ip, sp);
    if (!there(offset, 32, mem_size)) [[unlikely]]
        MEZZ_FAST_REACH(offset, 32);
    put(slot(sp, ip->d), load_be256(mem + offset.limb[0]));
    MEZZ_FAST_NEXT(1);
}
template <Place OFFSET, Place VALUE>
MEZZ_FAST_CALL void op_store(MEZZ_FAST_ARGS) {
    uint256 offset;
    if constexpr (OFFSET == Place::slot)
        offset = fetch(slot(sp, ip->a));
    else
        offset = uint256{static_cast<std::uint32_t>(ip->c)};
    if (!there(offset, 32, mem_size)) [[unlikely]]
        MEZZ_FAST_REACH(offset, 32);
    store_be256(mem + offset.limb[0], operand_b<VALUE>(ip, sp));
    MEZZ_FAST_NEXT(1);
}
MEZZ_FAST_CALL void op_store8(MEZZ_FAST_ARGS) {
    const uint256& offset = fetch(slot(sp, ip->a));
    if (!there(offset, 1, mem_size)) [[unlikely]]
        MEZZ_FAST_REACH(offset, 1);
    mem[offset.limb[0]] = static_cast<std::uint8_t>(slot(sp, ip->b).limb[0]);
    MEZZ_FAST_NEXT(1);
}

MEZZ_FAST_CALL void op_keccak(MEZZ_FAST_ARGS) {
    const uint256 offset = fetch(slot(sp, ip->a)), size = fetch(slot(sp, ip->b));
    std::int64_t left = gas;
    if (!evm::reach(*f, offset, size, left)) MEZZ_FAST_FAIL(Status::out_of_gas);
    left -= 6 * evm::word_count(size.limb[0]);
    if (left < 0) MEZZ_FAST_FAIL(Status::out_of_gas);
    gas = left;
    mem = f->memory.data();
    mem_size = f->memory.size();
    put(slot(sp, ip->d),
        to_uint256(host::keccak256_native(f->memory.view(offset.limb[0], size.limb[0]))));
    MEZZ_FAST_NEXT(1);
}

MEZZ_FAST_CALL void op_exponent(MEZZ_FAST_ARGS) {
    const uint256 base = fetch(slot(sp, ip->a)), exponent = fetch(slot(sp, ip->b));
    gas -= ip->c * static_cast<int>(significant_bytes(exponent));
    if (gas < 0) MEZZ_FAST_FAIL(Status::out_of_gas);
    // 2^n and 256^n pick words and bytes in code made before there were shifts.
    const bool power_of_two = base.fits_u64() && (base.limb[0] == 2 || base.limb[0] == 256);
    if (power_of_two) {
        const std::uint64_t bits = base.limb[0] == 2 ? 1 : 8;
        put(slot(sp, ip->d), exponent.fits_u64() && exponent.limb[0] < 256 / bits
                                 ? fast_shl(uint256{1}, exponent.limb[0] * bits)
                                 : uint256{});
    } else {
        put(slot(sp, ip->d), power(base, exponent));
    }
    MEZZ_FAST_NEXT(1);
}

MEZZ_INLINE uint256 calldata_at(const Frame* f, const uint256& offset) noexcept {
    const ByteView input = f->message.input;
    if (!offset.fits_u64() || offset.limb[0] >= input.size()) return {};
    const std::size_t rest = input.size() - offset.limb[0];
    if (rest >= 32) return load_be256(input.data() + offset.limb[0]);
    std::uint8_t padded[32]{};
    std::memcpy(padded, input.data() + offset.limb[0], rest);
    return load_be256(padded);
}
template <Place P>
MEZZ_FAST_CALL void op_calldataload(MEZZ_FAST_ARGS) {
    put(slot(sp, ip->d), calldata_at(f, operand_a<P>(ip, sp)));
    MEZZ_FAST_NEXT(1);
}

/// Copies to memory; past the end of `source`, zeros. False: gas does not last.
[[gnu::noinline]] bool copy_to_memory(Frame* f, const uint256& to, const uint256& from,
                                      const uint256& size, ByteView source, std::int64_t& gas) {
    if (!evm::reach(*f, to, size, gas)) return false;
    const std::uint64_t bytes = size.limb[0];
    gas -= 3 * evm::word_count(bytes);
    if (gas < 0) return false;
    if (bytes == 0) return true;
    const std::uint64_t start =
        from.fits_u64() && from.limb[0] < source.size() ? from.limb[0] : source.size();
    const std::uint64_t copied = std::min<std::uint64_t>(source.size() - start, bytes);
    std::uint8_t* out = f->memory.at(to.limb[0]);
    if (copied != 0) std::memcpy(out, source.data() + start, copied);
    if (copied != bytes) std::memset(out + copied, 0, bytes - copied);
    return true;
}
[[gnu::noinline]] bool copy_in_memory(Frame* f, const uint256& to, const uint256& from,
                                      const uint256& size, std::int64_t& gas) {
    if (!evm::reach(*f, to > from ? to : from, size, gas)) return false;
    const std::uint64_t bytes = size.limb[0];
    gas -= 3 * evm::word_count(bytes);
    if (gas < 0) return false;
    if (bytes != 0) std::memmove(f->memory.at(to.limb[0]), f->memory.at(from.limb[0]), bytes);
    return true;
}
template <Opcode OP>
MEZZ_FAST_CALL void op_copy(MEZZ_FAST_ARGS) {
    const uint256 to = fetch(slot(sp, ip->a)), from = fetch(slot(sp, ip->b)),
                  size = fetch(slot(sp, ip->c));
    std::int64_t left = gas;
    bool ok = false;
    if constexpr (OP == evm::OP_CALLDATACOPY)
        ok = copy_to_memory(f, to, from, size, f->message.input, left);
    else if constexpr (OP == evm::OP_CODECOPY)
        ok = copy_to_memory(f, to, from, size, f->code->bytes(), left);
    else
        ok = copy_in_memory(f, to, from, size, left);
    if (!ok) MEZZ_FAST_FAIL(Status::out_of_gas);
    gas = left;
    mem = f->memory.data();
    mem_size = f->memory.size();
    MEZZ_FAST_NEXT(1);
}

template <Opcode OP>
MEZZ_INLINE uint256 value_of(const Frame* f) noexcept {
    if constexpr (OP == evm::OP_ADDRESS) return to_uint256(f->message.recipient);
    if constexpr (OP == evm::OP_ORIGIN) return to_uint256(f->machine->txn.origin);
    if constexpr (OP == evm::OP_CALLER) return to_uint256(f->message.sender);
    if constexpr (OP == evm::OP_CALLVALUE) return f->message.value;
    if constexpr (OP == evm::OP_CALLDATASIZE) return uint256{f->message.input.size()};
    if constexpr (OP == evm::OP_GASPRICE) return f->machine->txn.gas_price;
    if constexpr (OP == evm::OP_RETURNDATASIZE) return uint256{f->return_data.size()};
    if constexpr (OP == evm::OP_COINBASE) return to_uint256(f->machine->block.coinbase);
    if constexpr (OP == evm::OP_TIMESTAMP) return uint256{f->machine->block.timestamp};
    if constexpr (OP == evm::OP_NUMBER) return uint256{f->machine->block.number};
    if constexpr (OP == evm::OP_PREVRANDAO) return to_uint256(f->machine->block.prev_randao);
    if constexpr (OP == evm::OP_GASLIMIT) return uint256{f->machine->block.gas_limit};
    if constexpr (OP == evm::OP_CHAINID) return uint256{f->machine->spec.chain_id};
    if constexpr (OP == evm::OP_BASEFEE) return f->machine->block.base_fee;
    if constexpr (OP == evm::OP_BLOBBASEFEE) return f->machine->blob_base_fee;
    if constexpr (OP == evm::OP_MSIZE) return uint256{f->memory.size()};
}
template <Opcode OP>
MEZZ_FAST_CALL void op_environment(MEZZ_FAST_ARGS) {
    put(slot(sp, ip->d), value_of<OP>(f));
    MEZZ_FAST_NEXT(1);
}

MEZZ_FAST_CALL void op_gas_left(MEZZ_FAST_ARGS) {
    put(slot(sp, ip->d), uint256{static_cast<std::uint64_t>(gas) + ip->imm});
    MEZZ_FAST_NEXT(1);
}

// --- control ------------------------------------------------------------------------------------

MEZZ_FAST_CALL void op_enter(MEZZ_FAST_ARGS) {
    sp = &slot(sp, ip->d);
    MEZZ_FAST_ENTER(*ip);
}
MEZZ_INLINE const Entry* target_of(const Instr* ip, const uint256& target) noexcept {
    if (!target.fits_u64()) return nullptr;
    return static_cast<const Program*>(ip->pointer)->jump(target.limb[0]);
}
MEZZ_FAST_CALL void op_jump(MEZZ_FAST_ARGS) {
    const Entry* target = target_of(ip, slot(sp, ip->a));
    if (target == nullptr) [[unlikely]]
        MEZZ_FAST_FAIL(Status::bad_jump_destination);
    sp = &slot(sp, ip->d);
    MEZZ_FAST_GO(target->body, target->gas, target->need, target->grow);
}
MEZZ_FAST_CALL void op_jump_if(MEZZ_FAST_ARGS) {
    if (or_limbs(slot(sp, ip->b)) == 0) {
        sp = &slot(sp, ip->d);
        MEZZ_FAST_ENTER(ip[1]);
    }
    const Entry* target = target_of(ip, slot(sp, ip->a));
    if (target == nullptr) [[unlikely]]
        MEZZ_FAST_FAIL(Status::bad_jump_destination);
    sp = &slot(sp, ip->d);
    MEZZ_FAST_GO(target->body, target->gas, target->need, target->grow);
}
MEZZ_FAST_CALL void op_bad_jump(MEZZ_FAST_ARGS) {
    (void)ip, (void)sp, (void)gas, (void)mem, (void)mem_size;
    MEZZ_FAST_FAIL(Status::bad_jump_destination);
}

/// What the plain instructions find after the one they were asked for.
void stop_here(MEZZ_HANDLER_ARGS) {
    (void)table;
    f->paused = true;
    f->pc = pc;
    f->sp = sp;
    f->gas = gas;
}
constexpr evm::Table make_stop_table() {
    evm::Table t{};
    for (auto& at : t.at) at = stop_here;
    return t;
}
constexpr evm::Table STOP_TABLE = make_stop_table();

[[gnu::noinline]] void run_plain(const std::uint8_t* pc, uint256* sp, std::int64_t gas, Frame* f) {
    f->paused = false;
    evm::instructions(f->machine->rev).at[*pc](pc, sp, gas, f, &STOP_TABLE);
}
MEZZ_FAST_CALL void op_plain(MEZZ_FAST_ARGS) {
    (void)mem, (void)mem_size;
    run_plain(f->code->begin() + ip->position, &slot(sp, ip->d), gas, f);
    if (!f->paused) return;  // halted, or made a call
    f->paused = false;
    sp = f->sp;
    gas = f->gas;
    mem = f->memory.data();
    mem_size = f->memory.size();
    MEZZ_FAST_NEXT(1);
}

}  // namespace

Op unary(Opcode opcode) noexcept {
    return opcode == evm::OP_CALLDATALOAD ? op_calldataload<Place::slot> : unary_pure(opcode);
}
Op calldataload_at() noexcept {
    return op_calldataload<Place::small>;
}
Op environment(Opcode opcode) noexcept {
    switch (opcode) {
#define MEZZ_CASE(name)  \
    case evm::OP_##name: \
        return op_environment<evm::OP_##name>
        MEZZ_CASE(ADDRESS);
        MEZZ_CASE(ORIGIN);
        MEZZ_CASE(CALLER);
        MEZZ_CASE(CALLVALUE);
        MEZZ_CASE(CALLDATASIZE);
        MEZZ_CASE(GASPRICE);
        MEZZ_CASE(RETURNDATASIZE);
        MEZZ_CASE(COINBASE);
        MEZZ_CASE(TIMESTAMP);
        MEZZ_CASE(NUMBER);
        MEZZ_CASE(PREVRANDAO);
        MEZZ_CASE(GASLIMIT);
        MEZZ_CASE(CHAINID);
        MEZZ_CASE(BASEFEE);
        MEZZ_CASE(BLOBBASEFEE);
        MEZZ_CASE(MSIZE);
#undef MEZZ_CASE
        default:
            return nullptr;
    }
}
Op gas_left() noexcept {
    return op_gas_left;
}
Op keccak() noexcept {
    return op_keccak;
}
Op exponent() noexcept {
    return op_exponent;
}
Op load(Place offset) noexcept {
    return offset == Place::slot ? op_load<Place::slot> : op_load<Place::small>;
}
Op store(Place offset, Place value) noexcept {
    using enum Place;
    if (offset == slot)
        return value == slot    ? op_store<slot, slot>
               : value == small ? op_store<slot, small>
                                : op_store<slot, large>;
    return value == slot    ? op_store<small, slot>
           : value == small ? op_store<small, small>
                            : op_store<small, large>;
}
Op store8() noexcept {
    return op_store8;
}
Op copy(Opcode opcode) noexcept {
    return opcode == evm::OP_CALLDATACOPY ? op_copy<evm::OP_CALLDATACOPY>
           : opcode == evm::OP_CODECOPY   ? op_copy<evm::OP_CODECOPY>
                                          : op_copy<evm::OP_MCOPY>;
}
Op enter() noexcept {
    return op_enter;
}
Op jump() noexcept {
    return op_jump;
}
Op jump_if() noexcept {
    return op_jump_if;
}
Op bad_jump() noexcept {
    return op_bad_jump;
}
Op plain() noexcept {
    return op_plain;
}

void run(const Entry& entry, Frame& frame) {
    Frame* f = &frame;
    f->paused = false;
    uint256* sp = f->sp;
    const std::int64_t gas = f->gas;
    if (!may_enter(entry.gas, entry.need, entry.grow, sp, gas, f))
        return pause_before(entry.body, entry.gas, sp, gas, f);
    entry.body->op(entry.body, sp, gas - entry.gas, f, f->memory.data(), f->memory.size());
}

}  // namespace mezz::node::interpreter
