// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/rollup_service.hpp"

#include "app/rpc_params.hpp"
#include "node/ingest/rpc/json_writer.hpp"

/// Withdrawals that a RollupService was asked to see through: mezz_withdraw.

namespace mezz::app {
namespace {

std::string to_json(const node::WithdrawalStatus& s) {
    return "{\"stage\":" + rpc::quote(name_of(s.stage)) +
           ",\"etaMs\":" + (s.eta_ms ? std::to_string(*s.eta_ms) : "null") +
           ",\"withdrawalHash\":" + rpc::quote(hex_text(s.withdrawal_hash)) +
           ",\"blockNumber\":" + std::to_string(s.block_number) +
           ",\"message\":" + rpc::quote(s.message) + "}";
}

constexpr std::size_t max_withdrawals = 1024;

}  // namespace

void RollupService::step_withdrawals() {
    std::vector<Bytes32> wanted;
    {
        const std::scoped_lock lock(mutex_);
        wanted.swap(wanted_withdrawals_);
    }
    for (const auto& hash : wanted) {
        node::WithdrawerOptions options;
        options.contracts = file_.contracts;
        auto& slot = withdrawers_[hash];
        if (!slot)
            slot = std::make_unique<node::Withdrawer>(*chain_, *claim_parent_, *claim_txs_, hash,
                                                      options);
    }
    for (auto it = withdrawers_.begin(); it != withdrawers_.end();) {
        const auto status = it->second->step(clock_->now_ms());
        const bool over = status.stage == node::WithdrawalStage::done ||
                          status.stage == node::WithdrawalStage::failed;
        {
            const std::scoped_lock lock(mutex_);
            withdrawal_status_[it->first] = status;
        }
        it = over ? withdrawers_.erase(it) : std::next(it);
    }
}

void RollupService::add_withdrawal_methods() {
    rpc_->add("mezz_withdraw",
              {"transaction: Hash -> WithdrawalStatus",
               "Sees a withdrawal through to its payment on the parent, at this node's cost."},
              [this](std::string_view params) -> rpc::RawResult {
                  const auto hash = hash_param(params, 0, "hash of the withdrawing transaction");
                  if (!hash) return std::unexpected(hash.error());
                  const std::scoped_lock lock(mutex_);
                  if (withdrawal_status_.size() >= max_withdrawals)
                      return std::unexpected(
                          rpc::RpcError{-32000, "too many withdrawals are followed already", {}});
                  if (withdrawal_status_.try_emplace(*hash).second)
                      wanted_withdrawals_.push_back(*hash);
                  return to_json(withdrawal_status_[*hash]);
              });
    rpc_->add("mezz_withdrawalStatus",
              {"transaction: Hash -> WithdrawalStatus | null", "How far such a withdrawal is."},
              [this](std::string_view params) -> rpc::RawResult {
                  const auto hash = hash_param(params, 0, "hash of the withdrawing transaction");
                  if (!hash) return std::unexpected(hash.error());
                  const std::scoped_lock lock(mutex_);
                  const auto it = withdrawal_status_.find(*hash);
                  if (it == withdrawal_status_.end()) return std::string("null");
                  return to_json(it->second);
              });
}

}  // namespace mezz::app
