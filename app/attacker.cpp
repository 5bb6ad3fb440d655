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
#include "node/host/crypto/kzg_blobs.hpp"
#include "node/host/signing/abi.hpp"

namespace mezz::app {
namespace {

namespace dom = simdjson::dom;
using node::abi::Call;

constexpr std::uint64_t challenger_wins = 1, defender_wins = 2;
/// Blocks of a wrong proposal, at least and at most.
constexpr std::uint64_t least_blocks = 6, most_blocks = 60;
constexpr std::uint64_t witness_timeout_ms = 120'000;
/// A liar that joins late does so that long before the end of the clock.
constexpr std::uint64_t late_seconds = 5;

std::string text(const dom::element& e, const char* name) {
    std::string_view out;
    return e[name].get(out) == simdjson::SUCCESS ? std::string(out) : std::string();
}
Bytes32 hash_of(const dom::element& e, const char* name) {
    return fixed_from_hex<Bytes32>(text(e, name)).value_or(Bytes32{});
}
std::uint64_t number(const dom::element& e, const char* name) {
    std::uint64_t out = 0;
    return e[name].get(out) == simdjson::SUCCESS ? out : 0;
}

Bytes getter(std::string_view signature) {
    return Call(signature).finish();
}

}  // namespace

Attacker::Attacker(RollupFile file, Attack attack, node::HttpUrl chain)
    : file_(std::move(file)), attack_(std::move(attack)), chain_(std::move(chain)) {}

node::Result<std::unique_ptr<Attacker>> Attacker::make(const std::filesystem::path& state,
                                                       const std::filesystem::path& guest,
                                                       Attack attack) {
    auto file = read_rollup_file(state / "rollup.json");
    if (!file) {
        file.error().message.insert(0, "--state: ");
        return std::unexpected(file.error());
    }
    dom::parser parser;
    dom::element outputs;
    const auto path = state / "outputs.json";
    if (parser.load(path.string()).get(outputs) != simdjson::SUCCESS)
        return node::fatal("--state: " + path.string() +
                           " cannot be read; `mezz dev --state` of a running network writes it");
    if (!file->contracts.has_fraud_proofs())
        return node::fatal(
            "the network's claims are attested; faults of fraud proofs need `mezz dev --proof "
            "fraud`");
    dom::element parent, chain;
    if (outputs["parent"].get(parent) != simdjson::SUCCESS ||
        outputs["chain"].get(chain) != simdjson::SUCCESS)
        return node::fatal("--state: " + path.string() + " names no parent and no chain");
    auto url = node::parse_http_url(text(chain, "rpc"));
    if (!url) return std::unexpected(url.error());
    std::unique_ptr<Attacker> out(
        new Attacker(std::move(*file), std::move(attack), std::move(*url)));
    if (auto done = out->connect(text(parent, "rpc"), text(parent, "blobs"), guest); !done)
        return std::unexpected(done.error());
    return out;
}

node::Result<void> Attacker::connect(const std::string& parent_url, const std::string& blobs_url,
                                     const std::filesystem::path& guest) {
    node::RpcParentOptions options;
    options.rpc_url = parent_url;
    options.blobs_url = blobs_url;
    auto parent = node::RpcParent::make(std::move(options));
    if (!parent) return std::unexpected(parent.error());
    parent_ = std::move(*parent);
    const auto& c = file_.contracts;
    const auto owner = read(c.system_config, getter("owner()"));
    if (!owner) return std::unexpected(owner.error());
    if (to_address(*owner) != dev_operator("deployer").address)
        return node::fatal("not a development network: attacks are for chains of `mezz dev` only");
    auto signer = node::Signer::make(dev_accounts()[8].private_key);
    if (!signer) return std::unexpected(signer.error());
    txs_ = std::make_unique<node::TxManager>(*parent_, *signer, clock_);
    auto program = load_guest(
        {guest.empty() ? find_guest() : guest, fixed_from_hex<Bytes32>(program_names.id).value()});
    if (!program) return std::unexpected(program.error());
    program_ = std::move(*program);
    terms_.disputes = c.block_disputes;
    terms_.oracle = c.preimage_oracle;
    const std::pair<const char*, uint256*> stakes[] = {
        {"openingStakeWei()", &terms_.opening_stake},
        {"levelOneStakeWei()", &terms_.level_one_stake},
        {"levelTwoStakeWei()", &terms_.level_two_stake}};
    for (const auto& [name, to] : stakes) {
        const auto value = read(c.block_disputes, getter(name));
        if (!value) return std::unexpected(value.error());
        *to = *value;
    }
    const auto clock = read(c.block_disputes, getter("maxClockDurationSeconds()"));
    if (!clock) return std::unexpected(clock.error());
    terms_.clock_seconds = clock->limb[0];
    salt_ = clock_.now_ms() << 8;
    log_ = std::make_unique<node::LogTail>(*parent_, c.block_disputes, c.deployed_at);
    return {};
}

node::Result<uint256> Attacker::read(const Address& to, const Bytes& input, std::size_t word) {
    const auto answer = parent_->call(to, input);
    if (!answer) return std::unexpected(answer.error());
    const auto value = node::abi::word_at(*answer, word);
    if (!value) return node::retry("a contract's answer is too short");
    return *value;
}

node::Result<std::string> Attacker::ask(const std::string& method, const std::string& params) {
    const auto answer = chain_.post(
        R"({"jsonrpc":"2.0","id":1,"method":")" + method + R"(","params":)" + params + "}",
        witness_timeout_ms);
    if (!answer) return std::unexpected(answer.error());
    dom::parser parser;
    dom::element root, result;
    if (parser.parse(answer->body).get(root) != simdjson::SUCCESS)
        return node::retry(method + ": the chain's answer is no JSON");
    if (root["result"].get(result) != simdjson::SUCCESS) {
        dom::element error;
        const bool named = root["error"].get(error) == simdjson::SUCCESS;
        return node::retry(method + ": " + (named ? text(error, "message") : "no result"));
    }
    return simdjson::minify(result);
}

node::Result<stf::Claim> Attacker::claim(std::uint64_t block) {
    const auto answer = ask("mezz_claim", "[" + std::to_string(block) + "]");
    if (!answer) return std::unexpected(answer.error());
    dom::parser parser;
    dom::element e;
    if (parser.parse(*answer).get(e) != simdjson::SUCCESS)
        return node::retry("mezz_claim: no JSON");
    return stf::Claim{hash_of(e, "outputRoot"), number(e, "blockNumber"), hash_of(e, "start"),
                      number(e, "taken")};
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
    const auto latest = parent_->block(node::BlockTag::latest);
    if (!latest) return std::unexpected(latest.error());
    const auto logs = log_->read(latest->number);
    if (!logs) return std::unexpected(logs.error());
    book_ = {};
    for (const auto& log : **logs) book_.take(log.log);
    for (last_block_ = least_blocks; last_block_ <= head; ++last_block_) {
        wrong_block_ = attack_.wrong == WrongPart::middle_block ? last_block_ / 2 : last_block_;
        const auto before = claim(wrong_block_ - 1);
        if (!before) return std::unexpected(before.error());
        const Bytes32 pre = stf::hash(*before);
        if (std::ranges::none_of(book_.disputes(),
                                 [&](const auto& d) { return d.second.pre_claim == pre; }))
            return true;
    }
    return false;
}

node::Result<void> Attacker::propose() {
    const auto& c = file_.contracts;
    const auto status = ask("mezz_status", "[]");
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
    const auto acc = read(c.inbox, Call("acc(uint64)").word(inbox_count_).finish());
    if (!acc) return std::unexpected(acc.error());
    const auto bond = read(c.dispute_game_factory,
                           Call("initBonds(uint32)").word(node::fraud_proven_outputs).finish());
    if (!bond) return std::unexpected(bond.error());
    std::vector<stf::Claim> honest;
    for (std::uint64_t n = 1; n <= last_block_; ++n) {
        auto one = claim(n);
        if (!one) return std::unexpected(one.error());
        honest.push_back(*one);
    }
    first_block_ = 1;
    for (std::size_t variant = 0; variant < attack_.proposals; ++variant) {
        auto claims = honest;
        claims[wrong_block_ - 1] = wrong(claims[wrong_block_ - 1], variant);
        if (variant == 0) lie_ = stf::hash(claims[wrong_block_ - 1]);
        const stf::Claim& last = claims.back();
        Bytes extra = node::abi::Words()
                          .word(last_block_)
                          .word(inbox_count_)
                          .word(*acc)
                          .word(node::genesis_parent)
                          .word(last_block_)
                          .word(last.start)
                          .word(last.taken)
                          .word(std::uint64_t{0})
                          .finish();
        for (const auto& one : claims) append(extra, stf::hash(one));
        node::TxCandidate candidate;
        candidate.to = c.dispute_game_factory;
        candidate.value = *bond;
        candidate.data = Call("create(uint32,bytes32,bytes)")
                             .word(node::fraud_proven_outputs)
                             .word(last.output_root)
                             .bytes(extra)
                             .finish();
        creations_.push_back(txs_->send(std::move(candidate)));
    }
    return {};
}

node::Result<std::shared_ptr<node::DisputeTrace>> Attacker::truth(std::uint64_t pre_block,
                                                                  std::uint64_t inbox_count) {
    const auto answer = ask("mezz_blockWitness", "[" + std::to_string(pre_block) + "," +
                                                     std::to_string(inbox_count) + "]");
    if (!answer) return std::unexpected(answer.error());
    dom::parser parser;
    dom::element e;
    if (parser.parse(*answer).get(e) != simdjson::SUCCESS)
        return node::retry("mezz_blockWitness: no JSON");
    const auto statement = from_hex(text(e, "statement")), witness = from_hex(text(e, "witness"));
    const auto decoded = statement ? stf::decode_statement(*statement) : std::nullopt;
    if (!decoded || !witness) return node::retry("mezz_blockWitness: damaged");
    return run_trace(program_, decoded->question, *witness);
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
    const auto one = claim(wrong_block_);
    if (!one) return std::unexpected(one.error());
    const auto trace = truth(wrong_block_ - 1, inbox_count_);
    if (!trace) return std::unexpected(trace.error());
    LyingTrace other(*trace, stf::hash(wrong(*one, 1)), attack_.lies[0]);
    const auto count = read(file_.contracts.dispute_game_factory, getter("gameCount()"));
    if (!count) return std::unexpected(count.error());
    std::uint64_t index = count->limb[0];
    while (index-- > 0) {
        const auto at = read(file_.contracts.dispute_game_factory,
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
            const auto trace = truth(first_block_ + ours->index - 1, dispute.inbox_count);
            if (!trace) return std::unexpected(trace.error());
            for (const Lie& lie : attack_.lies)
                liars.push_back({std::make_shared<LyingTrace>(*trace, lie_, lie), 0});
        }
        for (auto& liar : liars) {
            node::DisputePlayer player(*parent_, terms_, book_, dispute, *liar.trace);
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
        const auto status = read(game, getter("status()"));
        if (!status) return std::unexpected(status.error());
        if (*status == uint256{defender_wins}) {
            out.liar_won = true;
            out.stage = "proposal " + hex_text(game) + " became final";
            return out;
        }
        if (*status != uint256{challenger_wins}) continue;
        const auto winner = read(game, getter("winner()"));
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
    const auto& factory = file_.contracts.dispute_game_factory;
    const auto count = read(factory, getter("gameCount()"));
    if (!count) return std::unexpected(count.error());
    for (std::uint64_t i = 0; i < count->limb[0] && !out.honest_won; ++i) {
        const auto at = read(factory, Call("gameAtIndex(uint256)").word(i).finish(), 2);
        if (!at) return std::unexpected(at.error());
        const Address game = to_address(*at);
        if (std::ranges::find(games_, game) != games_.end()) continue;
        const auto block = read(game, getter("l2BlockNumber()"));
        const auto status = read(game, getter("status()"));
        if (!block) return std::unexpected(block.error());
        if (!status) return std::unexpected(status.error());
        out.honest_won = *status == uint256{defender_wins} && block->limb[0] >= wrong_block_;
    }
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
    const auto head = parent_->block(node::BlockTag::latest);
    if (!head) return std::unexpected(head.error());
    const auto logs = log_->read(head->number);
    if (!logs) return std::unexpected(logs.error());
    book_ = {};
    for (const auto& log : **logs) book_.take(log.log);
    if (!attack_.lies.empty() && !attack_.opens)
        if (auto done = defend(head->timestamp); !done) return std::unexpected(done.error());
    txs_->step(clock_.now_ms());
    return judge();
}

}  // namespace mezz::app
