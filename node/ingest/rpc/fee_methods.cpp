// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// Prices: of the next block, suggested tips, and their history. spec: geth, eth/gasprice.
#include <algorithm>

#include "node/ingest/rpc/fees.hpp"
#include "node/ingest/rpc/print.hpp"

namespace mezz::rpc {
namespace {

constexpr std::uint64_t max_history_blocks = 1024;
constexpr std::size_t max_percentiles = 100;
constexpr std::uint64_t sampled_blocks = 8;
constexpr std::size_t samples_a_block = 3;
constexpr std::size_t sample_percentile = 60;

node::Result<Header> required(node::Result<std::optional<Header>>&& header) {
    if (!header) return std::unexpected(header.error());
    if (!*header) return node::retry("header not found");
    return std::move(**header);
}

ParentFees parent_fees(const Header& h) {
    return {.gas_limit = h.gas_limit,
            .gas_used = h.gas_used,
            .base_fee = h.base_fee_per_gas.value_or(uint256{}),
            .blob_gas_used = h.blob_gas_used.value_or(0),
            .excess_blob_gas = h.excess_blob_gas.value_or(0)};
}

uint256 tip_of(const Transaction& t, const uint256& base_fee) {
    const uint256 price = effective_gas_price(t, base_fee);
    return price > base_fee ? price - base_fee : uint256{};
}

uint256 blob_base_fee_after(const ChainSpec& spec, const Header& h) {
    if (!h.excess_blob_gas) return {};
    const std::uint64_t excess = next_excess_blob_gas(spec, h.timestamp, parent_fees(h));
    return blob_base_fee(excess, spec.blobs_at(h.timestamp).update_fraction);
}

void print_rewards(JsonWriter& out, const FullBlock& full, const std::vector<double>& percentiles) {
    const uint256 base_fee = full.block.header.base_fee_per_gas.value_or(uint256{});
    std::vector<std::pair<uint256, std::uint64_t>> tips;
    for (std::size_t i = 0; i < full.receipts.size(); ++i)
        if (full.block.transactions[i].type != TxType::deposit)
            tips.emplace_back(tip_of(full.block.transactions[i], base_fee), full.gas_used(i));
    std::ranges::sort(tips, [](const auto& a, const auto& b) { return a.first < b.first; });
    out.array([&] {
        if (tips.empty()) {
            for (std::size_t i = 0; i < percentiles.size(); ++i) out.quantity(std::uint64_t{0});
            return;
        }
        std::size_t at = 0;
        std::uint64_t sum = tips[0].second;
        for (const double p : percentiles) {
            const auto threshold = static_cast<std::uint64_t>(
                static_cast<double>(full.block.header.gas_used) * p / 100);
            while (sum < threshold && at + 1 < tips.size()) sum += tips[++at].second;
            out.quantity(tips[at].first);
        }
    });
}

std::vector<double> read_percentiles(const std::optional<Value>& value) {
    std::vector<double> out;
    if (!value) return out;
    value->each([&](const Value& item) {
        const double p = item.floating();
        if (p < 0 || p > 100) item.wrong("a percentile from 0 to 100");
        if (!out.empty() && p < out.back()) item.wrong("percentiles in rising order");
        if (out.size() == max_percentiles) value->wrong("at most 100 percentiles");
        out.push_back(p);
    });
    return out;
}

void fee_history(const Call& c) {
    const ChainSpec& spec = c.context.chain.spec();
    const std::uint64_t wanted = std::min(c.params.at(0).u64(true), max_history_blocks);
    const std::uint64_t newest = require_block(c.context, c.params.at(1));
    const auto percentiles = read_percentiles(c.params.get(2));
    const std::uint64_t count = std::min(wanted, newest + 1);
    const std::uint64_t oldest = newest + 1 - count;
    std::vector<Header> headers;
    for (std::uint64_t n = oldest; n <= newest && count != 0; ++n)
        headers.push_back(unwrap(required(c.context.chain.header(n))));
    JsonWriter& out = c.out;
    out.object([&] {
        out.field("oldestBlock").quantity(count == 0 ? 0 : oldest);
        if (!percentiles.empty() && count != 0)
            out.field("reward").array([&] {
                for (const Header& h : headers)
                    if (const auto full = c.context.blocks.get(h.number))
                        print_rewards(out, *full, percentiles);
            });
        if (count == 0) return out.field("gasUsedRatio").raw("[]");
        out.field("baseFeePerGas").array([&] {
            for (const Header& h : headers) out.quantity(h.base_fee_per_gas.value_or(uint256{}));
            out.quantity(base_fee_after(spec, headers.back()));
        });
        out.field("gasUsedRatio").array([&] {
            for (const Header& h : headers)
                out.number(static_cast<double>(h.gas_used) /
                           static_cast<double>(std::max<std::uint64_t>(1, h.gas_limit)));
        });
        out.field("baseFeePerBlobGas").array([&] {
            for (const Header& h : headers) out.quantity(blob_price(spec, h));
            out.quantity(blob_base_fee_after(spec, headers.back()));
        });
        out.field("blobGasUsedRatio").array([&] {
            for (const Header& h : headers) {
                const auto max = spec.blobs_at(h.timestamp).max * GAS_PER_BLOB;
                out.number(max == 0 ? 0.0
                                    : static_cast<double>(h.blob_gas_used.value_or(0)) /
                                          static_cast<double>(max));
            }
        });
    });
}

}  // namespace

uint256 base_fee_after(const ChainSpec& spec, const Header& header) {
    return next_base_fee(spec, parent_fees(header));
}

Header head_header(Context& context) {
    return unwrap(required(context.chain.header(context.chain.head(node::Head::unsafe).number)));
}

uint256 suggested_tip(Context& context) {
    const std::uint64_t head = context.chain.head(node::Head::unsafe).number;
    std::vector<uint256> tips;
    for (std::uint64_t n = head, i = 0; i < sampled_blocks && n > 0; ++i, --n) {
        const auto full = context.blocks.get(n);
        if (!full) break;
        const uint256 base_fee = full->block.header.base_fee_per_gas.value_or(uint256{});
        std::vector<uint256> block_tips;
        for (const Transaction& t : full->block.transactions)
            if (t.type != TxType::deposit) block_tips.push_back(tip_of(t, base_fee));
        const std::size_t taken = std::min(samples_a_block, block_tips.size());
        std::partial_sort(block_tips.begin(), block_tips.begin() + static_cast<long>(taken),
                          block_tips.end());
        tips.insert(tips.end(), block_tips.begin(), block_tips.begin() + static_cast<long>(taken));
    }
    if (tips.empty()) return context.options.default_tip_wei;
    std::ranges::sort(tips);
    return std::max(tips[(tips.size() - 1) * sample_percentile / 100],
                    context.options.default_tip_wei);
}

void add_fee_methods(MethodTable& table) {
    table.add("eth_gasPrice",
              {"-> Quantity", "A price at which transactions are included, in wei a gas."},
              [](const Call& c) {
                  c.out.quantity(base_fee_after(c.context.chain.spec(), head_header(c.context)) +
                                 suggested_tip(c.context));
              });
    table.add("eth_maxPriorityFeePerGas",
              {"-> Quantity", "A tip at which transactions are included, in wei a gas."},
              [](const Call& c) { c.out.quantity(suggested_tip(c.context)); });
    table.add("eth_baseFee", {"-> Quantity", "The base fee of the next block, in wei a gas."},
              [](const Call& c) {
                  c.out.quantity(base_fee_after(c.context.chain.spec(), head_header(c.context)));
              });
    table.add(
        "eth_blobBaseFee",
        {"-> Quantity", "The blob base fee of the next block, in wei a blob gas."},
        [](const Call& c) {
            c.out.quantity(blob_base_fee_after(c.context.chain.spec(), head_header(c.context)));
        });
    table.add("eth_feeHistory",
              {"count: Quantity | integer, newest: BlockTag, percentiles?: number[] -> FeeHistory",
               "Fees of past blocks, and tips at percentiles of their gas."},
              fee_history);
}

}  // namespace mezz::rpc
