// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/call_runner.hpp"

#include "node/ingest/rpc/fees.hpp"

namespace mezz::rpc {

class CallRunner::Ancestors final : public BlockHashes {
public:
    explicit Ancestors(node::ChainReader& chain) : chain_(chain) {}
    Bytes32 hash(std::uint64_t number) override { return chain_.hash_of(number); }

private:
    node::ChainReader& chain_;
};

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
      hashes_(std::make_unique<Ancestors>(context.chain)),
      runner_(context.chain.make_runner()) {
    options_.overrides = std::move(overrides);
    options_.runner = runner_.get();
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
    return result;
}

exec::SimulationResult CallRunner::run_call(CallArguments& a, evm::Observer* observer) {
    const std::uint64_t gas =
        std::min(a.gas.value_or(context_.options.call_gas_cap), context_.options.call_gas_cap);
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
    using enum evm::Status;
    switch (status) {
        case success:
            return "";
        case revert:
            return "execution reverted";
        case out_of_gas:
            return "out of gas";
        case invalid_instruction:
            return "invalid opcode: INVALID";
        case undefined_instruction:
            return "invalid opcode";
        case stack_overflow:
            return "stack limit reached 1024";
        case stack_underflow:
            return "stack underflow";
        case bad_jump_destination:
            return "invalid jump destination";
        case static_mode_violation:
            return "write protection";
        case invalid_memory_access:
            return "return data out of bounds";
        case precompile_failure:
            return "precompile failed";
        case call_depth_exceeded:
            return "max call depth exceeded";
        case insufficient_balance:
            return "insufficient balance for transfer";
        case nonce_overflow:
            return "nonce uint64 overflow";
        case create_collision:
            return "contract address collision";
        case code_size_exceeded:
            return "max code size exceeded";
        case initcode_size_exceeded:
            return "max initcode size exceeded";
        case invalid_code_prefix:
            return "invalid code: must not begin with 0xef";
        case code_deposit_out_of_gas:
            return "contract creation code storage out of gas";
    }
    return "execution failed";
}

namespace {

/// spec: Solidity documentation, "Panic via assert and Error via require".
std::string_view panic_reason(std::uint64_t code) {
    switch (code) {
        case 0x00:
            return "generic panic";
        case 0x01:
            return "assert(false)";
        case 0x11:
            return "arithmetic underflow or overflow";
        case 0x12:
            return "division or modulo by zero";
        case 0x21:
            return "enum overflow";
        case 0x22:
            return "invalid encoded storage byte array accessed";
        case 0x31:
            return "out-of-bounds array access; popping on an empty array";
        case 0x32:
            return "out-of-bounds access of an array or bytesN";
        case 0x41:
            return "out of memory";
        case 0x51:
            return "uninitialized function";
        default:
            return "";
    }
}

constexpr std::uint8_t error_selector[] = {0x08, 0xc3, 0x79, 0xa0};  // Error(string)
constexpr std::uint8_t panic_selector[] = {0x4e, 0x48, 0x7b, 0x71};  // Panic(uint256)

}  // namespace

std::string revert_message(ByteView data) {
    const std::string plain = "execution reverted";
    if (data.size() < 36) return plain;
    const ByteView arguments = data.subspan(4);
    const uint256 first = load_be256(arguments.data());
    if (equal(data.first(4), panic_selector)) {
        if (!first.fits_u64()) return plain;
        const auto reason = panic_reason(first.limb[0]);
        return plain + ": " +
               (reason.empty() ? "unknown panic code: " + quantity_text(first)
                               : std::string(reason));
    }
    if (!equal(data.first(4), error_selector)) return plain;
    if (!first.fits_u64() || first.limb[0] > arguments.size() - 32) return plain;
    const ByteView text = arguments.subspan(first.limb[0]);
    const uint256 size = load_be256(text.data());
    if (!size.fits_u64() || size.limb[0] > text.size() - 32) return plain;
    std::string reason(reinterpret_cast<const char*>(text.data()) + 32, size.limb[0]);
    // A contract may claim anything; JSON must be UTF-8.
    if (!simdjson::validate_utf8(reason))
        for (char& c : reason)
            if (static_cast<unsigned char>(c) >= 0x80) c = '?';
    return plain + ": " + reason;
}

void throw_failure(const exec::SimulationResult& r) {
    if (r.status == evm::Status::success) return;
    if (r.status == evm::Status::revert)
        fail(reverted, revert_message(r.output), quote_hex(r.output));
    fail(server_error, std::string(failure_message(r.status)));
}

}  // namespace mezz::rpc
