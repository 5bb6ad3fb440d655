// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/settle/proposer/proposer.hpp"

#include <algorithm>

#include "core/derive/block.hpp"
#include "node/host/signing/abi.hpp"

namespace mezz::node {
namespace {

constexpr std::uint64_t game_type = 300;
constexpr std::uint64_t defender_wins = 2;

std::unexpected<Error> about(std::string_view what, const Error& error) {
    return std::unexpected(Error{error.handling, std::string(what) + ": " + error.message});
}

Bytes getter(std::string_view signature) {
    return abi::Call(signature).finish();
}

}  // namespace

Proposer::Proposer(RollupChain& chain, Parent& parent, TxManager& txs, ProposerOptions options)
    : chain_(chain), parent_(parent), txs_(txs), options_(std::move(options)) {}

ProposerStatus Proposer::status() const {
    ProposerStatus out = status_;
    // What keeps a transaction from being sent: an empty account, a refusal.
    if (out.last_error.empty()) out.last_error = txs_.last_error();
    return out;
}

void Proposer::step(std::uint64_t now_ms) {
    txs_.step(now_ms);
    if (now_ms < wait_until_ms_) return;
    std::optional<Error> trouble;
    const auto keep = [&](const Result<void>& r) {
        if (!r && !trouble) trouble = r.error();
        return r.has_value();
    };
    if (started_ || keep(start())) {
        keep(finish_creation());
        keep(propose(now_ms));
        if (!games_.empty()) {
            const auto head = parent_.block(BlockTag::latest);
            if (!head)
                trouble = head.error();
            else
                for (auto& game : games_) keep(tend(game, head->timestamp));
        }
        std::erase_if(games_, [&](const Game& g) {
            return g.stage == Stage::paid && (!g.won || g.block <= status_.anchor_block);
        });
    }
    status_.open_games = games_.size();
    if (!trouble) return;
    status_.last_error = trouble->message;
    wait_until_ms_ = now_ms + options_.retry_after_ms;
}

Result<uint256> Proposer::read(const Address& to, const Bytes& input, std::size_t word) {
    const auto answer = parent_.call(to, input);
    if (!answer) return std::unexpected(answer.error());
    const auto value = abi::word_at(*answer, word);
    if (!value)
        return retry("a contract's answer is too short; check the addresses and the parent's URL");
    return *value;
}

Result<void> Proposer::start() {
    const auto& c = options_.contracts;
    const auto clock = read(c.system_config, getter("maxClockDurationSeconds()"));
    if (!clock) return about("reading SystemConfig", clock.error());
    const auto finality = read(c.system_config, getter("disputeGameFinalityDelaySeconds()"));
    if (!finality) return about("reading SystemConfig", finality.error());
    const auto bond =
        read(c.dispute_game_factory, abi::Call("initBonds(uint32)").word(game_type).finish());
    if (!bond) return about("reading DisputeGameFactory", bond.error());
    const auto anchor = read(c.anchor_state_registry, getter("getAnchorRoot()"), 1);
    if (!anchor) return about("reading AnchorStateRegistry", anchor.error());
    const auto count = read(c.dispute_game_factory, getter("gameCount()"));
    if (!count) return about("reading DisputeGameFactory", count.error());
    clock_seconds_ = clock->limb[0];
    finality_seconds_ = finality->limb[0];
    bond_ = *bond;
    status_.anchor_block = anchor->limb[0];
    status_.last_proposed_block = status_.anchor_block;
    games_.clear();
    const std::uint64_t total = count->limb[0];
    const std::uint64_t first = total > options_.scan_games ? total - options_.scan_games : 0;
    for (std::uint64_t i = first; i < total; ++i)
        if (const auto r = add_game(i); !r) return r;
    started_ = true;
    return {};
}

/// Takes note of a game of ours.
Result<void> Proposer::add_game(std::uint64_t index) {
    const auto answer = parent_.call(options_.contracts.dispute_game_factory,
                                     abi::Call("gameAtIndex(uint256)").word(index).finish());
    if (!answer) return about("reading a game", answer.error());
    const auto type = abi::word_at(*answer, 0), created = abi::word_at(*answer, 1),
               at = abi::word_at(*answer, 2);
    if (!at) return retry("game " + std::to_string(index) + " of the factory is malformed");
    if (*type != uint256{game_type}) return {};
    Game game;
    game.address = to_address(*at);
    game.created_at = created->limb[0];
    const auto creator = read(game.address, getter("gameCreator()"));
    if (!creator) return about("reading a game", creator.error());
    if (to_address(*creator) != txs_.address()) return {};
    const auto block = read(game.address, getter("l2BlockNumber()"));
    if (!block) return about("reading a game", block.error());
    game.block = block->limb[0];
    status_.last_proposed_block = std::max(status_.last_proposed_block, game.block);
    games_.push_back(game);
    return {};
}

Result<std::optional<ParentReceipt>> Proposer::finished(std::optional<TxId>& txn,
                                                        std::string_view what) {
    const auto s = txs_.status(*txn);
    if (s && !s->done()) return std::nullopt;
    if (s) txs_.forget(*txn);
    txn.reset();
    if (s && s->state == TxState::confirmed) {
        status_.last_error.clear();
        return s->receipt;
    }
    return retry(std::string(what) + " did not land" +
                 (s && !s->error.empty() ? ": " + s->error : std::string()) +
                 "; trying again with what the parent says then");
}

Result<void> Proposer::finish_creation() {
    if (!creation_) return {};
    const auto receipt = finished(creation_, "the claim");
    if (!receipt) {
        started_ = false;  // read again what there is
        return std::unexpected(receipt.error());
    }
    if (!*receipt) return {};
    ++status_.games_created;
    const auto count = read(options_.contracts.dispute_game_factory, getter("gameCount()"));
    if (!count || count->is_zero()) {
        started_ = false;
        return {};
    }
    // Ours is the last, or nearly: others may have been made in the same block.
    const std::uint64_t total = count->limb[0];
    for (std::uint64_t back = 1; back <= total && back < 8; ++back) {
        const std::uint64_t i = total - back;
        const std::size_t before = games_.size();
        if (const auto r = add_game(i); !r) return r;
        if (games_.size() > before) {
            const Address made = games_.back().address;
            const auto same = std::count_if(games_.begin(), games_.end(),
                                            [&](const Game& g) { return g.address == made; });
            if (same > 1)
                games_.pop_back();
            else
                break;
        }
    }
    return {};
}

Result<void> Proposer::propose(std::uint64_t now_ms) {
    if (creation_ || now_ms < next_proposal_ms_) return {};
    const DerivedPosition position =
        options_.propose_unfinalized ? chain_.derived() : chain_.finalized();
    if (position.head.number <= status_.last_proposed_block) return {};
    const auto header = chain_.header(position.head.number);
    if (!header)
        return about("claiming block " + std::to_string(position.head.number), header.error());
    // A claim of another fork's inbox would revert; this costs no gas.
    const auto acc = read(options_.contracts.inbox,
                          abi::Call("acc(uint64)").word(position.inbox_count).finish());
    if (!acc) return about("reading the inbox", acc.error());
    if (to_bytes32(*acc) != position.inbox_acc)
        return retry("the inbox at entry " + std::to_string(position.inbox_count) +
                     " is not the one the chain is derived from; waiting for the chain to follow "
                     "the parent");
    const Bytes extra = abi::Words()
                            .word(position.head.number)
                            .word(position.inbox_count)
                            .word(position.inbox_acc)
                            .finish();
    TxCandidate candidate;
    candidate.to = options_.contracts.dispute_game_factory;
    candidate.value = bond_;
    candidate.data = abi::Call("create(uint32,bytes32,bytes)")
                         .word(game_type)
                         .word(derive::output_root(*header))
                         .bytes(extra)
                         .finish();
    creation_ = txs_.send(std::move(candidate));
    next_proposal_ms_ = now_ms + options_.interval_ms;
    txs_.step(now_ms);
    return {};
}

/// One game: resolve it, take the bond, move the anchor.
Result<void> Proposer::tend(Game& game, std::uint64_t parent_time) {
    if (game.txn) {
        const auto receipt = finished(game.txn, "a game's transaction");
        if (!receipt) return std::unexpected(receipt.error());
        if (!*receipt) return {};
    }
    const auto send = [&](const Address& to, Bytes input) {
        TxCandidate candidate;
        candidate.to = to;
        candidate.data = std::move(input);
        game.txn = txs_.send(std::move(candidate));
    };
    if (game.stage == Stage::open) {
        const auto status = read(game.address, getter("status()"));
        if (!status) return about("reading a game", status.error());
        if (status->is_zero()) {
            if (parent_time >= game.created_at + clock_seconds_)
                send(game.address, getter("resolve()"));
            return {};
        }
        const auto resolved = read(game.address, getter("resolvedAt()"));
        if (!resolved) return about("reading a game", resolved.error());
        game.won = *status == uint256{defender_wins};
        game.resolved_at = resolved->limb[0];
        game.stage = Stage::resolved;
        ++status_.games_resolved;
        if (!game.won)
            status_.last_error = "the claim of block " + std::to_string(game.block) +
                                 " was challenged and lost; compare this node with others";
    }
    if (game.stage == Stage::resolved) {
        const auto credit =
            read(game.address, abi::Call("credit(address)").word(txs_.address()).finish());
        if (!credit) return about("reading a game", credit.error());
        if (!credit->is_zero()) {
            send(game.address, abi::Call("claimCredit(address)").word(txs_.address()).finish());
            ++status_.bonds_claimed;
            return {};
        }
        game.stage = Stage::paid;
    }
    if (!game.won || game.block <= status_.anchor_block ||
        parent_time <= game.resolved_at + finality_seconds_)
        return {};
    const auto anchor =
        read(options_.contracts.anchor_state_registry, getter("getAnchorRoot()"), 1);
    if (!anchor) return about("reading AnchorStateRegistry", anchor.error());
    status_.anchor_block = anchor->limb[0];
    if (game.block > status_.anchor_block)
        send(options_.contracts.anchor_state_registry,
             abi::Call("setAnchorState(address)").word(game.address).finish());
    return {};
}

}  // namespace mezz::node
