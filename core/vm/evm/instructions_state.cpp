// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Instructions that read or write the state, and those that call.

#include "core/crypto/keccak.hpp"
#include "core/vm/evm/instruction_support.hpp"

namespace mezz::evm {
namespace {

/// spec: EIP-2929.
constexpr int COLD_ACCOUNT_GAS = 2600;
constexpr int COLD_SLOT_GAS = 2100;
constexpr int WARM_GAS = 100;
/// spec: Yellow Paper, Appendix G.
constexpr int CALL_VALUE_GAS = 9000;
constexpr int CALL_STIPEND = 2300;
constexpr int NEW_ACCOUNT_GAS = 25000;

Journal& journal(Frame& f) {
    return f.machine->journal;
}
Revision revision(const Frame& f) {
    return f.machine->rev;
}

/// Adds an account to the accessed set; precompiles are always in it. returns: whether it was cold.
bool access_account(Frame& f, AccountId id) {
    Journal& state = journal(f);
    return state.warm(id) && f.machine->precompile_at(state.address(id)) == 0;
}

/// Price of looking at an account: by warmth from Berlin on, `before` in earlier revisions.
std::int64_t account_access_gas(Frame& f, AccountId id, std::int64_t before) {
    if (revision(f) < Revision::berlin) return before;
    return access_account(f, id) ? COLD_ACCOUNT_GAS : WARM_GAS;
}

Status balance(Frame& f, uint256* sp, std::int64_t& gas) {
    const Revision rev = revision(f);
    const AccountId id = journal(f).account(to_address(sp[-1]));
    gas -= account_access_gas(f, id,
                              rev >= Revision::istanbul            ? 700
                              : rev >= Revision::tangerine_whistle ? 400
                                                                   : 20);
    if (gas < 0) return Status::out_of_gas;
    sp[-1] = journal(f).balance(id);
    return Status::success;
}

void selfbalance(Frame& f, uint256* sp) {
    *sp = journal(f).balance(f.self);
}

Status extcodesize(Frame& f, uint256* sp, std::int64_t& gas) {
    const AccountId id = journal(f).account(to_address(sp[-1]));
    gas -= account_access_gas(f, id, revision(f) >= Revision::tangerine_whistle ? 700 : 20);
    if (gas < 0) return Status::out_of_gas;
    sp[-1] = uint256{journal(f).code(id).size()};
    return Status::success;
}

Status extcodecopy(Frame& f, uint256* sp, std::int64_t& gas) {
    const uint256 &to = sp[-2], &from = sp[-3], &size = sp[-4];
    if (!reach(f, to, size, gas)) return Status::out_of_gas;
    const std::uint64_t bytes = size.limb[0];
    gas -= 3 * word_count(bytes);
    if (gas < 0) return Status::out_of_gas;
    const AccountId id = journal(f).account(to_address(sp[-1]));
    gas -= account_access_gas(f, id, revision(f) >= Revision::tangerine_whistle ? 700 : 20);
    if (gas < 0) return Status::out_of_gas;
    if (bytes == 0) return Status::success;
    const ByteView code = journal(f).code(id);
    const std::uint64_t start =
        from.fits_u64() && from.limb[0] < code.size() ? from.limb[0] : code.size();
    const std::uint64_t available = code.size() - start;
    const std::uint64_t copied = available < bytes ? available : bytes;
    std::uint8_t* out = f.memory.at(to.limb[0]);
    if (copied != 0) std::memcpy(out, code.data() + start, copied);
    std::memset(out + copied, 0, bytes - copied);
    return Status::success;
}

/// spec: EIP-1052, EIP-1884.
Status extcodehash(Frame& f, uint256* sp, std::int64_t& gas) {
    const AccountId id = journal(f).account(to_address(sp[-1]));
    gas -= account_access_gas(f, id, revision(f) >= Revision::istanbul ? 700 : 400);
    if (gas < 0) return Status::out_of_gas;
    sp[-1] = journal(f).empty(id) ? uint256{} : to_uint256(journal(f).code_hash(id));
    return Status::success;
}

// --- storage ----------------------------------------------------------------------------------

Status sload(Frame& f, uint256* sp, std::int64_t& gas) {
    const Revision rev = revision(f);
    Journal& state = journal(f);
    const SlotId slot = state.slot(f.self, to_bytes32(sp[-1]));
    if (rev >= Revision::berlin)
        gas -= state.warm(slot) ? COLD_SLOT_GAS : WARM_GAS;
    else
        gas -= rev >= Revision::istanbul ? 800 : rev >= Revision::tangerine_whistle ? 200 : 50;
    if (gas < 0) return Status::out_of_gas;
    sp[-1] = state.value(slot);
    return Status::success;
}

struct StorePrice {
    std::int64_t gas = 0;
    std::int64_t refund = 0;
};

/// spec: Yellow Paper, Appendix H, SSTORE.
StorePrice plain_store_price(const uint256& current, const uint256& next) {
    if (current.is_zero() && !next.is_zero()) return {20000, 0};
    return {5000, !current.is_zero() && next.is_zero() ? 15000 : 0};
}

/// spec: EIP-1283, EIP-2200, EIP-2929, EIP-3529; they differ in three constants.
StorePrice net_store_price(Revision rev, const uint256& original, const uint256& current,
                           const uint256& next) {
    const int warm = rev >= Revision::berlin ? WARM_GAS : rev >= Revision::istanbul ? 800 : 200;
    const int reset = rev >= Revision::berlin ? 5000 - COLD_SLOT_GAS : 5000;
    const int clear = rev >= Revision::london ? 4800 : 15000;
    if (next == current) return {warm, 0};
    if (original == current) {
        if (original.is_zero()) return {20000, 0};
        return {reset, next.is_zero() ? clear : 0};
    }
    StorePrice price{warm, 0};
    if (!original.is_zero()) {
        if (current.is_zero())
            price.refund -= clear;
        else if (next.is_zero())
            price.refund += clear;
    }
    if (next == original) price.refund += (original.is_zero() ? 20000 : reset) - warm;
    return price;
}

Status sstore(Frame& f, uint256* sp, std::int64_t& gas) {
    if (f.message.is_static) return Status::static_mode_violation;
    const Revision rev = revision(f);
    if (rev >= Revision::istanbul && gas <= CALL_STIPEND) return Status::out_of_gas;
    Journal& state = journal(f);
    const SlotId slot = state.slot(f.self, to_bytes32(sp[-1]));
    const uint256& next = sp[-2];
    const uint256& current = state.value(slot);
    const bool net_metering = rev == Revision::constantinople || rev >= Revision::istanbul;
    StorePrice price = net_metering ? net_store_price(rev, state.original(slot), current, next)
                                    : plain_store_price(current, next);
    if (rev >= Revision::berlin && state.warm(slot)) price.gas += COLD_SLOT_GAS;
    gas -= price.gas;
    if (gas < 0) return Status::out_of_gas;
    state.add_refund(price.refund);
    if (next != current) state.set_value(slot, next);
    return Status::success;
}

void tload(Frame& f, uint256* sp) {
    sp[-1] = journal(f).transient(f.self, to_bytes32(sp[-1]));
}
Status tstore(Frame& f, uint256* sp, std::int64_t&) {
    if (f.message.is_static) return Status::static_mode_violation;
    journal(f).set_transient(f.self, to_bytes32(sp[-1]), sp[-2]);
    return Status::success;
}

// --- logs and destruction ---------------------------------------------------------------------

template <int TOPICS>
Status log(Frame& f, uint256* sp, std::int64_t& gas) {
    if (f.message.is_static) return Status::static_mode_violation;
    if (!reach(f, sp[-1], sp[-2], gas)) return Status::out_of_gas;
    const std::uint64_t size = sp[-2].limb[0];
    gas -= 8 * static_cast<std::int64_t>(size);
    if (gas < 0) return Status::out_of_gas;
    Log entry;
    entry.address = f.message.recipient;
    entry.topics.reserve(TOPICS);
    for (int i = 0; i < TOPICS; ++i) entry.topics.push_back(to_bytes32(sp[-3 - i]));
    entry.data = to_bytes(f.memory.view(sp[-1].limb[0], size));
    journal(f).add_log(std::move(entry));
    return Status::success;
}

/// spec: Yellow Paper, SELFDESTRUCT; EIP-150, EIP-161, EIP-2929, EIP-3529, EIP-6780.
Status destroy(Frame& f, uint256* sp, std::int64_t& gas) {
    if (f.message.is_static) return Status::static_mode_violation;
    const Revision rev = revision(f);
    Journal& state = journal(f);
    const AccountId heir = state.account(to_address(sp[-1]));
    const uint256 wealth = state.balance(f.self);
    if (rev >= Revision::berlin && access_account(f, heir)) gas -= COLD_ACCOUNT_GAS;
    if (rev >= Revision::tangerine_whistle) {
        gas -= 5000;
        const bool creates = rev >= Revision::spurious_dragon
                                 ? !wealth.is_zero() && state.empty(heir)
                                 : !state.exists(heir);
        if (creates) gas -= NEW_ACCOUNT_GAS;
    }
    if (gas < 0) return Status::out_of_gas;

    const bool removes = rev < Revision::cancun || state.is_created(f.self);
    if (heir != f.self) {
        state.subtract_balance(f.self, wealth);
        state.add_balance(heir, wealth);
    } else if (removes) {
        state.subtract_balance(f.self, wealth);
    }
    if (removes && state.mark_destroyed(f.self))
        state.add_refund(static_cast<std::int64_t>(traits(rev).selfdestruct_refund));
    if (f.machine->observer != nullptr)
        f.machine->observer->on_selfdestruct(f.message.recipient, state.address(heir), wealth);
    return Status::success;
}

// --- calls ------------------------------------------------------------------------------------

/// Fills `f.pending` for a CREATE; sets the gas aside. The size and cost rules: EIP-3860.
template <CallKind KIND>
Status prepare_create(Frame& f, uint256* sp, std::int64_t& gas) {
    if (f.message.is_static) return Status::static_mode_violation;
    const Revision rev = revision(f);
    const uint256 &value = sp[-1], &offset = sp[-2], &size = sp[-3];
    if (!reach(f, offset, size, gas)) return Status::out_of_gas;
    const std::uint64_t bytes = size.limb[0];
    if (rev >= Revision::shanghai) {
        if (bytes > traits(rev).max_initcode_size && !f.machine->unlimited_code_size)
            return Status::initcode_size_exceeded;
        gas -= 2 * word_count(bytes);
    }
    if (KIND == CallKind::create2) gas -= 6 * word_count(bytes);
    if (gas < 0) return Status::out_of_gas;

    Message& m = f.pending;
    m = Message{};
    m.kind = KIND;
    m.depth = f.message.depth + 1;
    m.gas = rev >= Revision::tangerine_whistle ? gas - gas / 64 : gas;
    m.sender = f.message.recipient;
    m.value = value;
    m.input = f.memory.view(offset.limb[0], bytes);
    if (KIND == CallKind::create2) m.salt = to_bytes32(sp[-4]);
    gas -= m.gas;
    f.pending_output_size = 0;
    return Status::success;
}

struct CallShape {
    CallKind kind;
    bool is_static;
    bool has_value;
};

/// Fills `f.pending` for a call; sets the gas aside.
/// spec: Yellow Paper, CALL; EIP-150, EIP-161, EIP-214, EIP-2929, EIP-7702.
template <CallShape SHAPE>
Status prepare_call(Frame& f, uint256* sp, std::int64_t& gas) {
    const Revision rev = revision(f);
    Journal& state = journal(f);
    const uint256& asked_gas = sp[-1];
    const uint256 value = SHAPE.has_value ? sp[-3] : uint256{};
    const uint256* range = SHAPE.has_value ? sp - 4 : sp - 3;
    const uint256 &in_offset = range[0], &in_size = range[-1];
    const uint256 &out_offset = range[-2], &out_size = range[-3];
    const bool moves_value = SHAPE.has_value && !value.is_zero();
    if (SHAPE.kind == CallKind::call && moves_value && f.message.is_static)
        return Status::static_mode_violation;

    const Address target = to_address(sp[-2]);
    const AccountId id = state.account(target);
    gas -= account_access_gas(f, id, rev >= Revision::tangerine_whistle ? 700 : 40);
    if (!reach(f, in_offset, in_size, gas) || !reach(f, out_offset, out_size, gas))
        return Status::out_of_gas;
    if (moves_value) gas -= CALL_VALUE_GAS;
    if (SHAPE.kind == CallKind::call) {
        const bool creates =
            rev >= Revision::spurious_dragon ? moves_value && state.empty(id) : !state.exists(id);
        if (creates) gas -= NEW_ACCOUNT_GAS;
    }
    if (gas < 0) return Status::out_of_gas;

    Message& m = f.pending;
    m = Message{};
    m.code_address = target;
    if (rev >= Revision::prague) {
        if (const auto delegate = delegation_target(state.code(id))) {
            gas -= account_access_gas(f, state.account(*delegate), 0);
            if (gas < 0) return Status::out_of_gas;
            m.code_address = *delegate;
            m.delegated = true;
        }
    }

    const std::int64_t most = rev >= Revision::tangerine_whistle ? gas - gas / 64 : gas;
    const bool asks_more =
        !asked_gas.fits_u64() || asked_gas.limb[0] > static_cast<std::uint64_t>(most);
    if (asks_more && rev < Revision::tangerine_whistle) return Status::out_of_gas;
    m.gas = asks_more ? most : static_cast<std::int64_t>(asked_gas.limb[0]);
    gas -= m.gas;
    if (moves_value) m.gas += CALL_STIPEND;

    m.kind = SHAPE.kind;
    m.is_static = SHAPE.is_static || f.message.is_static;
    m.depth = f.message.depth + 1;
    m.recipient = SHAPE.kind == CallKind::call ? target : f.message.recipient;
    m.sender = SHAPE.kind == CallKind::delegate_call ? f.message.sender : f.message.recipient;
    m.value = SHAPE.kind == CallKind::delegate_call ? f.message.value : value;
    m.input = f.memory.view(in_offset.limb[0], in_size.limb[0]);
    f.pending_output_offset = out_offset.limb[0];
    f.pending_output_size = out_size.limb[0];
    return Status::success;
}

/// Leaves the instructions so that the machine makes the call; the result word is pushed later.
template <auto PREPARE, int IN, int COST>
[[gnu::always_inline]] inline void suspend(const std::uint8_t* pc, uint256* sp, std::int64_t gas,
                                           Frame* f) {
    if (!enter<IN, 1, COST>(sp, gas, f)) return;
    f->return_data = {};
    if (const Status status = PREPARE(*f, sp, gas); status != Status::success)
        return halt(f, status);
    f->calls = true;
    f->pc = pc + 1;
    f->sp = sp - IN;
    f->gas = gas;
}

}  // namespace

#define MEZZ_INSTRUCTION(name, wrapper, body, in, out, cost)                  \
    void name(MEZZ_HANDLER_ARGS) {                                            \
        MEZZ_TAIL return wrapper<body, in, out, cost>(pc, sp, gas, f, table); \
    }

MEZZ_INSTRUCTION(op_balance, checked, balance, 1, 1, 0)
MEZZ_INSTRUCTION(op_selfbalance, environment, selfbalance, 0, 1, 5)
MEZZ_INSTRUCTION(op_extcodesize, checked, extcodesize, 1, 1, 0)
MEZZ_INSTRUCTION(op_extcodecopy, checked, extcodecopy, 4, 0, 0)
MEZZ_INSTRUCTION(op_extcodehash, checked, extcodehash, 1, 1, 0)
MEZZ_INSTRUCTION(op_sload, checked, sload, 1, 1, 0)
MEZZ_INSTRUCTION(op_sstore, checked, sstore, 2, 0, 0)
MEZZ_INSTRUCTION(op_tload, environment, tload, 1, 1, 100)
MEZZ_INSTRUCTION(op_tstore, checked, tstore, 2, 0, 100)

template <int TOPICS>
void op_log(MEZZ_HANDLER_ARGS) {
    MEZZ_TAIL return checked<log<TOPICS>, TOPICS + 2, 0, 375 * (TOPICS + 1)>(pc, sp, gas, f, table);
}
template void op_log<0>(MEZZ_HANDLER_ARGS);
template void op_log<1>(MEZZ_HANDLER_ARGS);
template void op_log<2>(MEZZ_HANDLER_ARGS);
template void op_log<3>(MEZZ_HANDLER_ARGS);
template void op_log<4>(MEZZ_HANDLER_ARGS);

void op_selfdestruct(MEZZ_HANDLER_ARGS) {
    (void)pc, (void)table;
    if (!enter<1, 0, 0>(sp, gas, f)) return;
    const Status status = destroy(*f, sp, gas);
    halt(f, status);
    if (status == Status::success) f->gas = gas;
}

void op_create(MEZZ_HANDLER_ARGS) {
    (void)table;
    suspend<prepare_create<CallKind::create>, 3, 32000>(pc, sp, gas, f);
}
void op_create2(MEZZ_HANDLER_ARGS) {
    (void)table;
    suspend<prepare_create<CallKind::create2>, 4, 32000>(pc, sp, gas, f);
}
void op_call(MEZZ_HANDLER_ARGS) {
    (void)table;
    suspend<prepare_call<CallShape{CallKind::call, false, true}>, 7, 0>(pc, sp, gas, f);
}
void op_callcode(MEZZ_HANDLER_ARGS) {
    (void)table;
    suspend<prepare_call<CallShape{CallKind::call_code, false, true}>, 7, 0>(pc, sp, gas, f);
}
void op_delegatecall(MEZZ_HANDLER_ARGS) {
    (void)table;
    suspend<prepare_call<CallShape{CallKind::delegate_call, false, false}>, 6, 0>(pc, sp, gas, f);
}
void op_staticcall(MEZZ_HANDLER_ARGS) {
    (void)table;
    suspend<prepare_call<CallShape{CallKind::call, true, false}>, 6, 0>(pc, sp, gas, f);
}

}  // namespace mezz::evm
