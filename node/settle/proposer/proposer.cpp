// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/settle/proposer/proposer.hpp"

#include <algorithm>

#include "core/derive/block.hpp"
#include "node/host/crypto/blob_opening.hpp"
#include "node/host/signing/abi.hpp"

namespace mezz::node {
namespace {

constexpr std::uint64_t attested_outputs = 300;
constexpr std::uint64_t fraud_proven_outputs = 301;
constexpr std::uint64_t challenger_wins = 1;
constexpr std::uint64_t defender_wins = 2;
/// Of a proposal that follows block 0.
constexpr std::uint64_t genesis_parent = ~std::uint64_t{0};
/// Elements of a blob.
constexpr std::uint64_t max_blocks = 4096;
/// A creation with 400 bytes of arguments and a point evaluation; estimating it needs the blob.
constexpr std::uint64_t proposal_gas = 900'000;

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
        read(c.dispute_game_factory, abi::Call("initBonds(uint32)").word(game_type()).finish());
    if (!bond) return about("reading DisputeGameFactory", bond.error());
    const auto anchor = read(c.anchor_state_registry, getter("getAnchorRoot()"), 1);
    if (!anchor) return about("reading AnchorStateRegistry", anchor.error());
    const auto count = read(c.dispute_game_factory, getter("gameCount()"));
    if (!count) return about("reading DisputeGameFactory", count.error());
    clock_seconds_ = clock->limb[0];
    finality_seconds_ = finality->limb[0];
    bond_ = *bond;
    status_.anchor_block = anchor->limb[0];
    // Proposals follow proposals; what is attested stands alone.
    status_.last_proposed_block = options_.claims != nullptr ? 0 : status_.anchor_block;
    games_.clear();
    standing_.clear();
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
    if (*type != uint256{game_type()}) return {};
    Game game;
    game.index = index;
    game.address = to_address(*at);
    game.created_at = created->limb[0];
    const auto creator = read(game.address, getter("gameCreator()"));
    if (!creator) return about("reading a game", creator.error());
    if (to_address(*creator) != txs_.address()) return {};
    const auto block = read(game.address, getter("l2BlockNumber()"));
    if (!block) return about("reading a game", block.error());
    game.block = block->limb[0];
    const auto status = read(game.address, getter("status()"));
    if (!status) return about("reading a game", status.error());
    games_.push_back(game);
    if (options_.claims != nullptr && *status == uint256{challenger_wins}) return {};
    standing_[game.block] = index;
    status_.last_proposed_block = std::max(status_.last_proposed_block, game.block);
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
    // A claim of another fork's inbox would revert; this costs no gas.
    const auto acc = read(options_.contracts.inbox,
                          abi::Call("acc(uint64)").word(position.inbox_count).finish());
    if (!acc) return about("reading the inbox", acc.error());
    if (to_bytes32(*acc) != position.inbox_acc)
        return retry("the inbox at entry " + std::to_string(position.inbox_count) +
                     " is not the one the chain is derived from; waiting for the chain to follow "
                     "the parent");
    auto candidate = options_.claims != nullptr ? proposal(position) : attested(position);
    if (!candidate)
        return about("claiming block " + std::to_string(position.head.number), candidate.error());
    if (!*candidate) return {};
    creation_ = txs_.send(std::move(**candidate));
    next_proposal_ms_ = now_ms + options_.interval_ms;
    txs_.step(now_ms);
    return {};
}

std::uint64_t Proposer::game_type() const noexcept {
    return options_.claims != nullptr ? fraud_proven_outputs : attested_outputs;
}

Result<std::optional<TxCandidate>> Proposer::attested(const DerivedPosition& position) {
    const auto header = chain_.header(position.head.number);
    if (!header) return std::unexpected(header.error());
    const Bytes extra = abi::Words()
                            .word(position.head.number)
                            .word(position.inbox_count)
                            .word(position.inbox_acc)
                            .finish();
    TxCandidate candidate;
    candidate.to = options_.contracts.dispute_game_factory;
    candidate.value = bond_;
    candidate.data = abi::Call("create(uint32,bytes32,bytes)")
                         .word(game_type())
                         .word(derive::output_root(*header))
                         .bytes(extra)
                         .finish();
    return candidate;
}

/// The claims of the blocks since the last proposal that stands, in a blob.
Result<std::optional<TxCandidate>> Proposer::proposal(const DerivedPosition& position) {
    std::pair<std::uint64_t, std::uint64_t> tip{0, genesis_parent};
    if (!standing_.empty()) tip = *standing_.rbegin();
    const std::uint64_t first = tip.first + 1,
                        end = std::min(position.head.number + 1, first + max_blocks);
    Bytes blob(32 * max_blocks);
    std::optional<stf::Claim> last;
    for (std::uint64_t n = first; n < end; ++n) {
        const auto claim = options_.claims->claim(n);
        if (!claim) return std::unexpected(claim.error());
        if (!*claim) return std::optional<TxCandidate>{};
        last = **claim;
        const Bytes32 element = stf::hash(*last);
        std::memcpy(blob.data() + 32 * (n - first), element.data(), 32);
    }
    if (!last) return std::optional<TxCandidate>{};
    const std::uint64_t count = end - first;
    const auto opening = host::open_blob_element(blob, count - 1);
    if (!opening) return fatal("bug: the claims make no blob");
    Bytes extra = abi::Words()
                      .word(last->block_number)
                      .word(position.inbox_count)
                      .word(position.inbox_acc)
                      .word(tip.second)
                      .word(count)
                      .word(last->start)
                      .word(last->taken)
                      .word(std::uint64_t{1})
                      .finish();
    append(extra, *opening);
    TxCandidate candidate;
    candidate.to = options_.contracts.dispute_game_factory;
    candidate.value = bond_;
    candidate.gas_limit = proposal_gas;
    candidate.blobs.push_back(std::move(blob));
    candidate.data = abi::Call("create(uint32,bytes32,bytes)")
                         .word(game_type())
                         .word(last->output_root)
                         .bytes(extra)
                         .finish();
    return candidate;
}

/// Whether resolve() would be accepted, once the clock has run out.
Result<bool> Proposer::may_resolve(const Game& game) {
    if (options_.claims == nullptr) return true;
    const auto disputes = read(game.address, getter("openDisputes()"));
    if (!disputes) return std::unexpected(disputes.error());
    if (!disputes->is_zero()) return false;
    const auto parent = read(game.address, getter("parentIndex()"));
    if (!parent) return std::unexpected(parent.error());
    if (*parent == uint256{genesis_parent}) return true;
    const auto at = read(options_.contracts.dispute_game_factory,
                         abi::Call("gameAtIndex(uint256)").word(*parent).finish(), 2);
    if (!at) return std::unexpected(at.error());
    const auto status = read(to_address(*at), getter("status()"));
    if (!status) return std::unexpected(status.error());
    return !status->is_zero();
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
            if (parent_time < game.created_at + clock_seconds_) return {};
            const auto ready = may_resolve(game);
            if (!ready) return about("reading a game", ready.error());
            if (*ready) send(game.address, getter("resolve()"));
            return {};
        }
        const auto resolved = read(game.address, getter("resolvedAt()"));
        if (!resolved) return about("reading a game", resolved.error());
        game.won = *status == uint256{defender_wins};
        game.resolved_at = resolved->limb[0];
        game.stage = Stage::resolved;
        ++status_.games_resolved;
        if (!game.won && options_.claims != nullptr) {
            standing_.erase(game.block);
            status_.last_proposed_block = standing_.empty() ? 0 : standing_.rbegin()->first;
        }
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
