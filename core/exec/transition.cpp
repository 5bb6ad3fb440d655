// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/exec/transition.hpp"

#include "core/base/assert.hpp"
#include "core/crypto/secp256k1.hpp"

namespace mezz::exec {
namespace {

constexpr std::uint64_t WEI_PER_GWEI = 1'000'000'000;

/// spec: Yellow Paper, Appendix F; EIP-2 (low s since Homestead).
std::optional<Address> sender_of(const Transaction& txn, Revision rev) {
    if (txn.type == TxType::deposit) return txn.from;
    if (rev >= Revision::homestead && txn.s > crypto::SECP256K1_HALF_ORDER) return std::nullopt;
    return crypto::recover_address(signing_hash(txn), txn.r, txn.s, txn.odd_y);
}

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
        const std::optional<Address> sender =
            input.senders.empty() ? sender_of(txn, rev) : input.senders[i];
        if (!sender) {
            out.refused.push_back(i);
            if (!out.first_error) out.first_error = TxError::INVALID_SIGNATURE;
            continue;
        }
        auto receipt = executor.apply(txn, *sender);
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
