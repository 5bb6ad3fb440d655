// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/execute/serial/appearances.hpp"

#include <algorithm>

#include "node/execute/serial/chain.hpp"

namespace mezz::node {
namespace {

/// spec: EIP-4788, EIP-2935.
constexpr Address BEACON_ROOTS = hex<Address>("0x000f3df6d732807ef1319fb7b8bb8522d0beac02");
constexpr Address HISTORY_STORAGE = hex<Address>("0x0000f90827f1c53a10cb7a02335b175320002935");

}  // namespace

std::vector<Address> parties_of(const BodyItem& item) {
    // A deposit's nonce is in its receipt; what it creates is among the changed accounts.
    if (item.txn.type == TxType::deposit)
        return item.txn.to ? std::vector{item.sender, *item.txn.to} : std::vector{item.sender};
    return {item.sender, item.txn.to.value_or(create_address(item.sender, item.txn.nonce))};
}

std::vector<Address> appearances_in(const ChainSpec& spec, const Header& header,
                                    const std::vector<BodyItem>& body, const Diff& diff) {
    const RollupRules& rollup = spec.rollup;
    const auto changes_always = [&](const Address& a) {
        if (a == header.coinbase || a == BEACON_ROOTS || a == HISTORY_STORAGE) return true;
        return spec.is_rollup && (a == rollup.l1_block || a == rollup.base_fee_vault ||
                                  a == rollup.l1_fee_vault || a == rollup.sequencer_fee_vault);
    };
    std::vector<Address> out;
    out.reserve(2 * body.size() + diff.accounts.size());
    for (const BodyItem& item : body)
        for (const Address& address : parties_of(item)) out.push_back(address);
    for (const auto& change : diff.accounts)
        if (!changes_always(change.address)) out.push_back(change.address);
    std::ranges::sort(out);
    const auto repeated = std::ranges::unique(out);
    out.erase(repeated.begin(), repeated.end());
    return out;
}

Result<void> Chain::open_appearances() {
    auto opened = store_.write();
    if (!opened) return std::unexpected(opened.error());
    const auto since = (*opened)->get(Table::meta, name_key(meta_row::appearances));
    if (!since) return std::unexpected(since.error());
    // A block made without it would be missing.
    if (since->has_value() == options_.index_appearances) return {};
    Result<void> done;
    if (options_.index_appearances) {
        const std::uint64_t head = head_.header.number;
        done = (*opened)->put(Table::meta, name_key(meta_row::appearances),
                              number_key(head == 0 ? 0 : head + 1));
    } else {
        done = (*opened)->erase(Table::meta, name_key(meta_row::appearances));
    }
    return done ? (*opened)->commit() : done;
}

Result<std::optional<std::uint64_t>> Chain::appearances_since() {
    const auto row = meta(meta_row::appearances);
    if (!row) return std::unexpected(row.error());
    if (!*row) return std::optional<std::uint64_t>{};
    if ((*row)->size() != 8) return fatal("database: the row of appearances is damaged");
    return std::optional(load_be64((*row)->data()));
}

Result<std::vector<std::uint64_t>> Chain::appearances(const Address& address, std::uint64_t from,
                                                      bool back, std::size_t limit) {
    auto rows = store_.read();
    if (!rows) return std::unexpected(rows.error());
    std::vector<std::uint64_t> out;
    const auto visit = [&](ByteView key, ByteView) {
        if (key.size() != 28 || !std::ranges::equal(key.first(20), ByteView(address))) return false;
        out.push_back(load_be64(key.data() + 20));
        return out.size() < limit;
    };
    const Bytes key = appearance_key(address, from);
    const auto done = back ? (*rows)->scan_back(Table::appearances, key, visit)
                           : (*rows)->scan(Table::appearances, key, visit);
    if (!done) return std::unexpected(done.error());
    return out;
}

}  // namespace mezz::node
