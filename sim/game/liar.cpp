// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "sim/game/liar.hpp"

#include <algorithm>

#include "core/crypto/keccak.hpp"
#include "node/host/signing/abi.hpp"
#include "sim/game/game.hpp"

namespace mezz::sim {
namespace {

using app::Lie;
using app::LyingTrace;

constexpr std::uint64_t leaves = node::prove::HISTORY_STRIDE;

/// Where a history leaves the truth: anywhere, but more often where something ends.
Lie draw_lie(Random& random) {
    // The program ends a little behind leaf 0 of level 1.
    const std::uint64_t spots[] = {0, 0, 1, 2, random.below(leaves), leaves - 2, leaves - 1};
    const std::uint64_t steps[] = {0,
                                   1,
                                   random.below(64),
                                   random.below(4096),
                                   8192 + random.below(2048),
                                   leaves - 1 - random.below(2)};
    // The last kind copies a whole level of the truth, which takes its time.
    const std::uint64_t kind = random.below(40) == 0 ? 5 : random.below(5);
    return {spots[random.below(std::size(spots))], steps[kind], random.below(4) == 0};
}

/// Remembers what is expensive to make.
class KeptTrace final : public node::DisputeTrace {
public:
    explicit KeptTrace(std::unique_ptr<LyingTrace> trace) : trace_(std::move(trace)) {}
    Bytes final_state() override { return trace_->final_state(); }
    History level1() override { return trace_->level1(); }
    node::Result<History> level2(std::uint64_t leaf) override {
        auto& kept = level2_[leaf];
        if (!kept) {
            auto made = trace_->level2(leaf);
            if (!made) return made;
            kept = std::move(*made);
        }
        return kept;
    }
    node::Result<Bytes> witness(std::uint64_t step) override { return trace_->witness(step); }
    std::optional<ByteView> preimage(const Bytes32& key) override { return trace_->preimage(key); }

private:
    std::unique_ptr<LyingTrace> trace_;
    std::map<std::uint64_t, History> level2_;
};

}  // namespace

LiarStyle LiarStyle::draw(Random& random) {
    constexpr std::uint64_t always = 1'000'000;
    const auto some = [&](std::uint64_t most) { return random.below(2) == 0 ? most : 0; };
    LiarStyle s;
    s.acts = random.below(2) == 0 ? always : random.between(100'000, always);
    s.joins = some(300'000);
    s.opens = some(30'000);
    s.links = some(50'000);
    s.proposes = random.between(2'000, 20'000);
    s.max_moves = random.below(3) == 0 ? random.below(30) : 10'000;
    s.waits = random.below(4) == 0 ? random.below(game_clock) : 0;
    return s;
}

Bytes ProposedGame::position(std::uint64_t index) const {
    node::abi::Words out;
    out.word(proposal.index).word(index).bytes({}).bytes({});
    return out.finish();
}

Bytes32 ProposedGame::pre_claim(std::uint64_t index) const {
    return index == 0 ? proposal.parent_claim : proposal.claims[index - 1];
}

Liar::Liar(EvmParent& parent, ModelChain& chain, const node::DisputeTerms& terms, SimClock& clock,
           Random& random, node::Signer signer)
    : parent_(parent),
      chain_(chain),
      terms_(terms),
      random_(random),
      txs_(parent, std::move(signer), clock),
      clock_(clock),
      style_(LiarStyle::draw(random)) {}

/// A wrong answer to the question after a claim; where the claim is none of the chain's, any.
std::shared_ptr<node::DisputeTrace> Liar::history(const Bytes32& pre_claim, const Bytes32& claim) {
    Lie lie = draw_lie(random_);
    std::uint64_t block = 0;
    while (block < ModelChain::last_block && stf::hash(chain_.at(block)) != pre_claim) ++block;
    if (block == ModelChain::last_block) {
        block = 0;
        lie = {0, 0, lie.zeros};
    }
    return std::make_shared<KeptTrace>(
        std::make_unique<LyingTrace>(chain_.trace(block, 0).value(), claim, lie));
}

void Liar::send(const node::Move& move) {
    Bytes name = to_bytes(move.to);
    append(name, move.input);
    const Bytes32 key = crypto::keccak256(name);
    if (sent_.contains(key) || moves_ >= style_.max_moves) return;
    node::TxCandidate candidate;
    candidate.to = move.to;
    candidate.value = move.value;
    candidate.data = move.input;
    sent_[key] = txs_.send(std::move(candidate));
    ++moves_;
}

void Liar::play(const node::DisputeBook& book, const node::KnownDispute& known) {
    if (book.place(known.id).confirmed) return;
    auto [it, fresh] = disputes_.try_emplace(known.id);
    Dispute& mine = it->second;
    if (fresh) {
        mine.since = parent_.now();
        mine.plays = random_.one(style_.joins);
        if (!known.links.empty() && random_.below(2) == 0) mine.plays = true;
    }
    if (!mine.plays || parent_.now() < mine.since + style_.waits) return;
    if (!mine.trace) {
        // What it defends: a claim that is linked, or something of its own.
        const Bytes32 claim = !known.links.empty() && random_.below(4) != 0
                                  ? known.links[random_.below(known.links.size())].claim
                                  : stf::hash(ModelChain::lie(1, random_.next()));
        mine.trace = history(known.pre_claim, claim);
    }
    node::DisputePlayer player(parent_, terms_, book, known, *mine.trace);
    // Where its lie begins it has nothing to show, and goes on elsewhere.
    if (const auto moves = player.answers())
        for (const auto& move : *moves) send(move);
    if (random_.below(4) == 0)
        if (const auto confirmations = player.confirmations())
            for (const auto& move : confirmations->moves) send(move);
}

void Liar::open(const node::DisputeBook& book, const std::vector<ProposedGame>& games) {
    if (games.empty()) return;
    const ProposedGame& game = games[random_.below(games.size())];
    if (game.ended_at) return;
    const std::uint64_t index = random_.below(game.proposal.claims.size());
    const Bytes32 pre = game.pre_claim(index);
    for (const auto& [id, dispute] : book.disputes())
        if (dispute.pre_claim == pre) return;
    const auto trace = history(pre, stf::hash(ModelChain::lie(2, random_.next())));
    node::abi::Call call("openDispute((uint256,uint256,bytes,bytes),uint64,(bytes32,bytes,bytes))");
    call.encoded(game.position(index)).word(std::uint64_t{0}).encoded(node::encode_ending(*trace));
    send({"open dispute", terms_.disputes, call.finish(), terms_.opening_stake});
}

void Liar::link(const node::DisputeBook& book, const std::vector<ProposedGame>& games) {
    if (games.empty() || book.disputes().empty()) return;
    auto it = book.disputes().begin();
    std::advance(it, random_.below(book.disputes().size()));
    for (const ProposedGame& game : games) {
        if (game.ended_at) continue;
        for (std::uint64_t i = 0; i < game.proposal.claims.size(); ++i) {
            if (game.pre_claim(i) != it->second.pre_claim) continue;
            node::abi::Call call("linkProposal(bytes32,(uint256,uint256,bytes,bytes))");
            call.word(it->first).encoded(game.position(i));
            send({"link", terms_.disputes, call.finish(), {}});
        }
    }
}

void Liar::step(const node::DisputeBook& book, const std::vector<ProposedGame>& games) {
    txs_.step(clock_.now_ms());
    std::erase_if(sent_, [&](const auto& item) {
        const auto status = txs_.status(item.second);
        if (status && !status->done()) return false;
        if (status) txs_.forget(item.second);
        return true;
    });
    if (!random_.one(style_.acts)) return;
    for (const auto& [id, dispute] : book.disputes()) play(book, dispute);
    if (random_.one(style_.opens)) open(book, games);
    if (random_.one(style_.links)) link(book, games);
    txs_.step(clock_.now_ms());
}

}  // namespace mezz::sim
