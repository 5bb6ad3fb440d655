// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// The parameters of eth_simulateV1.
#include "node/ingest/rpc/simulation.hpp"

namespace mezz::rpc {
namespace {

constexpr std::uint64_t MOST_BLOCKS = 256;
constexpr std::uint64_t BLOCK_SECONDS = 12;  // between blocks whose time is not given
constexpr int NUMBERS_OUT_OF_ORDER = -38020;
constexpr int TIMES_OUT_OF_ORDER = -38021;
constexpr int TOO_MANY_BLOCKS = -38026;

Withdrawal read_withdrawal(const Value& v) {
    Withdrawal w;
    if (const auto f = v.get("index")) w.index = f->u64();
    if (const auto f = v.get("validatorIndex")) w.validator_index = f->u64();
    if (const auto f = v.get("address")) w.address = f->address();
    if (const auto f = v.get("amount")) w.amount_gwei = f->u64();
    return w;
}

/// Without number and time, which depend on the blocks before.
BlockCalls read_block(const Value& v) {
    BlockCalls out;
    if (const auto o = v.get("blockOverrides")) {
        if (const auto f = o->get("gasLimit")) out.gas_limit = f->u64();
        if (const auto f = o->get("baseFeePerGas")) out.base_fee = f->u256();
        if (const auto f = o->get("feeRecipient")) out.coinbase = f->address();
        if (const auto f = o->get("prevRandao")) out.prev_randao = f->hash();
        if (const auto f = o->get("beaconRoot")) out.parent_beacon_root = f->hash();
        if (const auto f = o->get("blobBaseFee")) f->wrong("no blob base fee: not supported");
        if (const auto f = o->get("withdrawals"))
            f->each([&](const Value& w) { out.withdrawals.push_back(read_withdrawal(w)); });
    }
    out.overrides = read_overrides(v.get("stateOverrides"));
    if (const auto calls = v.get("calls"))
        calls->each([&](const Value& call) { out.calls.push_back(read_call(call)); });
    return out;
}

bool flag(const Value& v, std::string_view name) {
    const auto f = v.get(name);
    return f && f->boolean();
}

std::string in_order(const char* what, std::uint64_t value, std::uint64_t before) {
    return std::string("block ") + what + " must be in order: " + std::to_string(value) +
           " <= " + std::to_string(before);
}

}  // namespace

SimulationRequest read_simulation(const Value& value, const Header& base) {
    if (!value.is_object()) value.wrong("an object with blockStateCalls");
    SimulationRequest out;
    out.transfers = flag(value, "traceTransfers");
    out.validates = flag(value, "validation");
    out.full_transactions = flag(value, "returnFullTransactions");
    const auto list = value.get("blockStateCalls");
    if (!list || list->size() == 0) value.wrong("at least one entry in blockStateCalls");
    if (list->size() > MOST_BLOCKS) fail(TOO_MANY_BLOCKS, "too many blocks");
    std::uint64_t number = base.number, timestamp = base.timestamp;
    list->each([&](const Value& v) {
        const auto overrides = v.get("blockOverrides");
        const auto wanted = overrides ? overrides->get("number") : std::nullopt;
        const auto time = overrides ? overrides->get("time") : std::nullopt;
        const std::uint64_t at = wanted ? wanted->u64() : number + 1;
        if (at <= number) fail(NUMBERS_OUT_OF_ORDER, in_order("numbers", at, number));
        if (at - base.number > MOST_BLOCKS) fail(TOO_MANY_BLOCKS, "too many blocks");
        while (number + 1 < at) {
            BlockCalls empty;
            empty.number = ++number;
            empty.timestamp = timestamp += BLOCK_SECONDS;
            out.blocks.push_back(std::move(empty));
        }
        BlockCalls block = read_block(v);
        block.number = number = at;
        block.timestamp = time ? time->u64() : timestamp + BLOCK_SECONDS;
        if (block.timestamp <= timestamp)
            fail(TIMES_OUT_OF_ORDER, in_order("timestamps", block.timestamp, timestamp));
        timestamp = block.timestamp;
        out.blocks.push_back(std::move(block));
    });
    return out;
}

}  // namespace mezz::rpc
