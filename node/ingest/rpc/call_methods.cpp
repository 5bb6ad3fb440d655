// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// eth_call, eth_estimateGas, eth_createAccessList.
#include "node/ingest/rpc/call_runner.hpp"

namespace mezz::rpc {
namespace {

constexpr std::uint64_t TX_GAS = 21'000;
constexpr std::uint64_t CALL_STIPEND = 2'300;

void call(const Call& c) {
    CallArguments arguments = read_call(c.params.at(0));
    CallRunner runner(c.context, call_block(c.context, c.params.get(1)),
                      read_overrides(c.params.get(2)));
    apply_block_overrides(c.params.get(3), runner.block());
    const exec::SimulationResult r = runner.run_call(arguments);
    throw_failure(r);
    c.out.data(r.output);
}

/// The most gas the sender can pay for, at the price it named. spec: geth, gasestimator.Estimate.
std::uint64_t affordable(CallRunner& runner, const CallArguments& a, std::uint64_t gas) {
    const uint256 cap = a.fee_cap();
    if (cap.is_zero()) return gas;
    const uint256 balance = runner.balance(a.call.from);
    if (balance < a.call.value)
        fail(server_error, "insufficient funds for gas * price + value: address " +
                               hex_text(a.call.from) + " have " + decimal(balance) + " want " +
                               decimal(a.call.value));
    const uint256 most = (balance - a.call.value) / cap;
    return most < uint256{gas} ? most.limb[0] : gas;
}

bool is_plain_transfer(CallRunner& runner, const CallArguments& a) {
    return a.call.data.empty() && a.call.to && a.call.access_list.empty() &&
           a.call.authorizations.empty() && !runner.has_code(*a.call.to) &&
           !evm::is_precompile(*a.call.to, runner.revision());
}

/// spec: geth, eth/gasestimator: optimistic run, then a binary search to 1.5 %.
std::uint64_t estimate(const Context& context, CallRunner& runner, CallArguments& a) {
    a.require_chain(context.chain.spec().chain_id);
    const std::uint64_t gas_cap = context.options.call_gas_cap;
    std::uint64_t high = a.gas && *a.gas >= TX_GAS ? *a.gas : runner.block().gas_limit;
    if (const auto most = traits(runner.revision()).max_transaction_gas; most != 0)
        high = std::min(high, most);
    high = affordable(runner, a, std::min(high, gas_cap));
    if (is_plain_transfer(runner, a) && high >= TX_GAS) {
        const auto r = runner.run(a.call, TX_GAS);
        if (r && r->status == evm::Status::success) return TX_GAS;
    }
    const auto first = runner.run(a.call, high);
    if (!first && first.error() != exec::TxError::INTRINSIC_GAS_TOO_LOW &&
        first.error() != exec::TxError::INTRINSIC_GAS_BELOW_FLOOR_GAS_COST)
        runner.throw_rejection(first.error(), a.call, high);
    if (!first || first->status == evm::Status::out_of_gas)
        fail(server_error, "gas required exceeds allowance (" + std::to_string(high) + ")");
    throw_failure(*first);

    const auto enough = [&](std::uint64_t gas) {
        (void)runner.limit().is_over();
        runner.limit().check();
        const auto r = runner.run(a.call, gas);
        return r && r->status == evm::Status::success;
    };
    std::uint64_t low = first->gas_used - 1;
    const std::uint64_t likely = (first->gas_used + first->gas_refund + CALL_STIPEND) * 64 / 63;
    if (likely < high) {
        if (enough(likely))
            high = likely;
        else
            low = likely;
    }
    while (low + 1 < high) {
        if ((high - low) * 1000 < high * 15) break;
        // Most calls need little more than they use: look near the low end first.
        const std::uint64_t middle = std::min(low + (high - low) / 2, low * 2);
        if (enough(middle))
            high = middle;
        else
            low = middle;
    }
    return high;
}

void estimate_gas(const Call& c) {
    CallArguments arguments = read_call(c.params.at(0));
    CallRunner runner(c.context, estimate_block(c.context, c.params.get(1)),
                      read_overrides(c.params.get(2)));
    apply_block_overrides(c.params.get(3), runner.block());
    c.out.quantity(estimate(c.context, runner, arguments));
}

}  // namespace

std::uint64_t estimate_for(Context& context, CallArguments& arguments) {
    CallRunner runner(context, estimate_block(context, {}), {});
    return estimate(context, runner, arguments);
}

void add_access_list_methods(MethodTable& table);

void add_call_methods(MethodTable& table) {
    table.add("eth_call",
              {"call: Call, block?: BlockId, stateOverrides?: StateOverrides, blockOverrides?: "
               "BlockOverrides -> Bytes",
               "What a call returns, without sending it."},
              call);
    table.add("eth_estimateGas",
              {"call: Call, block?: BlockId, stateOverrides?: StateOverrides, blockOverrides?: "
               "BlockOverrides -> Quantity",
               "The gas a transaction needs to succeed, up to 1.5 % more."},
              estimate_gas);
    add_access_list_methods(table);
}

}  // namespace mezz::rpc
