// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/exec/transition.hpp"

#include "core/base/assert.hpp"

namespace mezz::exec {
namespace {

constexpr std::uint64_t WEI_PER_GWEI = 1'000'000'000;

}  // namespace

BlockOutput transition(View& view, const BlockInput& input, const ChainSpec& spec,
                       BlockHashes& hashes) {
    ASSERT(input.senders.empty() || input.senders.size() == input.transactions.size());
    const Revision rev = spec.revision_at(input.context.timestamp);
    BlockExecutor executor(view, spec, input.context, hashes);
    BlockOutput out;
    executor.begin();
    for (std::uint32_t i = 0; i < input.transactions.size(); ++i) {
        const Transaction& txn = input.transactions[i];
        const auto sender = input.senders.empty()
                                ? sender_of(txn, rev)
                                : std::expected<Address, TxError>(input.senders[i]);
        auto receipt = sender ? executor.apply(txn, *sender)
                              : std::expected<Receipt, TxError>(std::unexpected(sender.error()));
        if (!receipt) {
            out.refused.push_back(i);
            if (!out.first_error) out.first_error = receipt.error();
            continue;
        }
        merge(out.logs_bloom, receipt->bloom);
        out.receipts.push_back(std::move(*receipt));
        out.included.push_back(i);
    }
    for (const Withdrawal& w : input.withdrawals)
        executor.credit(w.address, uint256{w.amount_gwei} * uint256{WEI_PER_GWEI});
    out.gas_used = executor.gas_used();
    out.blob_gas_used = executor.blob_gas_used();
    out.diff = executor.finish();
    return out;
}

}  // namespace mezz::exec
