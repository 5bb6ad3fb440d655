// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// `mezz account` and `mezz tx`: the little that a running network is asked by hand.

#include "app/bridge.hpp"

namespace mezz::app {

struct WalletOptions {
    BridgeOptions common;     ///< network, key, to, value, hash
    bool on_parent = false;   ///< instead of the chain
    std::string data = "0x";  ///< of a transaction
};

/// The well-known accounts with what they have on both floors. returns: the exit code, as others.
int run_account_list(const WalletOptions& options);
/// Sends a transaction and waits for its receipt.
int run_send(const WalletOptions& options);
/// The calls of a transaction as a tree, or as the node's JSON.
int run_call_trace(const WalletOptions& options);

}  // namespace mezz::app
