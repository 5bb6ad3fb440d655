// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Runs calls on the state of one block, and says in the words of common clients why they failed.

#include "node/ingest/rpc/call_arguments.hpp"
#include "node/ingest/rpc/context.hpp"
#include "node/ingest/rpc/time_limit.hpp"
#include "node/ports/decimal.hpp"

namespace mezz::rpc {

/// The state and the block that a call sees.
struct CallBlock {
    std::uint64_t number = 0;  ///< the block after which the state is
    bool next = false;         ///< the call sees the block to be made on it, not itself
};
/// Of a call: "pending" is the next block.
CallBlock call_block(Context& context, const std::optional<Value>& value);
/// Of an estimate: absent, "latest" and "pending" are the next block, in which it will be used.
CallBlock estimate_block(Context& context, const std::optional<Value>& value);

/// Owned by one thread. Keeps a reference to the context.
class CallRunner {
public:
    /// Throws when the block or its state is not there.
    CallRunner(Context& context, CallBlock at, std::vector<exec::AccountOverride> overrides);
    ~CallRunner();

    /// What the calls see as their block; may be changed before the first.
    [[nodiscard]] BlockContext& block() noexcept { return block_; }
    [[nodiscard]] Revision revision() const;
    [[nodiscard]] uint256 balance(const Address& address);
    [[nodiscard]] bool has_code(const Address& address);
    [[nodiscard]] std::uint64_t nonce(const Address& address);
    /// Without what the overrides pretend.
    [[nodiscard]] View& state() noexcept { return *state_; }
    /// The gas run_call gives a call with these arguments.
    [[nodiscard]] std::uint64_t gas_of(const CallArguments& arguments) const;
    /// Of all runs together. An observer asks it while it looks on.
    [[nodiscard]] TimeLimit& limit() noexcept { return limit_; }
    /// Lets the results of later runs say what they would change.
    void want_diff() noexcept { options_.wants_diff = true; }

    std::expected<exec::SimulationResult, exec::TxError> run(exec::Call& call, std::uint64_t gas,
                                                             evm::Observer* observer = nullptr);
    /// With the gas and price the arguments name; throws on a rejection.
    exec::SimulationResult run_call(CallArguments& arguments, evm::Observer* observer = nullptr);
    [[noreturn]] void throw_rejection(exec::TxError error, const exec::Call& call,
                                      std::uint64_t gas);

private:
    const exec::AccountOverride* override_of(const Address& address) const;
    std::optional<Account> account(const Address& address);
    void check();

    Context& context_;
    BlockContext block_;
    std::unique_ptr<node::StateReader> state_;
    std::unique_ptr<BlockHashes> hashes_;
    exec::SimulationOptions options_;
    TimeLimit limit_;
};

/// Throws what a failed call answers: code 3 with data for a revert.
void throw_failure(const exec::SimulationResult& result);
/// "execution reverted: reason", as far as the revert data says one.
[[nodiscard]] std::string revert_message(ByteView data);
/// A contract may claim anything; JSON must be UTF-8.
[[nodiscard]] std::string printable(std::string text);
[[nodiscard]] std::string_view failure_message(evm::Status status);
using node::decimal;

/// What eth_estimateGas answers for the next block.
std::uint64_t estimate_for(Context& context, CallArguments& arguments);

}  // namespace mezz::rpc
