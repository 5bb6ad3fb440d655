// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/milestones.hpp"

#include "app/logging.hpp"

namespace mezz::app {

void Milestones::note(const RollupStatus& now) {
    if (!last_) {
        log::debug("node", "where the chain is",
                   {{"block", now.unsafe.number},
                    {"safe", now.safe.number},
                    {"finalized", now.finalized.number},
                    {"entries", now.driver.derived.inbox_count}});
        last_ = now;
        return;
    }
    const RollupStatus& old = *last_;
    if (now.batcher.entries_landed > old.batcher.entries_landed)
        log::debug("batcher", "entries landed",
                   {{"entries", now.batcher.entries_landed - old.batcher.entries_landed},
                    {"block", now.batcher.last_taken_block},
                    {"bytes", now.batcher.published_bytes - old.batcher.published_bytes},
                    {"payload_bytes", now.batcher.payload_bytes - old.batcher.payload_bytes}});
    const std::uint64_t entries = now.driver.derived.inbox_count;
    if (entries > old.driver.derived.inbox_count)
        log::debug(
            "derivation", "entries derived",
            {{"entries", entries}, {"safe", now.safe.number}, {"hash", hex_text(now.safe.hash)}});
    if (entries < old.driver.derived.inbox_count)
        log::debug("derivation", "entries undone by the parent", {{"entries", entries}});
    if (now.driver.empty_entries > old.driver.empty_entries)
        log::debug("derivation", "an entry derived to nothing",
                   {{"why", now.driver.last_batch_error}});
    if (now.driver.reorgs > old.driver.reorgs)
        log::debug("node", "unsafe blocks were replaced", {{"block", now.unsafe.number}});
    if (now.proposer.games_created > old.proposer.games_created)
        log::debug("proposer", "claim made", {{"block", now.proposed}});
    if (now.proposer.anchor_block > old.proposer.anchor_block)
        log::debug("proposer", "claim settled", {{"block", now.proposer.anchor_block}});
    const auto &was = old.challenger, &is = now.challenger;
    if (is.proposals_wrong > was.proposals_wrong)
        log::debug("challenger", "proposals are wrong",
                   {{"wrong", is.proposals_wrong}, {"checked", is.proposals_checked}});
    if (is.disputes_opened > was.disputes_opened)
        log::debug("challenger", "dispute opened", {{"disputes", is.disputes_opened}});
    if (is.moves > was.moves)
        log::debug("challenger", "moves sent", {{"moves", is.moves - was.moves}});
    if (is.disputes_decided > was.disputes_decided)
        log::debug("challenger", "disputes decided", {{"disputes", is.disputes_decided}});
    last_ = now;
}

}  // namespace mezz::app
