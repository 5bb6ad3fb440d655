// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// The L1 part of a rollup's receipts, from the block's own attributes deposit.
// spec: OP Stack specs, "L1 Attributes - Ecotone"; "Ecotone L1-Cost fee changes".
#include "core/exec/block_executor.hpp"
#include "node/ingest/rpc/print.hpp"

namespace mezz::rpc {
namespace {

/// Packed arguments of setL1BlockValuesEcotone() and its successors.
struct L1Values {
    std::uint32_t base_fee_scalar;
    std::uint32_t blob_base_fee_scalar;
    uint256 base_fee;
    uint256 blob_base_fee;
};

/// selector 4 | scalar 4 | scalar 4 | sequence 8 | time 8 | number 8 | base fee 32 | blob fee 32 …
std::optional<L1Values> l1_values(const ChainSpec& spec, const FullBlock& full) {
    if (full.block.transactions.empty()) return std::nullopt;
    const Transaction& t = full.block.transactions[0];
    if (t.type != TxType::deposit || t.to != spec.rollup.l1_block || t.data.size() < 100)
        return std::nullopt;
    const std::uint8_t* p = t.data.data();
    return L1Values{load_be32(p + 4), load_be32(p + 8), load_be256(p + 36), load_be256(p + 68)};
}

}  // namespace

void print_l1_fees(JsonWriter& out, const ChainSpec& spec, const FullBlock& full,
                   std::size_t index) {
    if (!spec.is_rollup) return;
    const Transaction& t = full.block.transactions[index];
    const auto values = l1_values(spec, full);
    if (t.type == TxType::deposit || !values) {
        for (const char* name : {"l1Fee", "l1GasUsed", "l1GasPrice", "l1FeeScalar"})
            out.field(name).null();
        return;
    }
    const Bytes raw = encode(t);
    std::uint64_t gas = 0;
    for (const std::uint8_t b : raw) gas += b == 0 ? 4 : 16;
    const uint256 scalars{
        0, std::uint64_t{values->base_fee_scalar} << 32 | values->blob_base_fee_scalar, 0, 0};
    const uint256 fee =
        spec.rollup.charges_l1_data_fee
            ? exec::l1_data_fee(raw, values->base_fee, values->blob_base_fee, scalars)
            : uint256{};
    out.field("l1Fee").quantity(fee);
    out.field("l1GasUsed").quantity(gas);
    out.field("l1GasPrice").quantity(values->base_fee);
    out.field("l1FeeScalar").null();
    out.field("l1BlobBaseFee").quantity(values->blob_base_fee);
    out.field("l1BaseFeeScalar").quantity(std::uint64_t{values->base_fee_scalar});
    out.field("l1BlobBaseFeeScalar").quantity(std::uint64_t{values->blob_base_fee_scalar});
}

}  // namespace mezz::rpc
