// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// `mezz deposit` and `mezz withdraw`: value up from the parent, and back.

#include <string>

#include "app/network.hpp"
#include "node/host/signing/tx_manager.hpp"

namespace mezz::app {

struct BridgeOptions {
    NetworkOptions network;
    /// Private key, 0x-hex. Empty: a well-known account, on development networks alone.
    std::string key;
    std::uint64_t account = 0;  ///< which of them, 0 to 9
    std::string value;          ///< "1.5eth", "20gwei", "7wei"
    std::string to;             ///< 0x-address; empty: the sender's
    std::string hash;           ///< of the transaction that began a withdrawal
    std::uint64_t timeout_seconds = 600;
    bool json = false;
};

/// "1.5eth" in wei. returns: none unless it is a decimal number with eth, gwei or wei, whole in
/// wei and of at most 256 bits.
std::optional<uint256> parse_amount(std::string_view text);

/// The key that was given, or a well-known account's on a network of `mezz dev`.
node::Result<node::Signer> signer_of(const BridgeOptions& options, Network& network);
/// The chain itself as something to send transactions to.
node::Result<std::unique_ptr<node::RpcParent>> chain_client(Network& network);

/// Deposits and waits until the chain has it. returns: the process's exit code, as the others.
int run_deposit(const BridgeOptions& options);
/// Begins a withdrawal on the chain.
int run_withdraw(const BridgeOptions& options);

enum class WithdrawGoal : std::uint8_t { proven, finalized };
/// Takes a withdrawal that was begun as far as `goal`, waiting where there is something to wait
/// for.
int run_withdraw_to(const BridgeOptions& options, WithdrawGoal goal);
/// Where the withdrawals of an account stand.
int run_withdraw_status(const BridgeOptions& options);

}  // namespace mezz::app
