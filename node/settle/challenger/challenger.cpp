// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/settle/challenger/challenger.hpp"

#include <algorithm>

#include "core/crypto/keccak.hpp"
#include "node/host/crypto/blob_opening.hpp"
#include "node/host/signing/abi.hpp"
#include "node/ports/decimal.hpp"
#include "node/ports/hex_text.hpp"

namespace mezz::node {
namespace {

constexpr std::uint64_t in_progress = 0;

std::unexpected<Error> about(std::string_view what, const Error& error) {
    return std::unexpected(Error{error.handling, std::string(what) + ": " + error.message});
}

/// Whether nothing was logged or undone between the two.
bool same_place(const std::optional<ParentLog>& a, const ParentLog& b) {
    return a && a->block_hash == b.block_hash && a->log_index == b.log_index;
}

/// As BlockDisputes makes it.
Bytes32 dispute_id(const Bytes32& pre_claim, const DerivedPosition& inbox) {
    constexpr std::string_view name = "dispute";
    Bytes text(32);
    std::memcpy(text.data(), name.data(), name.size());
    append(text, pre_claim);
    append(text, to_bytes32(uint256{inbox.inbox_count}));
    append(text, inbox.inbox_acc);
    return crypto::keccak256(text);
}

}  // namespace

Challenger::Challenger(ClaimSource& claims, TraceSource& traces, Parent& parent, TxManager& txs,
                       ChallengerOptions options)
    : claims_(claims),
      traces_(traces),
      parent_(parent),
      txs_(txs),
      options_(std::move(options)),
      games_log_(parent, options_.factory, options_.deployed_at),
      disputes_log_(parent, options_.terms.disputes, options_.deployed_at) {}

void Challenger::warn(std::string name, std::uint64_t proposal, std::string text) {
    alerts_.push_back({std::move(name), proposal, std::move(text)});
}

void Challenger::step(std::uint64_t now_ms) {
    now_ms_ = now_ms;
    txs_.step(now_ms);
    if (now_ms < wait_until_ms_) return;
    settle_sent();
    alerts_.clear();
    const auto done = look();
    status_.alerts = alerts_;
    if (done) {
        status_.last_error = *done ? **done : txs_.last_error();
    } else {
        status_.last_error = done.error().message;
        wait_until_ms_ = now_ms + options_.retry_after_ms;
    }
    txs_.step(now_ms);
}

/// returns: the first trouble with one thing, which neither keeps the others waiting nor the next
/// look: delays of different disputes count against the same clock.
Result<std::optional<std::string>> Challenger::look() {
    const auto head = parent_.block(BlockTag::latest);
    if (!head) return about("reading the parent", head.error());
    std::optional<std::string> trouble;
    const auto keep = [&](std::string_view what, const Result<void>& r) {
        if (!r && !trouble) trouble = std::string(what) + ": " + r.error().message;
    };
    const auto logs = disputes_log_.read(head->number);
    if (!logs) return about("disputes", logs.error());
    book_ = {};
    for (const auto& log : **logs) book_.take(log.log);
    if (!(*logs)->empty() && !same_place(last_log_, (*logs)->back())) {
        last_log_ = (*logs)->back();
        confirm_at_.clear();
    }

    for (auto& [index, known] : proposals_) {
        const std::string what = "proposal " + std::to_string(index);
        if (!known.checked) keep(what, check(known));
        if (known.wrong_at && !known.over) keep(what, dispute(known, head->timestamp));
    }
    keep("levels", find_levels());
    status_.disputes_open = 0;
    for (const auto& [id, dispute] : book_.disputes()) {
        // Another proposal may have been linked to it since.
        const bool settled = std::ranges::all_of(dispute.links, &DisputeLink::settled);
        if (closed_.contains(id) && settled) continue;
        if (book_.place(id).confirmed) {
            keep("a decided dispute", finish(dispute, head->timestamp));
        } else {
            ++status_.disputes_open;
            keep("a dispute", play(dispute, head->timestamp));
        }
    }
    keep("collecting", claim_credit());
    keep("funds", check_funds());
    // Last, since a blob server that hangs holds up what comes after it.
    keep("proposals", find_proposals(*head));
    return trouble;
}

/// One that cannot be read, as its blob is not there, is asked for again; the others go on.
Result<void> Challenger::find_proposals(const ParentBlock& head) {
    const auto logs = games_log_.read(head.number);
    if (!logs) return std::unexpected(logs.error());
    static const Bytes32 created = abi::topic("DisputeGameCreated(address,uint32,bytes32)");
    std::optional<Error> trouble;
    std::uint64_t index = 0;
    for (const auto& log : **logs) {
        if (log.log.topics.size() != 4 || log.log.topics[0] != created) continue;
        const std::uint64_t at = index++;
        if (to_uint256(log.log.topics[2]) != uint256{fraud_proven_outputs}) continue;
        const Address game = to_address(to_uint256(log.log.topics[1]));
        const auto it = proposals_.find(at);
        if (it != proposals_.end() && it->second.proposal.game == game) continue;
        const auto tried = unread_.find(at);
        const bool waits = tried != unread_.end() && tried->second.game == game &&
                           now_ms_ < tried->second.retry_at_ms;
        auto proposal = waits ? retry(tried->second.error)
                              : read_proposal(parent_, options_.factory, at, log.block_number);
        if (!proposal) {
            trouble = proposal.error();
            auto& unread = unread_[at];
            if (unread.game != game) unread = {game, head.timestamp, 0, 0, {}};
            if (!waits) {
                unread.retry_at_ms = now_ms_ + std::min(options_.retry_after_ms * ++unread.tries,
                                                        options_.terms.clock_seconds * 1000 / 32);
                unread.error = trouble->message;
            }
            const std::uint64_t waited = head.timestamp - unread.since;
            const auto over =
                waited < options_.terms.clock_seconds ? Result<bool>(false) : is_over(game);
            if (!over) return std::unexpected(over.error());
            if (*over) {
                // Nothing can be done about it any more, whatever it claimed.
                Proposal unknown;
                unknown.index = at;
                unknown.game = game;
                proposals_[at] = {std::move(unknown), true, true, {}};
                unread_.erase(at);
                continue;
            }
            if (waited >= options_.terms.clock_seconds / 8)
                warn("unreadable-proposal", at,
                     "proposal " + std::to_string(at) + " could not be read for " +
                         std::to_string(waited) + " of the " +
                         std::to_string(options_.terms.clock_seconds) + " s there are to object: " +
                         trouble->message + "; name another blob server with --blobs");
            continue;
        }
        unread_.erase(at);
        if (*proposal) proposals_[at] = {std::move(**proposal), false, false, {}};
    }
    // Undone by the parent.
    proposals_.erase(proposals_.lower_bound(index), proposals_.end());
    unread_.erase(unread_.lower_bound(index), unread_.end());
    if (trouble) return std::unexpected(*trouble);
    return {};
}

/// Whether the account could open one more dispute and play it to its end.
Result<void> Challenger::check_funds() {
    const auto balance = parent_.balance(txs_.address());
    if (!balance) return std::unexpected(balance.error());
    const auto fees = parent_.fees();
    if (!fees) return std::unexpected(fees.error());
    const auto& t = options_.terms;
    const uint256 wanted = t.opening_stake + t.level_two_stake +
                           (fees->base_fee * 2 + fees->priority_fee) * options_.dispute_gas;
    if (*balance < wanted)
        warn("low-funds", 0,
             "the account " + hex_text(txs_.address()) + " has " + decimal(*balance) +
                 " wei; stakes and gas of one more dispute take " + decimal(wanted) +
                 ": send it more");
    return {};
}

Result<void> Challenger::check(Known& known) {
    const Proposal& p = known.proposal;
    const DerivedPosition derived = claims_.derived();
    if (derived.inbox_count < p.inbox_count) return {};  // not yet known here
    const auto before = claims_.claim(p.first_block() - 1);
    if (!before) return std::unexpected(before.error());
    known.checked = true;
    ++status_.proposals_checked;
    // What follows a wrong claim falls with the proposal that made it.
    if (!*before || stf::hash(**before) != p.parent_claim) {
        known.proposal.forget_claims();
        return {};
    }
    for (std::uint64_t i = 0; i < p.claims.size(); ++i) {
        const auto own = claims_.claim(p.first_block() + i);
        if (!own) {
            known.checked = false;
            return std::unexpected(own.error());
        }
        if (*own && stf::hash(**own) == p.claims[i]) continue;
        known.wrong_at = i;
        ++status_.proposals_wrong;
        return {};
    }
    known.proposal.forget_claims();
    return {};
}

Result<bool> Challenger::is_over(const Address& game) {
    const auto status = parent_.call(game, abi::Call("status()").finish());
    if (!status) return std::unexpected(status.error());
    return abi::word_at(*status, 0).value_or(uint256{}) != uint256{in_progress};
}

Result<void> Challenger::dispute(Known& known, std::uint64_t parent_time) {
    const Proposal& p = known.proposal;
    const auto over = is_over(p.game);
    if (!over) return std::unexpected(over.error());
    if (*over) {
        known.over = true;
        known.proposal.forget_claims();
        return {};
    }
    const std::string claim = "proposal " + std::to_string(p.index) +
                              " claims something wrong of block " +
                              std::to_string(p.first_block() + *known.wrong_at);
    for (const auto& [id, d] : book_.disputes())
        for (const auto& link : d.links)
            if (link.game == p.game && link.index == *known.wrong_at) {
                warn("wrong-proposal", p.index, claim + "; it is disputed");
                return {};
            }
    const std::uint64_t end = p.created_at + options_.terms.clock_seconds;
    if (parent_time >= end) {
        warn("too-late", p.index,
             claim + ", and the time to dispute it is over: the guardian has to exclude it");
        return fatal("its claim of block " + std::to_string(p.first_block() + *known.wrong_at) +
                     " is wrong, and the time to dispute it is over");
    }
    warn("wrong-proposal", p.index, claim + "; it is about to be disputed");
    if (end - parent_time <= options_.terms.clock_seconds / 4)
        warn("time-short", p.index,
             claim + ", and only " + std::to_string(end - parent_time) +
                 " s are left to dispute it");
    const Bytes32 pre = *known.wrong_at == 0 ? p.parent_claim : p.claims[*known.wrong_at - 1];
    for (const auto& [id, d] : book_.disputes())
        if (d.pre_claim == pre && d.inbox_count >= p.inbox_count) return link(known, d);
    return open(known);
}

Bytes Challenger::position(const Proposal& p, std::uint64_t index) const {
    Bytes opening, before;
    if (!p.blob.empty()) {
        if (index + 1 < p.claims.size())
            opening = host::open_blob_element(p.blob, index).value_or(Bytes{});
        if (index > 0) before = host::open_blob_element(p.blob, index - 1).value_or(Bytes{});
    }
    abi::Words out;
    out.word(p.index).word(index).bytes(opening).bytes(before);
    return out.finish();
}

Result<void> Challenger::open(const Known& known) {
    const Proposal& p = known.proposal;
    const std::uint64_t block = p.first_block() + *known.wrong_at - 1;
    const DerivedPosition derived = claims_.derived();
    const Bytes32 pre = *known.wrong_at == 0 ? p.parent_claim : p.claims[*known.wrong_at - 1];
    const Bytes32 id = dispute_id(pre, derived);
    // Several proposals may be wrong about one block: the others are linked once it is there.
    if (const auto it = opening_.find(pre); it != opening_.end())
        if (const auto status = txs_.status(it->second); status && !status->done()) return {};
    const auto trace = trace_of(id, block, derived.inbox_count);
    if (!trace) return std::unexpected(trace.error());
    abi::Call call("openDispute((uint256,uint256,bytes,bytes),uint64,(bytes32,bytes,bytes))");
    call.encoded(position(p, *known.wrong_at)).word(derived.inbox_count);
    call.encoded(encode_ending(**trace));
    ++status_.disputes_opened;
    opening_[pre] = send(
        {"open dispute", options_.terms.disputes, call.finish(), options_.terms.opening_stake});
    return {};
}

Result<void> Challenger::link(const Known& known, const KnownDispute& with) {
    abi::Call call("linkProposal(bytes32,(uint256,uint256,bytes,bytes))");
    call.word(with.id).encoded(position(known.proposal, *known.wrong_at));
    send({"link proposal", options_.terms.disputes, call.finish(), {}});
    return {};
}

const Challenger::Known* Challenger::known(const Address& game) const {
    for (const auto& [index, k] : proposals_)
        if (k.proposal.game == game) return &k;
    return nullptr;
}

Result<std::optional<std::uint64_t>> Challenger::block_before(const KnownDispute& d) {
    for (const auto& link : d.links) {
        const Known* k = known(link.game);
        // One that could never be read says nothing.
        if (k == nullptr || k->proposal.block_count == 0) continue;
        const std::uint64_t block = k->proposal.first_block() + link.index - 1;
        const auto own = claims_.claim(block);
        if (!own) return std::unexpected(own.error());
        if (*own && stf::hash(**own) == d.pre_claim) return std::optional(block);
        return std::optional<std::uint64_t>{};
    }
    return std::optional<std::uint64_t>{};
}

Result<DisputeTrace*> Challenger::trace_of(const Bytes32& id, std::uint64_t block,
                                           std::uint64_t count) {
    if (const auto it = traces_kept_.find(id); it != traces_kept_.end()) return it->second.get();
    if (traces_kept_.size() >= options_.max_traces) {
        for (const auto& done : decided_) traces_kept_.erase(done);
        if (traces_kept_.size() >= options_.max_traces)
            return retry("waits for other disputes to end");
    }
    auto made = traces_.trace(block, count);
    if (!made) return std::unexpected(made.error());
    return (traces_kept_[id] = std::move(*made)).get();
}

Result<void> Challenger::play(const KnownDispute& d, std::uint64_t parent_time) {
    const auto block = block_before(d);
    if (!block) return std::unexpected(block.error());
    // Of a block that the chain does not have; whoever claims it is wrong before.
    if (!*block) return {};
    if (claims_.derived().inbox_count < d.inbox_count) return {};
    const auto trace = trace_of(d.id, **block, d.inbox_count);
    if (!trace) return std::unexpected(trace.error());
    DisputePlayer player(parent_, options_.terms, book_, d, **trace);
    const auto answers = player.answers();
    if (!answers) return std::unexpected(answers.error());
    for (const auto& move : *answers) send(move);
    return confirm(d, player, parent_time);
}

Result<void> Challenger::confirm(const KnownDispute& d, DisputePlayer& player,
                                 std::uint64_t parent_time) {
    std::uint64_t& due = confirm_at_[d.id];
    if (parent_time < due) return {};
    const auto confirmations = player.confirmations();
    if (!confirmations) return std::unexpected(confirmations.error());
    for (const auto& move : confirmations->moves) send(move);
    due = parent_time + confirmations->idle_seconds;
    return {};
}

/// Tells the proposals, and collects the stakes.
Result<void> Challenger::finish(const KnownDispute& d, std::uint64_t parent_time) {
    if (decided_.insert(d.id).second) ++status_.disputes_decided;
    bool open = false;
    for (const auto& link : d.links) {
        if (link.settled) continue;
        open = true;
        abi::Call call("settle(bytes32,address,uint256)");
        call.word(d.id).word(link.game).word(link.index);
        send({"settle", options_.terms.disputes, call.finish(), {}});
    }
    const auto collected = collect(d.id);
    if (!collected) return std::unexpected(collected.error());
    open |= !*collected;
    // Stakes of level 2 are settled among themselves, which takes the history they belong to.
    bool waits = false;
    for (const auto& [place, dispute] : level_two_) {
        if (dispute != d.id) continue;
        if (!book_.place(place).confirmed) {
            waits = true;
            continue;
        }
        const auto below = collect(place);
        if (!below) return std::unexpected(below.error());
        open |= !*below;
    }
    if (waits) {
        open = true;
        const auto block = block_before(d);
        if (!block) return std::unexpected(block.error());
        if (!*block) return {};
        const auto trace = trace_of(d.id, **block, d.inbox_count);
        if (!trace) return std::unexpected(trace.error());
        DisputePlayer player(parent_, options_.terms, book_, d, **trace);
        const auto answers = player.answers();
        if (!answers) return std::unexpected(answers.error());
        for (const auto& move : *answers) send(move);
        if (auto done = confirm(d, player, parent_time); !done) return done;
    }
    if (!open) closed_.insert(d.id);
    return {};
}

Result<void> Challenger::find_levels() {
    for (const Bytes32& place : book_.staked_by(txs_.address())) {
        if (book_.disputes().contains(place) || level_two_.contains(place)) continue;
        const auto answer = parent_.call(options_.terms.disputes,
                                         abi::Call("levelTwoAt(bytes32)").word(place).finish());
        if (!answer) return std::unexpected(answer.error());
        level_two_[place] = to_bytes32(abi::word_at(*answer, 0).value_or(uint256{}));
    }
    return {};
}

/// returns: whether nothing was left to collect.
Result<bool> Challenger::collect(const Bytes32& place) {
    bool done = true;
    for (const auto& root : book_.place(place).roots) {
        const auto answer =
            parent_.call(options_.terms.disputes,
                         abi::Call("rootAt(bytes32,bytes32)").word(place).word(root.node).finish());
        if (!answer) return std::unexpected(answer.error());
        if (!abi::word_at(*answer, 3).value_or(uint256{}).is_zero()) continue;
        done = false;
        abi::Call call("collect(bytes32,bytes32)");
        call.word(place).word(root.node);
        send({"collect", options_.terms.disputes, call.finish(), {}});
    }
    return done;
}

Result<void> Challenger::claim_credit() {
    const auto take = [&](const Address& from) -> Result<void> {
        const auto credit =
            parent_.call(from, abi::Call("credit(address)").word(txs_.address()).finish());
        if (!credit) return std::unexpected(credit.error());
        if (abi::word_at(*credit, 0).value_or(uint256{}).is_zero()) return {};
        send({"claim credit",
              from,
              abi::Call("claimCredit(address)").word(txs_.address()).finish(),
              {}});
        return {};
    };
    for (auto& [index, known] : proposals_)
        if (known.over && known.wrong_at)
            if (auto done = take(known.proposal.game); !done) return done;
    return take(options_.terms.disputes);
}

TxId Challenger::send(Move move) {
    Bytes name = to_bytes(move.to);
    append(name, move.input);
    const Bytes32 key = crypto::keccak256(name);
    if (const auto it = sent_.find(key); it != sent_.end()) return it->second;
    TxCandidate candidate;
    candidate.to = move.to;
    candidate.value = move.value;
    candidate.data = std::move(move.input);
    // All delays count together: each may take a small part of the clock before it is urgent.
    candidate.urgent_at_ms = now_ms_ + options_.terms.clock_seconds * 1000 / 64;
    ++status_.moves;
    return sent_[key] = txs_.send(std::move(candidate));
}

/// A move that failed is thought over again with what the parent says then.
void Challenger::settle_sent() {
    for (auto it = sent_.begin(); it != sent_.end();) {
        const auto status = txs_.status(it->second);
        if (status && !status->done()) {
            ++it;
            continue;
        }
        if (status) txs_.forget(it->second);
        it = sent_.erase(it);
    }
}

}  // namespace mezz::node
