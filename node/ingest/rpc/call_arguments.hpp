// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The transaction object of eth_call and its relatives, and what such a call may pretend.
/// spec: execution-apis "GenericTransaction"; geth "State Override Set", "Block Overrides".

#include "core/exec/block_executor.hpp"
#include "node/ingest/rpc/json_value.hpp"

namespace mezz::rpc {

struct CallArguments {
    exec::Call call;
    std::optional<std::uint64_t> gas;
    std::optional<std::uint64_t> nonce;
    std::optional<std::uint64_t> chain_id;
    std::optional<uint256> gas_price;
    std::optional<uint256> max_fee_per_gas;
    std::optional<uint256> max_priority_fee_per_gas;
    bool has_access_list = false;
    bool has_two_inputs = false;  ///< "data" and "input" differ; a call takes the latter
    std::optional<uint256> max_fee_per_blob_gas;

    /// The price the sender offers at this base fee; zero when none was named.
    [[nodiscard]] uint256 price(const uint256& base_fee) const;
    /// The most it may cost a gas; zero when none was named.
    [[nodiscard]] uint256 fee_cap() const;
    /// Throws where the arguments name another chain. spec: geth, TransactionArgs.CallDefaults.
    void require_chain(std::uint64_t id) const;
};

[[nodiscard]] CallArguments read_call(const Value& value);
[[nodiscard]] std::vector<exec::AccountOverride> read_overrides(const std::optional<Value>& value);
/// What a block would have changed to make the overrides true of `state`.
[[nodiscard]] Diff diff_of(View& state, const std::vector<exec::AccountOverride>& overrides);
void apply_block_overrides(const std::optional<Value>& value, BlockContext& block);

}  // namespace mezz::rpc
