// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/load_mix.hpp"

#include <algorithm>
#include <charconv>

#include "app/suggest.hpp"

namespace mezz::app {
namespace {

constexpr std::uint64_t max_weight = 1'000'000;

struct Named {
    std::string_view name;
    LoadOperation operation;
};
constexpr Named names[] = {
    {"transfers", LoadOperation::transfers},
    {"erc20", LoadOperation::erc20},
    {"swaps", LoadOperation::swaps},
    {"eth_call", LoadOperation::call},
    {"eth_estimateGas", LoadOperation::estimate_gas},
    {"eth_getBalance", LoadOperation::balance},
    {"eth_getTransactionCount", LoadOperation::transaction_count},
    {"eth_getStorageAt", LoadOperation::storage},
    {"eth_blockNumber", LoadOperation::block_number},
    {"eth_getBlockByNumber", LoadOperation::block},
    {"eth_getLogs", LoadOperation::logs},
    {"eth_gasPrice", LoadOperation::gas_price},
    {"eth_feeHistory", LoadOperation::fee_history},
    {"eth_chainId", LoadOperation::chain_id},
};

std::expected<MixPart, std::string> parse_part(std::string_view text) {
    const auto equals = text.find('=');
    const std::string_view name = text.substr(0, equals);
    const auto* found = std::ranges::find(names, name, &Named::name);
    if (found == std::end(names)) {
        std::vector<std::string> known;
        for (const auto& n : names) known.emplace_back(n.name);
        std::string list;
        for (const auto& n : known) list += (list.empty() ? "" : ", ") + n;
        return std::unexpected("'" + std::string(name) + "' is nothing a load has" +
                               suggestion(std::string(name), known) + "; there are " + list);
    }
    MixPart part{found->operation, 1};
    if (equals == std::string_view::npos) return part;
    const std::string_view weight = text.substr(equals + 1);
    const auto r = std::from_chars(weight.data(), weight.data() + weight.size(), part.weight);
    if (r.ec != std::errc{} || r.ptr != weight.data() + weight.size() || part.weight == 0 ||
        part.weight > max_weight)
        return std::unexpected("'" + std::string(text) + "': the weight is not in 1.." +
                               std::to_string(max_weight));
    return part;
}

}  // namespace

std::string_view name_of(LoadOperation operation) {
    return std::ranges::find(names, operation, &Named::operation)->name;
}

bool needs_token(LoadOperation o) {
    return o == LoadOperation::erc20 || o == LoadOperation::call ||
           o == LoadOperation::estimate_gas || o == LoadOperation::storage ||
           o == LoadOperation::logs;
}

std::expected<Mix, std::string> parse_mix(std::string_view text) {
    Mix mix;
    for (std::string_view rest = text;;) {
        const auto comma = rest.find(',');
        const auto part = parse_part(rest.substr(0, comma));
        if (!part) return std::unexpected(part.error());
        if (std::ranges::find(mix, part->operation, &MixPart::operation) != mix.end())
            return std::unexpected("'" + std::string(name_of(part->operation)) +
                                   "' stands there twice");
        mix.push_back(*part);
        if (comma == std::string_view::npos) return mix;
        rest = rest.substr(comma + 1);
    }
}

MixTurns::MixTurns(Mix mix) : mix_(std::move(mix)), credit_(mix_.size(), 0) {
    for (const MixPart& p : mix_) total_ += static_cast<std::int64_t>(p.weight);
}

LoadOperation MixTurns::next() {
    // Everyone earns its weight, the richest goes and pays all of it.
    std::size_t best = 0;
    for (std::size_t i = 0; i < mix_.size(); ++i) {
        credit_[i] += static_cast<std::int64_t>(mix_[i].weight);
        if (credit_[i] > credit_[best]) best = i;
    }
    credit_[best] -= total_;
    return mix_[best].operation;
}

}  // namespace mezz::app
