// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/milestones.hpp"

#include <spdlog/spdlog.h>

namespace mezz::app {

void Milestones::note(const RollupStatus& now) {
    if (!last_) {
        spdlog::debug("chain: at block {}, safe {}, finalized {}, {} inbox entries derived",
                      now.unsafe.number, now.safe.number, now.finalized.number,
                      now.driver.derived.inbox_count);
        last_ = now;
        return;
    }
    const RollupStatus& old = *last_;
    const auto more = [](auto before, auto after) { return after > before ? after - before : 0; };
    if (const auto n = more(old.batcher.entries_landed, now.batcher.entries_landed); n > 0)
        spdlog::debug("batcher: {} landed, up to block {}; {} bytes of {} before compression",
                      n == 1 ? "an entry" : std::to_string(n) + " entries",
                      now.batcher.last_taken_block,
                      now.batcher.published_bytes - old.batcher.published_bytes,
                      now.batcher.payload_bytes - old.batcher.payload_bytes);
    if (now.driver.derived.inbox_count > old.driver.derived.inbox_count)
        spdlog::debug("derivation: {} inbox entries, safe block {} {}",
                      now.driver.derived.inbox_count, now.safe.number, hex_text(now.safe.hash));
    if (now.driver.derived.inbox_count < old.driver.derived.inbox_count)
        spdlog::debug("derivation: back to {} inbox entries: the parent undid the others",
                      now.driver.derived.inbox_count);
    if (now.driver.empty_entries > old.driver.empty_entries)
        spdlog::debug("derivation: an inbox entry derived to nothing: {}",
                      now.driver.last_batch_error);
    if (now.driver.reorgs > old.driver.reorgs)
        spdlog::debug("chain: unsafe blocks were replaced, now at block {}", now.unsafe.number);
    if (now.proposer.games_created > old.proposer.games_created)
        spdlog::debug("proposer: a claim covers block {}", now.proposed);
    if (now.proposer.anchor_block > old.proposer.anchor_block)
        spdlog::debug("proposer: settled up to block {}", now.proposer.anchor_block);
    const auto &was = old.challenger, &is = now.challenger;
    if (is.proposals_wrong > was.proposals_wrong)
        spdlog::debug("challenger: {} of {} proposals are wrong", is.proposals_wrong,
                      is.proposals_checked);
    if (is.disputes_opened > was.disputes_opened) spdlog::debug("challenger: opened a dispute");
    if (is.moves > was.moves) spdlog::debug("challenger: {} moves sent", is.moves - was.moves);
    if (is.disputes_decided > was.disputes_decided)
        spdlog::debug("challenger: {} disputes are decided", is.disputes_decided);
    last_ = now;
}

}  // namespace mezz::app
