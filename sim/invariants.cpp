// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// What must hold in every run, whatever goes wrong.

#include "app/dev_accounts.hpp"
#include "app/witness_source.hpp"
#include "node/derive/inbox_events.hpp"
#include "node/host/crypto/kzg_blobs.hpp"
#include "node/host/signing/abi.hpp"
#include "sim/world.hpp"

namespace mezz::sim {
namespace {

using node::Head;

std::string text(const node::BlockRef& ref) {
    return std::to_string(ref.number) + " (" + app::hex_text(ref.hash).substr(0, 10) + ")";
}

bool proves(const app::Provable& made) {
    host::KzgBlobs blobs;
    auto witness = stf::Witness::decode(made.witness, blobs);
    return witness && stf::verify(made.statement, *witness);
}

}  // namespace

/// Checked after every step of a node.
void World::observe(RollupNode& node, Seen& seen) {
    if (!node.running() || failed_) return;
    const auto safe = node.chain().head(Head::safe), finalized = node.chain().head(Head::finalized);
    const auto derived = node.driver().status().derived;
    const bool same =
        safe == seen.safe && finalized == seen.finalized && derived.inbox_acc == seen.derived_acc;
    if (same) return;
    const std::string who = node.name();
    if (derived.inbox_acc != seen.derived_acc) {
        const auto [known, fresh] = derived_.emplace(derived.inbox_acc, derived.head);
        if (!fresh && known->second != derived.head)
            violate("one inbox derives to one chain",
                    who + " derives " + std::to_string(derived.inbox_count) + " entries to block " +
                        text(derived.head) + ", before they gave " + text(known->second));
    }
    if (finalized.number < seen.finalized.number ||
        node.chain().hash_of(seen.finalized.number) != seen.finalized.hash)
        if (seen.finalized.number != 0)
            violate("finalised blocks stay",
                    who + " went from " + text(seen.finalized) + " to " + text(finalized));
    if (finalized.number > safe.number)
        violate("finalised blocks are safe", who + " " + text(finalized) + " " + text(safe));
    const bool undone =
        safe.number < seen.safe.number || node.chain().hash_of(seen.safe.number) != seen.safe.hash;
    if (undone && seen.inbox_count != 0) {
        // Only the parent may take back what the inbox said.
        const Bytes answer =
            inbox_call(node::abi::Call("acc(uint64)").word(seen.inbox_count).finish());
        const auto acc = node::abi::word_at(answer, 0);
        if (acc && to_bytes32(*acc) == seen.inbox_acc)
            violate("safe blocks stay unless the parent reorganises",
                    who + " went from " + text(seen.safe) + " to " + text(safe));
    }
    log_.add(who + " unsafe " + std::to_string(node.chain().head(Head::unsafe).number) + " safe " +
             text(safe) + " final " + std::to_string(finalized.number) + " entries " +
             std::to_string(derived.inbox_count));
    seen.safe = safe;
    seen.finalized = finalized;
    seen.derived_acc = derived.inbox_acc;
    // A full disk may keep the head behind the derivation for a while.
    if (safe != derived.head) return;
    seen.inbox_count = derived.inbox_count;
    seen.inbox_acc = derived.inbox_acc;
}

void World::check_end() {
    out_.sequencer_readings = sequencer_.readings();
    out_.verifier_readings = verifier_.readings();
    out_.blocks = sequencer_.chain().head(Head::unsafe).number;
    out_.safe = sequencer_.chain().head(Head::safe).number;
    out_.finalized = sequencer_.chain().head(Head::finalized).number;
    out_.entries = sequencer_.driver().status().derived.inbox_count;
    out_.replaced = sequencer_.driver().status().reorgs;
    check_same_chain();
    check_deposits();
    check_supply();
    check_proof();
    // A pooled transaction whose turn it is has been included, as block time went by.
    const auto content = sequencer_.pool().content();
    for (const auto& txn : content.queued) {
        const auto account = sequencer_.chain().head_account(txn.sender);
        if (account && account->nonce == txn.txn.nonce)
            violate("the pool lets run what can run", "nonce " + std::to_string(txn.txn.nonce) +
                                                          " of " + app::hex_text(txn.sender) +
                                                          " waits");
    }
}

void World::check_same_chain() {
    const auto s = sequencer_.chain().head(Head::safe), v = verifier_.chain().head(Head::safe);
    if (s != v) violate("verifier and sequencer agree", text(s) + " against " + text(v));
    for (std::uint64_t n = 0; n <= v.number && !failed_; ++n)
        if (sequencer_.chain().hash_of(n) != verifier_.chain().hash_of(n))
            violate("verifier and sequencer agree", "block " + std::to_string(n) + " differs");
}

/// Every deposit queued on the final parent chain is executed once, in order.
void World::check_deposits() {
    Connection perfect;
    SimParent client(parent_, perfect);
    const auto events = client.logs(
        {0, parent_.head(), file_.contracts.portal, {node::TRANSACTION_DEPOSITED_TOPIC}});
    const auto entries =
        client.logs({0, parent_.head(), file_.contracts.inbox, {node::ENTRY_APPENDED_TOPIC}});
    if (!events || !entries) return violate("the parent answers", "logs");
    for (const auto& log : *entries)
        if (const auto e = node::decode_entry_appended(log);
            e && e->entry.entry.source == derive::Source::forced)
            ++out_.forced;
    out_.deposits = events->size();
    std::size_t next = 0;
    for (std::uint64_t n = 1; n <= out_.safe; ++n) {
        const auto body = verifier_.chain().body(n);
        if (!body || !*body) return violate("blocks are stored", std::to_string(n));
        // The first one carries the attributes.
        for (std::size_t i = 1; i < (*body)->size(); ++i) {
            const Transaction& t = (**body)[i].txn;
            if (t.type != TxType::deposit) continue;
            if (next == events->size())
                return violate("deposits are executed once", "block " + std::to_string(n));
            const auto& log = (*events)[next++];
            const auto opaque = node::decode_deposited(log);
            if (!opaque || opaque->size() < 73 ||
                to_address(to_uint256(log.log.topics[1])) != t.from || !t.to ||
                to_address(to_uint256(log.log.topics[2])) != *t.to ||
                load_be256(opaque->data()) != t.mint || load_be256(opaque->data() + 32) != t.value)
                return violate(
                    "deposits are executed in order",
                    "item " + std::to_string(next - 1) + " in block " + std::to_string(n));
        }
    }
    if (next != events->size())
        violate("deposits are executed",
                std::to_string(next) + " of " + std::to_string(events->size()));
}

/// What the verifier derived can be proven: a witness of all entries, or of the later half, leads
/// to its head.
void World::check_proof() {
    auto& driver = verifier_.driver();
    app::WitnessSource source(file_.spec, verifier_.disk(), driver, verifier_.watcher());
    const std::uint64_t entries = driver.status().derived.inbox_count;
    for (const std::uint64_t from : {std::uint64_t{0}, entries / 2}) {
        const std::string what =
            "entries " + std::to_string(from) + " to " + std::to_string(entries);
        const auto made = source.range(from, entries);
        if (!made)
            return violate("what is derived can be proven", what + ": " + made.error().message);
        if (!proves(*made))
            return violate("what is derived can be proven", what + ": the verifier refuses");
        if (made->post_block != out_.safe) return violate("a proof ends at the safe head", what);
    }
    // And each of a few blocks alone, as a dispute would have it.
    for (std::uint64_t number = 0; number <= out_.safe; number += 1 + out_.safe / 5) {
        const std::string what = "the block after " + std::to_string(number);
        const auto made = source.block(number, entries);
        if (!made) return violate("each block can be proven", what + ": " + made.error().message);
        if (!proves(*made)) return violate("each block can be proven", what);
        if (made->post_block != std::min(number + 1, out_.safe))
            return violate("a block's proof ends with it", what);
    }
}

/// Ether is made by deposits only.
void World::check_supply() {
    const auto total = [&](std::uint64_t number) -> std::optional<uint256> {
        auto state = verifier_.chain().state(number);
        if (!state) return std::nullopt;
        uint256 sum;
        for (const auto& a : file_.genesis)
            if (const auto account = (*state)->account(a.address)) sum += account->balance;
        return sum;
    };
    uint256 minted;
    for (std::uint64_t n = 1; n <= out_.safe; ++n)
        if (const auto body = verifier_.chain().body(n); body && *body)
            for (const auto& item : **body)
                if (item.txn.type == TxType::deposit) minted += item.txn.mint;
    const auto before = total(0), after = total(out_.safe);
    if (before && after && *before + minted != *after)
        violate("ether is conserved", "genesis and deposits against balances");
}

}  // namespace mezz::sim
