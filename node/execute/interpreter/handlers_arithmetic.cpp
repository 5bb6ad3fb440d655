// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Instructions that compute from slots and constants to a slot.

#include "node/execute/interpreter/handler_support.hpp"

namespace mezz::node::interpreter {
namespace {

using evm::Opcode;

MEZZ_INLINE std::uint64_t amount(const uint256& n) noexcept {
    return n.fits_u64() ? n.limb[0] : 256;
}

template <Opcode OP>
MEZZ_INLINE uint256 compute(const uint256& a, const uint256& b) noexcept {
    if constexpr (OP == evm::OP_ADD) return fast_add(a, b);
    if constexpr (OP == evm::OP_MUL) return fast_mul(a, b);
    if constexpr (OP == evm::OP_SUB) return fast_sub(a, b);
    if constexpr (OP == evm::OP_DIV) return fast_divide(a, b).quotient;
    if constexpr (OP == evm::OP_SDIV) return fast_divide_signed(a, b).quotient;
    if constexpr (OP == evm::OP_MOD) return fast_divide(a, b).remainder;
    if constexpr (OP == evm::OP_SMOD) return fast_divide_signed(a, b).remainder;
    if constexpr (OP == evm::OP_AND) return a & b;
    if constexpr (OP == evm::OP_OR) return a | b;
    if constexpr (OP == evm::OP_XOR) return a ^ b;
    if constexpr (OP == evm::OP_SHL) return amount(a) < 256 ? fast_shl(b, a.limb[0]) : uint256{};
    if constexpr (OP == evm::OP_SHR) return amount(a) < 256 ? fast_shr(b, a.limb[0]) : uint256{};
    if constexpr (OP == evm::OP_SAR) return shift_right_signed(b, amount(a));
    if constexpr (OP == evm::OP_BYTE) {
        if (!a.fits_u64() || a.limb[0] >= 32) return {};
        const std::uint64_t from_low = 31 - a.limb[0];
        return uint256{(b.limb[from_low / 8] >> (8 * (from_low % 8))) & 0xff};
    }
    if constexpr (OP == evm::OP_SIGNEXTEND) {
        if (!a.fits_u64() || a.limb[0] >= 31) return b;
        // The word with the sign is replaced by its extension, those above by the sign.
        const std::uint64_t word = a.limb[0] / 8, bits = 56 - 8 * (a.limb[0] % 8);
        uint256 r = b;
        const auto extended = static_cast<std::int64_t>(b.limb[word] << bits) >> bits;
        const auto sign = static_cast<std::uint64_t>(extended >> 63);
        r.limb[0] = word == 0 ? static_cast<std::uint64_t>(extended) : b.limb[0];
        r.limb[1] = word == 1 ? static_cast<std::uint64_t>(extended) : word < 1 ? sign : b.limb[1];
        r.limb[2] = word == 2 ? static_cast<std::uint64_t>(extended) : word < 2 ? sign : b.limb[2];
        r.limb[3] = word == 3 ? static_cast<std::uint64_t>(extended) : sign;
        return r;
    }
}

template <Opcode OP, Place A, Place B>
MEZZ_FAST_CALL void op_binary(MEZZ_FAST_ARGS) {
    put(slot(sp, ip->d), compute<OP>(operand_a<A>(ip, sp), operand_b<B>(ip, sp)));
    MEZZ_FAST_NEXT(1);
}

template <Opcode OP>
Op choose(Place a, Place b) noexcept {
    using enum Place;
    if (a == slot)
        return b == slot    ? op_binary<OP, slot, slot>
               : b == small ? op_binary<OP, slot, small>
                            : op_binary<OP, slot, large>;
    return a == small ? op_binary<OP, small, slot> : op_binary<OP, large, slot>;
}

template <Compare C>
MEZZ_INLINE bool holds(const uint256& a, const uint256& b) noexcept {
    using enum Compare;
    if constexpr (C == less) return fast_less(a, b);
    if constexpr (C == not_less) return !fast_less(a, b);
    if constexpr (C == Compare::less_signed) return fast_less_signed(a, b);
    if constexpr (C == not_less_signed) return !fast_less_signed(a, b);
    if constexpr (C == equal) return a == b;
    if constexpr (C == not_equal) return !(a == b);
    if constexpr (C == zero) return or_limbs(a) == 0;
    if constexpr (C == not_zero) return or_limbs(a) != 0;
}

template <Compare C, Place A, Place B>
MEZZ_FAST_CALL void op_compare(MEZZ_FAST_ARGS) {
    put(slot(sp, ip->d), uint256{holds<C>(operand_a<A>(ip, sp), operand_b<B>(ip, sp)) ? 1u : 0u});
    MEZZ_FAST_NEXT(1);
}
template <Compare C, Place A, Place B>
MEZZ_FAST_CALL void op_branch(MEZZ_FAST_ARGS) {
    const bool taken = holds<C>(operand_a<A>(ip, sp), operand_b<B>(ip, sp));
    sp = &slot(sp, ip->d);
    if (taken) MEZZ_FAST_ENTER(ip[1]);
    MEZZ_FAST_ENTER(ip[2]);
}

template <Compare C, bool BRANCH>
Op choose_compare(Place a, Place b) noexcept {
    using enum Place;
    const auto pick = [](auto p, auto q) -> Op {
        if constexpr (BRANCH)
            return op_branch<C, decltype(p)::value, decltype(q)::value>;
        else
            return op_compare<C, decltype(p)::value, decltype(q)::value>;
    };
    constexpr std::integral_constant<Place, slot> at_slot;
    constexpr std::integral_constant<Place, small> at_small;
    constexpr std::integral_constant<Place, large> at_large;
    if (a == slot)
        return b == slot    ? pick(at_slot, at_slot)
               : b == small ? pick(at_slot, at_small)
                            : pick(at_slot, at_large);
    return a == small ? pick(at_small, at_slot) : pick(at_large, at_slot);
}
template <bool BRANCH>
Op choose_compare(Compare c, Place a, Place b) noexcept {
    switch (c) {
        using enum Compare;
        case less:
            return choose_compare<less, BRANCH>(a, b);
        case not_less:
            return choose_compare<not_less, BRANCH>(a, b);
        case Compare::less_signed:
            return choose_compare<Compare::less_signed, BRANCH>(a, b);
        case not_less_signed:
            return choose_compare<not_less_signed, BRANCH>(a, b);
        case equal:
            return choose_compare<equal, BRANCH>(a, b);
        case not_equal:
            return choose_compare<not_equal, BRANCH>(a, b);
        case zero:
            return choose_compare<zero, BRANCH>(a, b);
        case not_zero:
            return choose_compare<not_zero, BRANCH>(a, b);
    }
    return nullptr;
}

MEZZ_FAST_CALL void op_shl_by(MEZZ_FAST_ARGS) {
    put(slot(sp, ip->d), fast_shl(fetch(slot(sp, ip->a)), ip->imm));
    MEZZ_FAST_NEXT(1);
}
MEZZ_FAST_CALL void op_shr_by(MEZZ_FAST_ARGS) {
    put(slot(sp, ip->d), fast_shr(fetch(slot(sp, ip->a)), ip->imm));
    MEZZ_FAST_NEXT(1);
}
MEZZ_FAST_CALL void op_sar_by(MEZZ_FAST_ARGS) {
    put(slot(sp, ip->d), shift_right_signed(slot(sp, ip->a), ip->imm));
    MEZZ_FAST_NEXT(1);
}
template <int WORD>
MEZZ_FAST_CALL void op_extend_sign_by(MEZZ_FAST_ARGS) {
    uint256 r = fetch(slot(sp, ip->a));
    const auto extended = static_cast<std::int64_t>(r.limb[WORD] << ip->imm) >> ip->imm;
    r.limb[WORD] = static_cast<std::uint64_t>(extended);
    for (int i = WORD + 1; i < 4; ++i) r.limb[i] = static_cast<std::uint64_t>(extended >> 63);
    put(slot(sp, ip->d), r);
    MEZZ_FAST_NEXT(1);
}
MEZZ_FAST_CALL void op_not(MEZZ_FAST_ARGS) {
    put(slot(sp, ip->d), ~fetch(slot(sp, ip->a)));
    MEZZ_FAST_NEXT(1);
}
MEZZ_FAST_CALL void op_clz(MEZZ_FAST_ARGS) {
    put(slot(sp, ip->d), uint256{count_leading_zeros(slot(sp, ip->a))});
    MEZZ_FAST_NEXT(1);
}
MEZZ_FAST_CALL void op_addmod(MEZZ_FAST_ARGS) {
    put(slot(sp, ip->d), add_modulo(slot(sp, ip->a), slot(sp, ip->b), slot(sp, ip->c)));
    MEZZ_FAST_NEXT(1);
}
MEZZ_FAST_CALL void op_mulmod(MEZZ_FAST_ARGS) {
    put(slot(sp, ip->d), multiply_modulo(slot(sp, ip->a), slot(sp, ip->b), slot(sp, ip->c)));
    MEZZ_FAST_NEXT(1);
}
MEZZ_FAST_CALL void op_mulmod_by(MEZZ_FAST_ARGS) {
    put(slot(sp, ip->d), multiply_modulo(slot(sp, ip->a), slot(sp, ip->b),
                                         *static_cast<const Modulus*>(ip->pointer)));
    MEZZ_FAST_NEXT(1);
}
MEZZ_FAST_CALL void op_mulmod_by_ones(MEZZ_FAST_ARGS) {
    put(slot(sp, ip->d), multiply_modulo_ones(slot(sp, ip->a), slot(sp, ip->b)));
    MEZZ_FAST_NEXT(1);
}
MEZZ_FAST_CALL void op_move(MEZZ_FAST_ARGS) {
    put(slot(sp, ip->d), fetch(slot(sp, ip->a)));
    MEZZ_FAST_NEXT(1);
}
MEZZ_FAST_CALL void op_set_small(MEZZ_FAST_ARGS) {
    put(slot(sp, ip->d), uint256{ip->imm});
    MEZZ_FAST_NEXT(1);
}
MEZZ_FAST_CALL void op_set_large(MEZZ_FAST_ARGS) {
    put(slot(sp, ip->d), *ip->constant);
    MEZZ_FAST_NEXT(1);
}
MEZZ_FAST_CALL void op_exchange(MEZZ_FAST_ARGS) {
    const uint256 d = fetch(slot(sp, ip->d)), a = fetch(slot(sp, ip->a));
    put(slot(sp, ip->d), a);
    put(slot(sp, ip->a), d);
    MEZZ_FAST_NEXT(1);
}

}  // namespace

Op binary(Opcode opcode, Place a, Place b) noexcept {
    switch (opcode) {
        case evm::OP_ADD:
            return choose<evm::OP_ADD>(a, b);
        case evm::OP_MUL:
            return choose<evm::OP_MUL>(a, b);
        case evm::OP_SUB:
            return choose<evm::OP_SUB>(a, b);
        case evm::OP_DIV:
            return choose<evm::OP_DIV>(a, b);
        case evm::OP_SDIV:
            return choose<evm::OP_SDIV>(a, b);
        case evm::OP_MOD:
            return choose<evm::OP_MOD>(a, b);
        case evm::OP_SMOD:
            return choose<evm::OP_SMOD>(a, b);
        case evm::OP_SIGNEXTEND:
            return choose<evm::OP_SIGNEXTEND>(a, b);
        case evm::OP_AND:
            return choose<evm::OP_AND>(a, b);
        case evm::OP_OR:
            return choose<evm::OP_OR>(a, b);
        case evm::OP_XOR:
            return choose<evm::OP_XOR>(a, b);
        case evm::OP_BYTE:
            return choose<evm::OP_BYTE>(a, b);
        case evm::OP_SHL:
            return choose<evm::OP_SHL>(a, b);
        case evm::OP_SHR:
            return choose<evm::OP_SHR>(a, b);
        case evm::OP_SAR:
            return choose<evm::OP_SAR>(a, b);
        default:
            return nullptr;
    }
}
Op comparison(Compare c, Place a, Place b) noexcept {
    return choose_compare<false>(c, a, b);
}
Op branch(Compare c, Place a, Place b) noexcept {
    return choose_compare<true>(c, a, b);
}
Op shift_by(Opcode opcode) noexcept {
    return opcode == evm::OP_SHL ? op_shl_by : opcode == evm::OP_SHR ? op_shr_by : op_sar_by;
}
Op extend_sign_by(std::uint64_t word) noexcept {
    constexpr Op ops[] = {op_extend_sign_by<0>, op_extend_sign_by<1>, op_extend_sign_by<2>,
                          op_extend_sign_by<3>};
    return ops[word];
}
Op modular(Opcode opcode) noexcept {
    return opcode == evm::OP_ADDMOD ? op_addmod : op_mulmod;
}
Op mulmod_by() noexcept {
    return op_mulmod_by;
}
Op mulmod_by_ones() noexcept {
    return op_mulmod_by_ones;
}
Op move() noexcept {
    return op_move;
}
Op set(Place place) noexcept {
    return place == Place::small ? op_set_small : op_set_large;
}
Op exchange() noexcept {
    return op_exchange;
}
/// Of those that need no frame; the others stand in handlers_frame.cpp.
Op unary_pure(Opcode opcode) noexcept {
    return opcode == evm::OP_NOT ? op_not : op_clz;
}

}  // namespace mezz::node::interpreter
