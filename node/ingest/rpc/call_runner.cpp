// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/call_runner.hpp"

#include "node/ingest/rpc/fees.hpp"
#include "node/ingest/rpc/replay.hpp"
#include "node/ingest/rpc/tracers/status_text.hpp"

namespace mezz::rpc {

CallBlock call_block(Context& context, const std::optional<Value>& value) {
    return {require_block(context, value), is_pending(value)};
}

CallBlock estimate_block(Context& context, const std::optional<Value>& value) {
    const bool next = !value || (value->is_string() && value->text() == "latest");
    return {require_block(context, value), next || is_pending(value)};
}

namespace {

BlockContext next_block(Context& context, std::uint64_t number) {
    if (context.options.next_block) return unwrap(context.options.next_block(number));
    BlockContext c = unwrap(context.chain.context_of(number));
    const auto header = unwrap(context.chain.header(number));
    if (header) c.base_fee = base_fee_after(context.chain.spec(), *header);
    c.parent_hash = context.chain.hash_of(number);
    c.number = number + 1;
    ++c.timestamp;
    return c;
}

}  // namespace

CallRunner::CallRunner(Context& context, CallBlock at, std::vector<exec::AccountOverride> overrides)
    : context_(context),
      block_(at.next ? next_block(context, at.number)
                     : unwrap(context.chain.context_of(at.number))),
      state_(unwrap(context.chain.state(at.number))),
      hashes_(std::make_unique<node::ChainHashes>(context.chain)),
      limit_(context.chain.make_runner(), context.options.call_timeout_ms, context.stopping) {
    options_.overrides = std::move(overrides);
    options_.runner = &limit_;
}

CallRunner::~CallRunner() = default;

Revision CallRunner::revision() const {
    return context_.chain.spec().revision_at(block_.timestamp);
}

void CallRunner::check() {
    if (auto e = state_->error()) fail(server_error, std::move(e->message));
}

const exec::AccountOverride* CallRunner::override_of(const Address& address) const {
    for (const auto& o : options_.overrides)
        if (o.address == address) return &o;
    return nullptr;
}

std::optional<Account> CallRunner::account(const Address& address) {
    auto found = state_->account(address);
    check();
    return found;
}

uint256 CallRunner::balance(const Address& address) {
    const auto* o = override_of(address);
    if (o != nullptr && o->balance) return *o->balance;
    return account(address).value_or(Account{}).balance;
}

bool CallRunner::has_code(const Address& address) {
    const auto* o = override_of(address);
    if (o != nullptr && o->code) return !o->code->empty();
    return account(address).value_or(Account{}).code_hash != EMPTY_CODE_HASH;
}

std::uint64_t CallRunner::nonce(const Address& address) {
    return account(address).value_or(Account{}).nonce;
}

std::expected<exec::SimulationResult, exec::TxError> CallRunner::run(exec::Call& call,
                                                                     std::uint64_t gas,
                                                                     evm::Observer* observer) {
    call.gas_limit = gas;
    options_.observer = observer;
    auto result = exec::simulate(*state_, context_.chain.spec(), block_, *hashes_, call, options_);
    check();
    limit_.check();
    return result;
}

std::uint64_t CallRunner::gas_of(const CallArguments& arguments) const {
    return std::min(arguments.gas.value_or(context_.options.call_gas_cap),
                    context_.options.call_gas_cap);
}

exec::SimulationResult CallRunner::run_call(CallArguments& a, evm::Observer* observer) {
    a.require_chain(context_.chain.spec().chain_id);
    const std::uint64_t gas = gas_of(a);
    a.call.gas_price = a.price(block_.base_fee);
    if (a.max_fee_per_gas && !a.max_fee_per_gas->is_zero() && *a.max_fee_per_gas < block_.base_fee)
        fail(server_error,
             "err: max fee per gas less than block base fee: address " + hex_text(a.call.from) +
                 ", maxFeePerGas: " + decimal(*a.max_fee_per_gas) + ", baseFee: " +
                 decimal(block_.base_fee) + " (supplied gas " + std::to_string(gas) + ")");
    auto result = run(a.call, gas, observer);
    if (!result) throw_rejection(result.error(), a.call, gas);
    return std::move(*result);
}

void CallRunner::throw_rejection(exec::TxError error, const exec::Call& call, std::uint64_t gas) {
    const std::string supplied = " (supplied gas " + std::to_string(gas) + ")";
    switch (error) {
        case exec::TxError::INSUFFICIENT_ACCOUNT_FUNDS:
            fail(server_error, "err: insufficient funds for gas * price + value: address " +
                                   hex_text(call.from) + " have " + decimal(balance(call.from)) +
                                   " want " + decimal(call.value) + supplied);
        case exec::TxError::INTRINSIC_GAS_TOO_LOW:
            fail(server_error,
                 "err: intrinsic gas too low: have " + std::to_string(gas) + supplied);
        case exec::TxError::INTRINSIC_GAS_BELOW_FLOOR_GAS_COST:
            fail(server_error, "err: insufficient gas for floor data gas cost: have " +
                                   std::to_string(gas) + supplied);
        case exec::TxError::INITCODE_SIZE_EXCEEDED:
            fail(server_error, "err: max initcode size exceeded: code size " +
                                   std::to_string(call.data.size()) + supplied);
        default:
            fail(server_error, "err: " + std::string(exec::name(error)) + supplied);
    }
}

std::string_view failure_message(evm::Status status) {
    return trace::status_text(status);
}

std::string printable(std::string text) {
    if (!simdjson::validate_utf8(text))
        for (char& c : text)
            if (static_cast<unsigned char>(c) >= 0x80) c = '?';
    return text;
}

std::string revert_message(ByteView data) {
    const std::string plain = "execution reverted";
    const auto reason = trace::revert_reason(data);
    return reason ? plain + ": " + printable(*reason) : plain;
}

void throw_failure(const exec::SimulationResult& r) {
    if (r.status == evm::Status::success) return;
    if (r.status == evm::Status::revert)
        fail(reverted, revert_message(r.output), quote_hex(r.output));
    fail(server_error, std::string(failure_message(r.status)));
}

}  // namespace mezz::rpc
