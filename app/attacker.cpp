// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/attacker.hpp"

#include <simdjson.h>

#include <algorithm>
#include <thread>

#include "app/dev_accounts.hpp"
#include "app/guest_run.hpp"
#include "app/program.hpp"
#include "app/trace_maker.hpp"
#include "core/codec/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "node/host/crypto/blob_opening.hpp"
#include "node/host/signing/abi.hpp"

namespace mezz::app {
namespace {

namespace dom = simdjson::dom;
using node::abi::Call;

constexpr std::size_t blob_bytes = 131'072;
constexpr std::uint64_t challenger_wins = 1, defender_wins = 2;
/// Blocks of a wrong proposal, at least and at most.
constexpr std::uint64_t least_blocks = 6, most_blocks = 60;
/// A liar that joins late does so that long before the end of the clock.
constexpr std::uint64_t late_seconds = 5;

std::uint64_t number(const dom::element& e, const char* name) {
    std::uint64_t out = 0;
    return e[name].get(out) == simdjson::SUCCESS ? out : 0;
}

Bytes getter(std::string_view signature) {
    return Call(signature).finish();
}

}  // namespace

Attacker::Attacker(std::unique_ptr<Network> network, Attack attack)
    : network_(std::move(network)), attack_(std::move(attack)) {}

node::Result<std::unique_ptr<Attacker>> Attacker::make(const std::filesystem::path& state,
                                                       const std::filesystem::path& guest,
                                                       Attack attack) {
    NetworkOptions where;
    where.state = state;
    auto network = Network::make(where);
    if (!network) return std::unexpected(network.error());
    std::unique_ptr<Attacker> out(new Attacker(std::move(*network), std::move(attack)));
    if (auto done = out->connect(guest); !done) return std::unexpected(done.error());
    return out;
}

node::Result<void> Attacker::connect(const std::filesystem::path& guest) {
    auto terms = network_->terms();
    if (!terms) return std::unexpected(terms.error());
    terms_ = *terms;
    if (auto dev = require_development(*network_); !dev) return dev;
    auto signer = node::Signer::make(dev_accounts()[8].private_key);
    if (!signer) return std::unexpected(signer.error());
    txs_ = std::make_unique<node::TxManager>(network_->parent(), *signer, clock_);
    auto program = load_guest(
        {guest.empty() ? find_guest() : guest, fixed_from_hex<Bytes32>(program_names.id).value()});
    if (!program) return std::unexpected(program.error());
    program_ = std::move(*program);
    salt_ = clock_.now_ms() << 8;
    const auto& c = network_->file().contracts;
    log_ = std::make_unique<node::LogTail>(network_->parent(), c.block_disputes, c.deployed_at);
    return {};
}

/// Another output root, made as a liar would: of a state or withdrawals that are not the chain's.
stf::Claim Attacker::wrong(const stf::Claim& claim, std::size_t variant) const {
    Bytes output(4 * 32);
    output[32 * (attack_.wrong == WrongPart::withdrawals_root ? 2 : 1)] = 0xbd;
    // The factory takes no claim twice.
    store_be64(output.data() + 33, salt_ + variant);
    append(output, claim.output_root);
    stf::Claim out = claim;
    out.output_root = crypto::keccak256(output);
    return out;
}

/// A block to lie about that no dispute has decided yet. returns: whether there is one.
node::Result<bool> Attacker::choose_block(std::uint64_t head) {
    const auto latest = network_->parent().block(node::BlockTag::latest);
    if (!latest) return std::unexpected(latest.error());
    const auto logs = log_->read(latest->number);
    if (!logs) return std::unexpected(logs.error());
    book_ = {};
    for (const auto& log : **logs) book_.take(log.log);
    for (last_block_ = least_blocks; last_block_ <= head; ++last_block_) {
        wrong_block_ = attack_.wrong == WrongPart::middle_block ? last_block_ / 2 : last_block_;
        const auto before = network_->claim(wrong_block_ - 1);
        if (!before) return std::unexpected(before.error());
        const Bytes32 pre = stf::hash(*before);
        if (std::ranges::none_of(book_.disputes(),
                                 [&](const auto& d) { return d.second.pre_claim == pre; }))
            return true;
    }
    return false;
}

/// The transaction that creates it; with the claims in a blob where they are to be withheld.
node::Result<node::TxCandidate> Attacker::proposal(const std::vector<stf::Claim>& claims) {
    const auto& c = network_->file().contracts;
    const auto acc = network_->read(c.inbox, Call("acc(uint64)").word(inbox_count_).finish());
    if (!acc) return std::unexpected(acc.error());
    const auto bond =
        network_->read(c.dispute_game_factory,
                       Call("initBonds(uint32)").word(node::fraud_proven_outputs).finish());
    if (!bond) return std::unexpected(bond.error());
    const stf::Claim& last = claims.back();
    Bytes extra = node::abi::Words()
                      .word(last.block_number)
                      .word(inbox_count_)
                      .word(*acc)
                      .word(node::genesis_parent)
                      .word(std::uint64_t{claims.size()})
                      .word(last.start)
                      .word(last.taken)
                      .word(std::uint64_t{attack_.withheld_blob})
                      .finish();
    node::TxCandidate out;
    if (attack_.withheld_blob) {
        Bytes blob(blob_bytes);
        for (std::size_t i = 0; i < claims.size(); ++i) {
            const Bytes32 claim = stf::hash(claims[i]);
            std::copy(claim.begin(), claim.end(),
                      blob.begin() + static_cast<std::ptrdiff_t>(32 * i));
        }
        const auto opening = host::open_blob_element(blob, claims.size() - 1);
        if (!opening) return node::fatal("bug: the claims make no blob");
        append(extra, *opening);
        out.blobs.push_back(std::move(blob));
        // An estimate has no blobs, and the game wants one.
        out.gas_limit = 1'500'000;
    } else {
        for (const auto& one : claims) append(extra, stf::hash(one));
    }
    out.to = c.dispute_game_factory;
    out.value = *bond;
    out.data = Call("create(uint32,bytes32,bytes)")
                   .word(node::fraud_proven_outputs)
                   .word(last.output_root)
                   .bytes(extra)
                   .finish();
    return out;
}

node::Result<void> Attacker::propose() {
    const auto status = network_->ask("mezz_status", "[]");
    if (!status) return std::unexpected(status.error());
    dom::parser parser;
    dom::element s, safe;
    if (parser.parse(*status).get(s) != simdjson::SUCCESS ||
        s["safe"].get(safe) != simdjson::SUCCESS)
        return node::retry("mezz_status: not of a rollup");
    inbox_count_ = number(s, "inboxCount");
    const auto found = choose_block(std::min(number(safe, "number"), most_blocks));
    if (!found) return std::unexpected(found.error());
    if (!*found) return {};
    std::vector<stf::Claim> honest;
    for (std::uint64_t n = 1; n <= last_block_; ++n) {
        auto one = network_->claim(n);
        if (!one) return std::unexpected(one.error());
        honest.push_back(*one);
    }
    first_block_ = 1;
    for (std::size_t variant = 0; variant < attack_.proposals; ++variant) {
        auto claims = honest;
        claims[wrong_block_ - 1] = wrong(claims[wrong_block_ - 1], variant);
        if (variant == 0) lie_ = stf::hash(claims[wrong_block_ - 1]);
        auto candidate = proposal(claims);
        if (!candidate) return std::unexpected(candidate.error());
        creations_.push_back(txs_->send(std::move(*candidate)));
    }
    return {};
}

void Attacker::send(const node::Move& move) {
    Bytes name = to_bytes(move.to);
    append(name, move.input);
    const Bytes32 key = crypto::keccak256(name);
    if (sent_.contains(key)) return;
    node::TxCandidate candidate;
    candidate.to = move.to;
    candidate.value = move.value;
    candidate.data = move.input;
    sent_[key] = txs_->send(std::move(candidate));
    ++moves_;
}

/// Quarrels with itself: another lie against its own.
node::Result<void> Attacker::open_dispute() {
    const auto one = network_->claim(wrong_block_);
    if (!one) return std::unexpected(one.error());
    auto asked = network_->question(wrong_block_ - 1, inbox_count_);
    if (!asked) return std::unexpected(asked.error());
    const auto trace = run_trace(program_, asked->statement.question, std::move(asked->witness));
    if (!trace) return std::unexpected(trace.error());
    LyingTrace other(*trace, stf::hash(wrong(*one, 1)), attack_.lies[0]);
    const auto count =
        network_->read(network_->file().contracts.dispute_game_factory, getter("gameCount()"));
    if (!count) return std::unexpected(count.error());
    std::uint64_t index = count->limb[0];
    while (index-- > 0) {
        const auto at = network_->read(network_->file().contracts.dispute_game_factory,
                                       Call("gameAtIndex(uint256)").word(index).finish(), 2);
        if (!at) return std::unexpected(at.error());
        if (to_address(*at) == games_[0]) break;
    }
    node::abi::Words position;
    position.word(index).word(wrong_block_ - first_block_).bytes({}).bytes({});
    Call call("openDispute((uint256,uint256,bytes,bytes),uint64,(bytes32,bytes,bytes))");
    call.encoded(position.finish()).word(inbox_count_).encoded(node::encode_ending(other));
    send({"open dispute", terms_.disputes, call.finish(), terms_.opening_stake});
    opened_ = true;
    return {};
}

Attacker::~Attacker() {
    // Nothing can be done about it here: the next `mezz dev` starts without it.
    if (withheld_until_) (void)withhold(false);
}

node::Result<void> Attacker::withhold(bool on) {
    const auto done = network_->ask(
        "mezz_setFault", std::string(R"(["withheld-blobs",)") + (on ? "true]" : "false]"));
    if (!done) return std::unexpected(done.error());
    return {};
}

/// What the attack does besides proposing and moving.
node::Result<void> Attacker::disturb(const node::ParentBlock& head) {
    if (withheld_until_ && head.timestamp >= *withheld_until_) {
        if (auto done = withhold(false); !done) return done;
        withheld_until_.reset();
    }
    constexpr std::uint64_t own_moves = 5;
    if (!attack_.reorganises || reorganised_ || moves_ < own_moves) return {};
    // What is undone are moves: the proposal itself stays.
    constexpr std::uint64_t depth = 3;
    if (proposed_by_ == 0) proposed_by_ = head.number;
    if (head.number <= proposed_by_ + depth) return {};
    // Anvil wants to be told that no transactions take the place of those that are undone.
    const auto done = network_->ask_parent("anvil_reorg", "[" + std::to_string(depth) + ",[]]");
    if (!done) return std::unexpected(done.error());
    reorganised_ = true;
    return {};
}

node::Result<void> Attacker::defend(std::uint64_t parent_time) {
    for (const auto& [id, dispute] : book_.disputes()) {
        const auto ours = std::ranges::find_if(dispute.links, [&](const auto& link) {
            return std::ranges::find(games_, link.game) != games_.end();
        });
        if (ours == dispute.links.end() || book_.place(id).confirmed) continue;
        const std::uint64_t since = seen_at_.try_emplace(id, parent_time).first->second;
        if (attack_.late && parent_time + late_seconds < since + terms_.clock_seconds) continue;
        auto& liars = liars_[id];
        if (liars.empty()) {
            auto asked = network_->question(first_block_ + ours->index - 1, dispute.inbox_count);
            if (!asked) return std::unexpected(asked.error());
            const stf::Question& question = asked->statement.question;
            if (attack_.stale_preimage) {
                const auto read = stale_read(program_, question, asked->witness);
                if (!read) return std::unexpected(read.error());
                attack_.lies = {Lie{0, read->step, false, read->state}};
            }
            const auto trace = run_trace(program_, question, std::move(asked->witness));
            if (!trace) return std::unexpected(trace.error());
            for (const Lie& lie : attack_.lies)
                liars.push_back({std::make_shared<LyingTrace>(*trace, lie_, lie), 0});
        }
        for (auto& liar : liars) {
            node::DisputePlayer player(network_->parent(), terms_, book_, dispute, *liar.trace);
            const auto answers = player.answers();
            // At its lie it has nothing to show.
            if (!answers) continue;
            for (const auto& move : *answers) {
                if (liar.moves >= attack_.moves) break;
                const std::uint64_t before = moves_;
                send(move);
                if (moves_ > before) ++liar.moves;
            }
            const auto more = player.confirmations();
            if (!more) return std::unexpected(more.error());
            for (const auto& move : more->moves) send(move);
        }
    }
    return {};
}

node::Result<Attacker::Outcome> Attacker::judge() {
    Outcome out;
    std::size_t lost = 0;
    for (const auto& game : games_) {
        const auto status = network_->read(game, getter("status()"));
        if (!status) return std::unexpected(status.error());
        if (*status == uint256{defender_wins}) {
            out.liar_won = true;
            out.stage = "proposal " + hex_text(game) + " became final";
            return out;
        }
        if (*status != uint256{challenger_wins}) continue;
        const auto winner = network_->read(game, getter("winner()"));
        if (!winner) return std::unexpected(winner.error());
        if (to_address(*winner) == txs_->address()) {
            out.liar_won = true;
            out.stage = "the liar got its bond back";
            return out;
        }
        ++lost;
    }
    if (lost < games_.size()) {
        std::size_t edges = 0;
        for (const auto& [id, dispute] : book_.disputes()) edges += book_.place(id).nodes.size();
        out.stage = book_.disputes().empty()
                        ? "proposed; nobody has objected yet"
                        : "disputed: " + std::to_string(edges) + " histories, " +
                              std::to_string(lost) + " of " + std::to_string(games_.size()) +
                              " wrong proposals lost";
        return out;
    }
    out.stage = "lost; waiting for an honest claim of block " + std::to_string(wrong_block_) +
                " to become final";
    const auto final = network_->has_final_claim(wrong_block_, games_);
    if (!final) return std::unexpected(final.error());
    out.honest_won = *final;
    return out;
}

node::Result<Attacker::Outcome> Attacker::step(std::uint64_t now_ms) {
    txs_->step(now_ms);
    std::erase_if(sent_, [&](const auto& item) {
        const auto status = txs_->status(item.second);
        if (status && !status->done()) return false;
        if (status) txs_->forget(item.second);
        return true;
    });
    if (creations_.empty()) {
        if (attack_.withheld_blob && !withheld_until_) {
            if (auto done = withhold(true); !done) return std::unexpected(done.error());
            const auto head = network_->parent().block(node::BlockTag::latest);
            if (!head) return std::unexpected(head.error());
            withheld_until_ = head->timestamp + terms_.clock_seconds / 2;
        }
        if (auto done = propose(); !done) return std::unexpected(done.error());
        return Outcome{"waiting for blocks to lie about", false, false};
    }
    if (games_.size() < attack_.proposals) {
        static const Bytes32 created =
            node::abi::topic("DisputeGameCreated(address,uint32,bytes32)");
        games_.clear();
        for (const auto id : creations_) {
            const auto status = txs_->status(id);
            if (!status || !status->done())
                return Outcome{"proposing block " + std::to_string(wrong_block_), false, false};
            if (!status->receipt || !status->receipt->success)
                return node::fatal("the wrong proposal was not accepted: " + status->error);
            for (const auto& log : status->receipt->logs)
                if (log.log.topics.size() == 4 && log.log.topics[0] == created)
                    games_.push_back(to_address(to_uint256(log.log.topics[1])));
        }
        if (games_.size() < attack_.proposals)
            return node::fatal("a receipt of a proposal names no game");
    }
    if (attack_.opens && !opened_)
        if (auto done = open_dispute(); !done) return std::unexpected(done.error());
    const auto head = network_->parent().block(node::BlockTag::latest);
    if (!head) return std::unexpected(head.error());
    const auto logs = log_->read(head->number);
    if (!logs) return std::unexpected(logs.error());
    book_ = {};
    for (const auto& log : **logs) book_.take(log.log);
    if (auto done = disturb(*head); !done) return std::unexpected(done.error());
    if ((!attack_.lies.empty() || attack_.stale_preimage) && !attack_.opens)
        if (auto done = defend(head->timestamp); !done) return std::unexpected(done.error());
    txs_->step(clock_.now_ms());
    return judge();
}

}  // namespace mezz::app
