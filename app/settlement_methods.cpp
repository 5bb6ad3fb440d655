// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/settlement_methods.hpp"

#include <algorithm>

#include "app/dispute_tree.hpp"
#include "app/param_list.hpp"
#include "core/derive/block.hpp"
#include "node/host/signing/abi.hpp"
#include "node/ingest/rpc/json_writer.hpp"
#include "node/settle/challenger/proposals.hpp"

namespace mezz::app {
namespace {

using node::Head;
using rpc::JsonWriter;
namespace abi = node::abi;

/// What is asked for may be there later. spec: EIP-1474.
constexpr int resource_unavailable = -32002;
constexpr std::uint64_t max_claims = 100;
constexpr std::uint64_t default_claims = 20;
constexpr std::uint64_t max_blocks_searched = 100'000;
constexpr std::size_t max_withdrawals_found = 200;
constexpr std::uint64_t max_queue_items = 500;

// contracts/src/parent/IDisputeGame.sol, GameStatus.
constexpr std::uint64_t challenger_wins = 1;
constexpr std::uint64_t defender_wins = 2;

Bytes getter(std::string_view signature) {
    return abi::Call(signature).finish();
}

void number(JsonWriter& out, std::string_view key, std::uint64_t value) {
    out.field(key).number(static_cast<std::int64_t>(value));
}

rpc::RawResult answer(node::Result<std::string>&& result) {
    if (result) return std::move(*result);
    const bool later = result.error().handling == node::Handling::retry;
    return std::unexpected(rpc::RpcError{later ? resource_unavailable : int{rpc::server_error},
                                         std::move(result.error().message),
                                         {}});
}

/// Whether a block may hold the log: its bloom has every bit of the wanted one.
bool may_hold(const Bloom& bloom, const Bloom& wanted) {
    for (std::size_t i = 0; i < bloom.size(); ++i)
        if ((bloom[i] & wanted[i]) != wanted[i]) return false;
    return true;
}

/// The bloom of a withdrawal by this sender.
Bloom bloom_of_sender(const Address& passer, const Address& sender) {
    Log log;
    log.address = passer;
    log.topics = {
        abi::topic("MessagePassed(uint256,address,address,uint256,uint256,bytes,bytes32)"),
        to_bytes32(to_uint256(sender))};
    Bloom out;
    add_to_bloom(out, log);
    return out;
}

}  // namespace

SettlementMethods::SettlementMethods(const RollupFile& file, node::Chain& chain,
                                     node::ParentWatcher& watcher, node::Parent& parent)
    : file_(file), chain_(chain), watcher_(watcher), parent_(parent) {}

void SettlementMethods::add_to(rpc::RpcServer& server) {
    server.add("mezz_claims",
               {"before?: Quantity | integer, count?: Quantity | integer -> ClaimGame[]",
                "Games of claims on the parent, the newest first, before an index if given."},
               [this](std::string_view params) -> rpc::RawResult {
                   ParamList p(params);
                   const std::uint64_t before = p.number_or(0, "before", ~std::uint64_t{0}),
                                       count = p.number_or(1, "count", default_claims);
                   if (p.failed()) return p.error();
                   return answer(claims(before, std::min(count, max_claims)));
               });
    server.add("mezz_disputes",
               {"-> Dispute[]", "Disputes about proposals, in the order of their ids."},
               [this](std::string_view) { return answer(disputes()); });
    server.add("mezz_dispute",
               {"id: Hash -> {dispute: Dispute, edges: DisputeEdge[], complete: boolean}",
                "A dispute and its edges, level by level."},
               [this](std::string_view params) -> rpc::RawResult {
                   ParamList p(params);
                   const Bytes32 id = p.hash(0, "id");
                   return p.failed() ? rpc::RawResult(p.error()) : dispute(id);
               });
    server.add("mezz_withdrawals",
               {"address: Address, fromBlock?: Quantity | integer -> Withdrawals",
                "Withdrawals of a sender, the newest first, and when each can go on."},
               [this](std::string_view params) -> rpc::RawResult {
                   ParamList p(params);
                   const Address sender = p.address(0, "address");
                   const std::uint64_t from = p.number_or(1, "fromBlock", 0);
                   return p.failed() ? rpc::RawResult(p.error())
                                     : answer(withdrawals(sender, from));
               });
    server.add("mezz_forcedQueue",
               {"-> ForcedQueue", "Deposits that no block has, and when each can be forced in."},
               [this](std::string_view) { return answer(forced_queue()); });
}

// --- reading the parent -----------------------------------------------------------------------

node::Result<uint256> SettlementMethods::read(const Address& to, const Bytes& input,
                                              std::size_t word) {
    const auto got = parent_.call(to, input);
    if (!got) return std::unexpected(got.error());
    const auto value = abi::word_at(*got, word);
    if (!value) return node::retry("a contract on the parent does not answer; try again");
    return *value;
}

node::Result<SettlementMethods::Delays> SettlementMethods::delays() {
    Delays d;
    const auto take = [&](const char* name, std::uint64_t& into) -> node::Result<void> {
        const auto value = read(file_.contracts.system_config, getter(name));
        if (!value) return std::unexpected(value.error());
        into = value->limb[0];
        return {};
    };
    auto done = take("forceDelaySeconds()", d.force);
    if (done) done = take("proofMaturityDelaySeconds()", d.maturity);
    if (done) done = take("disputeGameFinalityDelaySeconds()", d.finality);
    if (done) done = take("maxClockDurationSeconds()", d.clock);
    if (!done) return std::unexpected(done.error());
    return d;
}

node::Result<std::uint64_t> SettlementMethods::parent_time() {
    const auto head = parent_.block(node::BlockTag::latest);
    if (!head) return std::unexpected(head.error());
    return head->timestamp;
}

node::Result<std::uint64_t> SettlementMethods::game_count() {
    const auto count = read(file_.contracts.dispute_game_factory, getter("gameCount()"));
    if (!count) return std::unexpected(count.error());
    return count->limb[0];
}

node::Result<SettlementMethods::Game> SettlementMethods::game(std::uint64_t index) {
    const auto place = parent_.call(file_.contracts.dispute_game_factory,
                                    abi::Call("gameAtIndex(uint256)").word(index).finish());
    if (!place) return std::unexpected(place.error());
    const auto type = abi::word_at(*place, 0), at = abi::word_at(*place, 2);
    if (!type || !at) return node::retry("the factory of games does not answer; try again");
    auto found = game_at(to_address(*at));
    if (!found) return found;
    found->index = index;
    found->type = type->limb[0];
    if (found->type != node::fraud_proven_outputs) return found;
    const auto open = read(found->address, getter("openDisputes()"));
    if (!open) return std::unexpected(open.error());
    found->open_disputes = open->limb[0];
    return found;
}

node::Result<SettlementMethods::Game> SettlementMethods::game_at(const Address& address) {
    Game g;
    g.address = address;
    uint256 block, created, resolved, status, claim, creator, respected;
    const std::pair<const char*, uint256*> fields[] = {
        {"l2SequenceNumber()", &block},
        {"createdAt()", &created},
        {"resolvedAt()", &resolved},
        {"status()", &status},
        {"rootClaim()", &claim},
        {"gameCreator()", &creator},
        {"wasRespectedGameTypeWhenCreated()", &respected}};
    for (const auto& [name, into] : fields) {
        const auto value = read(address, getter(name));
        if (!value) return std::unexpected(value.error());
        *into = *value;
    }
    g.block = block.limb[0];
    g.created_at = created.limb[0];
    g.resolved_at = resolved.limb[0];
    g.status = status.limb[0];
    g.root_claim = to_bytes32(claim);
    g.creator = to_address(creator);
    g.respected = !respected.is_zero();
    return g;
}

std::optional<std::uint64_t> SettlementMethods::usable_at(const Game& g, const Delays& d) {
    if (g.status == challenger_wins || !g.respected) return std::nullopt;
    if (g.status != defender_wins && g.open_disputes > 0) return std::nullopt;
    const std::uint64_t resolved =
        g.status == defender_wins ? g.resolved_at : g.created_at + d.clock;
    // The contracts compare strictly: one second more.
    return resolved + d.finality + 1;
}

node::Result<node::DisputeBook> SettlementMethods::book() {
    node::DisputeBook out;
    if (!file_.contracts.has_fraud_proofs()) return out;
    const auto head = parent_.block(node::BlockTag::latest);
    if (!head) return std::unexpected(head.error());
    if (!disputes_log_)
        disputes_log_.emplace(parent_, file_.contracts.block_disputes, file_.contracts.deployed_at);
    const auto logs = disputes_log_->read(head->number);
    if (!logs) return std::unexpected(logs.error());
    for (const auto& log : **logs) out.take(log.log);
    return out;
}

// --- claims -----------------------------------------------------------------------------------

node::Result<std::string> SettlementMethods::claims(std::uint64_t before, std::uint64_t count) {
    const auto total = game_count();
    const auto times = delays();
    const auto now = parent_time();
    if (!total) return std::unexpected(total.error());
    if (!times) return std::unexpected(times.error());
    if (!now) return std::unexpected(now.error());
    const auto anchor = read(file_.contracts.anchor_state_registry, getter("getAnchorRoot()"), 1);
    if (!anchor) return std::unexpected(anchor.error());
    std::map<std::uint64_t, uint256> bonds;
    JsonWriter out;
    std::optional<node::Error> problem;
    out.array([&] {
        const std::uint64_t end = std::min(before, *total);
        for (std::uint64_t i = end; i > 0 && end - i < count; --i) {
            const auto g = game(i - 1);
            if (!g) {
                problem = g.error();
                return;
            }
            if (!bonds.contains(g->type)) {
                const auto bond = read(file_.contracts.dispute_game_factory,
                                       abi::Call("initBonds(uint32)").word(g->type).finish());
                if (!bond) {
                    problem = bond.error();
                    return;
                }
                bonds[g->type] = *bond;
            }
            const auto header = chain_.header(g->block);
            const bool known = header && *header;
            out.object([&] {
                number(out, "index", g->index);
                out.field("game").data(g->address);
                out.field("type").string(g->type == node::fraud_proven_outputs ? "proposal"
                                                                               : "attested");
                number(out, "block", g->block);
                out.field("rootClaim").data(g->root_claim);
                out.field("proposer").data(g->creator);
                out.field("status").string(g->status == challenger_wins ? "lost"
                                           : g->status == defender_wins ? "won"
                                                                        : "open");
                // A proposal claims more than an output: the challenger says whether it is true.
                out.field("matches");
                if (known && g->type != node::fraud_proven_outputs)
                    out.boolean(derive::output_root(**header) == g->root_claim);
                else
                    out.null();
                number(out, "createdAt", g->created_at);
                out.field("resolvedAt");
                if (g->resolved_at != 0)
                    out.number(static_cast<std::int64_t>(g->resolved_at));
                else
                    out.null();
                const std::uint64_t ends = g->created_at + times->clock;
                number(out, "clockSeconds", times->clock);
                number(out, "clockSecondsLeft", g->status != 0 || ends <= *now ? 0 : ends - *now);
                number(out, "openDisputes", g->open_disputes);
                out.field("bond").quantity(bonds[g->type]);
                out.field("settled").boolean(g->status == defender_wins &&
                                             uint256{g->block} <= *anchor);
            });
        }
    });
    if (problem) return std::unexpected(std::move(*problem));
    return out.take();
}

// --- disputes ---------------------------------------------------------------------------------

namespace {

void print_dispute(JsonWriter& out, const node::DisputeBook& book, const node::KnownDispute& d) {
    const node::KnownPlace& root = book.place(d.id);
    const auto settled =
        std::ranges::count_if(d.links, [](const node::DisputeLink& l) { return l.settled; });
    out.object([&] {
        out.field("id").data(d.id);
        out.field("preClaim").data(d.pre_claim);
        number(out, "inboxCount", d.inbox_count);
        out.field("status").string(root.confirmed ? "decided" : "open");
        out.field("roots").array([&] {
            for (const node::DisputeRoot& r : root.roots)
                out.object([&] {
                    out.field("node").data(r.node);
                    out.field("claim").data(r.claim);
                    out.field("staker").data(r.staker);
                    out.field("confirmed").boolean(root.confirmed == r.node);
                });
        });
        out.field("proposals").array([&] {
            for (const node::DisputeLink& l : d.links)
                out.object([&] {
                    out.field("game").data(l.game);
                    number(out, "element", l.index);
                    out.field("claim").data(l.claim);
                    out.field("settled").boolean(l.settled);
                });
        });
        number(out, "proposalsSettled", static_cast<std::uint64_t>(settled));
    });
}

}  // namespace

node::Result<std::string> SettlementMethods::disputes() {
    const std::scoped_lock lock(mutex_);
    const auto known = book();
    if (!known) return std::unexpected(known.error());
    JsonWriter out;
    out.array([&] {
        for (const auto& [id, d] : known->disputes()) print_dispute(out, *known, d);
    });
    return out.take();
}

rpc::RawResult SettlementMethods::dispute(const Bytes32& id) {
    if (!file_.contracts.has_fraud_proofs())
        return std::unexpected(
            rpc::RpcError{rpc::server_error,
                          "claims of this chain are attested: there is nothing to dispute",
                          {}});
    const std::scoped_lock lock(mutex_);
    auto known = book();
    if (!known) return answer(std::unexpected(known.error()));
    const auto found = known->disputes().find(id);
    if (found == known->disputes().end())
        return std::unexpected(rpc::RpcError{
            rpc::invalid_params, "params[0] (id): there is no dispute " + hex_text(id), {}});
    const auto tree = dispute_tree(parent_, file_.contracts.block_disputes, *known, id);
    if (!tree) return answer(std::unexpected(tree.error()));
    JsonWriter out;
    out.object([&] {
        print_dispute(out.field("dispute"), *known, found->second);
        out.field("edges").array([&] {
            for (const DisputeEdge& edge : tree->roots) print_json(out, edge);
        });
        out.field("complete").boolean(tree->complete);
    });
    return out.take();
}

// --- withdrawals ------------------------------------------------------------------------------

node::Result<std::uint64_t> SettlementMethods::claimed_block() {
    constexpr std::uint64_t newest_games = 16;
    const auto total = game_count();
    if (!total) return std::unexpected(total.error());
    std::uint64_t block = 0;
    for (std::uint64_t i = *total; i > 0 && *total - i < newest_games; --i) {
        const auto g = game(i - 1);
        if (!g) return std::unexpected(g.error());
        if (g->status != challenger_wins && g->respected) block = std::max(block, g->block);
    }
    return block;
}

node::Result<std::string> SettlementMethods::withdrawal(const node::Withdrawal& w,
                                                        const Bytes32& transaction,
                                                        std::uint64_t block, const Delays& delays,
                                                        std::uint64_t now, std::uint64_t claimed) {
    const Address& portal = file_.contracts.portal;
    const Bytes32 hash = node::hash(w);
    const auto paid = read(portal, abi::Call("finalizedWithdrawals(bytes32)").word(hash).finish());
    const auto proofs = read(portal, abi::Call("numProofSubmitters(bytes32)").word(hash).finish());
    if (!paid) return std::unexpected(paid.error());
    if (!proofs) return std::unexpected(proofs.error());
    std::string stage = block <= claimed ? "ready-to-prove" : "waiting-for-claim";
    std::optional<std::uint64_t> eta =
        block <= claimed ? std::optional<std::uint64_t>(0) : std::nullopt;
    if (!paid->is_zero()) {
        stage = "finalized";
        eta.reset();
    } else if (!proofs->is_zero()) {
        // The proof that was made last.
        const auto who = read(portal, abi::Call("proofSubmitters(bytes32,uint256)")
                                          .word(hash)
                                          .word(*proofs - uint256{1})
                                          .finish());
        if (!who) return std::unexpected(who.error());
        const auto proven = parent_.call(portal, abi::Call("provenWithdrawals(bytes32,address)")
                                                     .word(hash)
                                                     .word(to_address(*who))
                                                     .finish());
        if (!proven) return std::unexpected(proven.error());
        const auto at = abi::word_at(*proven, 0), time = abi::word_at(*proven, 1);
        if (!at || !time) return node::retry("the portal does not answer; try again");
        const auto g = game_at(to_address(*at));
        if (!g) return std::unexpected(g.error());
        const auto usable = usable_at(*g, delays);
        if (usable) {
            const std::uint64_t ready = std::max(*usable, time->limb[0] + delays.maturity + 1);
            eta = ready > now ? ready - now : 0;
            stage = *eta == 0 && g->status == defender_wins ? "ready-to-finalize" : "maturing";
        } else if (g->status != challenger_wins) {
            stage = "disputed";
            eta.reset();
        }
    }
    JsonWriter out;
    out.object([&] {
        out.field("transaction").data(transaction);
        number(out, "block", block);
        out.field("withdrawalHash").data(hash);
        out.field("target").data(w.target);
        out.field("value").quantity(w.value);
        out.field("stage").string(stage);
        out.field("etaSeconds");
        if (eta)
            out.number(static_cast<std::int64_t>(*eta));
        else
            out.null();
    });
    return out.take();
}

node::Result<std::string> SettlementMethods::withdrawals(const Address& sender,
                                                         std::uint64_t from) {
    const auto times = delays();
    const auto now = parent_time();
    const auto claimed = claimed_block();
    if (!times) return std::unexpected(times.error());
    if (!now) return std::unexpected(now.error());
    if (!claimed) return std::unexpected(claimed.error());
    const std::uint64_t head = chain_.head(Head::unsafe).number;
    const Address& passer = chain_.spec().rollup.message_passer;
    const Bloom wanted = bloom_of_sender(passer, sender);
    JsonWriter out;
    std::optional<node::Error> problem;
    std::size_t found = 0;
    std::uint64_t n = head;
    out.object([&] {
        out.field("withdrawals").array([&] {
            for (; n >= std::max<std::uint64_t>(from, 1) && head - n < max_blocks_searched &&
                   found < max_withdrawals_found;
                 --n) {
                const auto header = chain_.header(n);
                if (!header || !*header || !may_hold((*header)->logs_bloom, wanted)) continue;
                const auto receipts = chain_.receipts(n);
                const auto body = chain_.body(n);
                if (!receipts || !*receipts || !body || !*body) continue;
                for (std::size_t i = (*receipts)->receipts.size(); i > 0; --i)
                    for (const Log& log : (*receipts)->receipts[i - 1].logs) {
                        const auto w = node::withdrawal_of(log);
                        if (!w || w->sender != sender || problem) continue;
                        auto text = withdrawal(*w, (**body)[i - 1].hash, n, *times, *now, *claimed);
                        if (!text) {
                            problem = text.error();
                            continue;
                        }
                        out.raw(*text);
                        ++found;
                    }
            }
        });
        // Blocks before it were not looked at.
        number(out, "searchedFrom", std::max(n + 1, std::max<std::uint64_t>(from, 1)));
    });
    if (problem) return std::unexpected(std::move(*problem));
    return out.take();
}

// --- the queue --------------------------------------------------------------------------------

node::Result<std::string> SettlementMethods::forced_queue() {
    const auto times = delays();
    const auto now = parent_time();
    if (!times) return std::unexpected(times.error());
    if (!now) return std::unexpected(now.error());
    const auto record = chain_.record(chain_.head(Head::unsafe).number);
    if (!record) return std::unexpected(record.error());
    const auto note = *record ? node::decode_rollup_note((*record)->note) : std::nullopt;
    const std::uint64_t length = watcher_.queue_length();
    const std::uint64_t taken = std::min(note ? note->queue_count : 0, length);
    const std::uint64_t end = std::min(length, taken + max_queue_items);
    const auto items = watcher_.queue(taken, end);
    if (!items) return node::retry("the parent was reorganised; try again");
    JsonWriter out;
    out.object([&] {
        number(out, "length", length);
        number(out, "taken", taken);
        number(out, "forceDelaySeconds", times->force);
        out.field("items").array([&] {
            for (std::size_t i = 0; i < items->size(); ++i) {
                const derive::QueueItem& item = (*items)[i];
                const std::uint64_t due = item.parent_timestamp + times->force;
                out.object([&] {
                    number(out, "index", taken + i);
                    out.field("from").data(item.from);
                    out.field("to");
                    const bool creates = item.opaque_data.size() > 72 && item.opaque_data[72] != 0;
                    if (creates)
                        out.null();
                    else
                        out.data(item.to);
                    number(out, "parentBlock", item.parent_number);
                    number(out, "queuedAt", item.parent_timestamp);
                    number(out, "forcibleAt", due);
                    number(out, "secondsLeft", due > *now ? due - *now : 0);
                });
            }
        });
    });
    return out.take();
}

}  // namespace mezz::app
