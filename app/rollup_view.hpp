// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The chain as batcher and proposer see it.

#include "node/derive/driver.hpp"
#include "node/execute/serial/chain.hpp"
#include "node/ports/claims.hpp"
#include "node/ports/rollup.hpp"

namespace mezz::app {

class RollupView final : public node::RollupChain, public node::ClaimSource {
public:
    /// Keeps references.
    RollupView(node::Chain& chain, node::DerivationDriver& driver)
        : chain_(chain), driver_(driver) {}

    node::BlockRef unsafe_head() override { return chain_.head(node::Head::unsafe); }
    node::DerivedPosition derived() override { return driver_.status().derived; }
    node::DerivedPosition finalized() override { return driver_.status().finalized; }

    node::Result<std::optional<node::PublishableBlock>> publishable(std::uint64_t number) override {
        auto record = chain_.record(number);
        if (!record) return std::unexpected(record.error());
        auto body = chain_.body(number);
        if (!body) return std::unexpected(body.error());
        if (!*record || !*body) return std::optional<node::PublishableBlock>{};
        const auto note = node::decode_rollup_note((*record)->note);
        if (!note)
            return node::fatal("database: the note of block " + std::to_string(number) +
                               " is damaged");
        node::PublishableBlock out;
        out.ref = {number, (*record)->hash};
        out.content.timestamp = (*record)->header.timestamp;
        out.content.origin = note->origin;
        out.content.deposits = note->labels;
        out.queue_count = note->queue_count;
        for (auto& item : **body)
            if (item.txn.type != TxType::deposit)
                out.content.transactions.push_back(std::move(item.txn));
        return std::optional(std::move(out));
    }

    node::Result<Header> header(std::uint64_t number) override {
        auto h = chain_.header(number);
        if (!h) return std::unexpected(h.error());
        if (!*h) return node::retry("block " + std::to_string(number) + " is not there yet");
        return **h;
    }

    node::Result<std::optional<stf::Claim>> claim(std::uint64_t number) override {
        const auto place = driver_.place_of(number);
        if (!place) return std::unexpected(place.error());
        if (!*place) return std::optional<stf::Claim>{};
        const auto h = chain_.header(number);
        if (!h) return std::unexpected(h.error());
        if (!*h) return std::optional<stf::Claim>{};
        return std::optional(stf::Claim{derive::output_root(**h), number,
                                        stf::hash((*place)->start), (*place)->taken});
    }

private:
    node::Chain& chain_;
    node::DerivationDriver& driver_;
};

}  // namespace mezz::app
