// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "sim/world.hpp"

#include <zstd.h>

#include <algorithm>

#include "app/dev_accounts.hpp"
#include "core/base/assert.hpp"
#include "core/derive/channel.hpp"
#include "node/host/signing/abi.hpp"

namespace mezz::sim {
namespace {

namespace abi = node::abi;
using node::Head;

constexpr std::uint64_t settle_limit_ms = 400'000;
const uint256 gwei{1'000'000'000};

Faults faults_of(std::uint64_t seed) {
    Random random(seed ^ 0x6d657a7a'73696d00);
    return Faults::draw(random);
}

/// A frame that expands beyond what a batch may hold.
const Bytes& bomb() {
    static const Bytes made = [] {
        const Bytes zeros(derive::max_payload_bytes + 1);
        Bytes out(1 + ZSTD_compressBound(zeros.size()));
        out[0] = derive::format_zstd;
        out.resize(1 +
                   ZSTD_compress(out.data() + 1, out.size() - 1, zeros.data(), zeros.size(), 1));
        return out;
    }();
    return made;
}

}  // namespace

Outcome run(const WorldOptions& options) {
    return World(options).run();
}

World::World(const WorldOptions& options)
    : options_(options),
      random_(options.seed),
      faults_(faults_of(options.seed)),
      clock_(genesis().now_ms),
      log_(clock_, options.trace),
      file_(genesis().file),
      parent_((copy_rows(genesis().parent_rows, parent_rows_), parent_rows_), clock_,
              genesis().funded, false),
      sequencer_link_{&random_, &faults_, &log_},
      verifier_link_{&random_, &faults_, &log_},
      sequencer_(file_, parent_, sequencer_link_, clock_,
                 // Proofs for blobs take half a second each.
                 {.role = Role::sequencer,
                  .blobs = options.seed % 100 == 17,
                  .slow_disk = options.slow_disks}),
      verifier_(file_, parent_, verifier_link_, clock_,
                {.role = Role::verifier,
                 .altered_entry = options.altered_entry,
                 .slow_disk = options.slow_disks}) {}

void World::violate(std::string invariant, std::string detail) {
    if (failed_) return;
    failed_ = true;
    log_.add("violated: " + invariant + ": " + detail);
    out_.invariant = std::move(invariant);
    out_.detail = std::move(detail);
}

void World::note(const char* who, const node::Error& error) {
    if (error.handling == node::Handling::fatal)
        violate("no part stops for good", std::string(who) + ": " + error.message);
    std::string& last = troubles_[who];
    if (last == error.message) return;
    last = error.message;
    log_.add(std::string(who) + ": " + error.message);
}

Outcome World::run() {
    const std::uint64_t start_ms = clock_.now_ms();
    ASSERT(sequencer_.start().has_value());
    ASSERT(verifier_.start().has_value());
    for (std::uint64_t i = 0; i < options_.steps && !failed_; ++i) step(true);
    if (!failed_) heal();
    const std::uint64_t limit = clock_.now_ms() + settle_limit_ms;
    bool done = false;
    while (!failed_ && !done) {
        step(false);
        if (random_.below(16) == 0) done = settled();
        if (!done && clock_.now_ms() > limit) {
            const auto b = sequencer_.batching() ? sequencer_.batcher_status().last_error : "";
            const auto s = sequencer_.driver().status(), v = verifier_.driver().status();
            violate("liveness",
                    "not settled " + std::to_string(settle_limit_ms / 1000) +
                        " s after the faults: unsafe " +
                        std::to_string(sequencer_.chain().head(Head::unsafe).number) + " at heal " +
                        std::to_string(healed_head_.number) + ", sequencer derived " +
                        std::to_string(s.derived.inbox_count) + " entries to block " +
                        std::to_string(s.derived.head.number) + ", verifier " +
                        std::to_string(v.derived.inbox_count) + " to " +
                        std::to_string(v.derived.head.number) + " final " +
                        std::to_string(v.finalized.head.number) + ", inbox " +
                        std::to_string(inbox_number("count()").value_or(0)) + " cursor " +
                        std::to_string(inbox_number("queueCursor()").value_or(0)) + " of " +
                        std::to_string(inbox_number("queueLength()").value_or(0)) +
                        ", batcher: " + b + probe_text());
        }
    }
    if (!failed_) check_end();
    out_.ok = !failed_;
    out_.digest = log_.digest();
    out_.events = log_.count();
    out_.simulated_ms = clock_.now_ms() - start_ms;
    out_.parent_reorgs = parent_.reorgs();
    out_.last_events.assign(log_.last().begin(), log_.last().end());
    return out_;
}

/// Where the transaction stands that must become final.
std::string World::probe_text() {
    const auto pooled = sequencer_.pool().find(probe_);
    if (!pooled) return ", the probe is not in the pool";
    const auto account = sequencer_.chain().head_account(pooled->sender);
    const auto pending = sequencer_.pool().pending_nonce(pooled->sender);
    return ", the probe with nonce " + std::to_string(pooled->txn.nonce) + " waits, account " +
           std::to_string(account ? account->nonce : 0) + ", pool " +
           std::to_string(pending.value_or(0));
}

void World::step(bool faults) {
    clock_.advance(random_.below(120));
    const std::uint64_t now = clock_.now_ms();
    if (random_.below(2) == 0) {
        const auto before = parent_.head();
        parent_.step();
        if (parent_.head() != before) log_.add("parent block " + std::to_string(parent_.head()));
    }
    restart_due(sequencer_, sequencer_down_ms_, now);
    restart_due(verifier_, verifier_down_ms_, now);
    if (sequencer_.running() && !sequencer_.batching() && now >= batcher_down_ms_) {
        const auto started = sequencer_.start_batcher();
        if (!started) note("batcher", started.error());
        log_.add("batcher starts");
    }
    if (faults) {
        inject();
        use();
    }
    const std::uint64_t choice = random_.below(8);
    if (choice < 5)
        act(sequencer_, choice);
    else
        act(verifier_, choice - 5);
    observe(sequencer_, seen_sequencer_);
    observe(verifier_, seen_verifier_);
}

void World::restart_due(RollupNode& node, std::uint64_t& down_until_ms, std::uint64_t now) {
    if (node.running() || now < down_until_ms) return;
    const auto started = node.start();
    log_.add(std::string(node.name()) + " starts");
    if (!started) {
        note(node.name(), started.error());
        down_until_ms = now + 500;
    }
}

void World::act(RollupNode& node, std::uint64_t choice) {
    if (!node.running()) return;
    switch (choice) {
        case 0:
            if (const auto r = node.watch(); !r) note("watcher", r.error());
            return;
        case 1:
        case 2:
            if (const auto r = node.derive(); !r) note("driver", r.error());
            if (const auto r = node.sequence(); !r) note("sequencer", r.error());
            return;
        case 3:
            if (const auto r = node.sequence(); !r) note("sequencer", r.error());
            return;
        default:
            if (!node.batching()) return;
            node.publish();
            if (const auto error = node.batcher_status().last_error; !error.empty())
                note("batcher", {node::Handling::retry, error});
    }
}

void World::crash(RollupNode& node, bool torn) {
    if (!node.running()) return;
    if (torn) {
        // Dies between two commits of one step.
        node.disk().fail_commits(static_cast<unsigned>(random_.between(1, 3)), 1'000'000);
        act(node, 1);
        observe(node, &node == &sequencer_ ? seen_sequencer_ : seen_verifier_);
        node.disk().fail_commits(0, 0);
    }
    ++out_.crashes;
    node.crash();
    std::uint64_t down_ms = 0;
    switch (random_.below(4)) {
        case 0:
            break;
        case 1:
        case 2:
            down_ms = random_.below(10'000);
            break;
        default:
            down_ms = random_.between(30'000, 60'000);
    }
    log_.add(std::string(node.name()) + (torn ? " crashes between commits" : " crashes") + " for " +
             std::to_string(down_ms) + " ms");
    (&node == &sequencer_ ? sequencer_down_ms_ : verifier_down_ms_) = clock_.now_ms() + down_ms;
}

void World::inject() {
    RollupNode& node = random_.below(2) == 0 ? sequencer_ : verifier_;
    if (random_.one(faults_.reorg)) {
        const std::uint64_t depth = random_.between(1, 10);
        const bool keep = random_.below(2) == 0;
        log_.add("parent reorg " + std::to_string(depth) + (keep ? " keeping" : " dropping"));
        parent_.reorg(depth, keep);
    }
    if (random_.one(faults_.crash)) crash(node, false);
    if (random_.one(faults_.torn_crash)) crash(node, true);
    if (random_.one(faults_.batcher_crash) && sequencer_.batching()) {
        sequencer_.crash_batcher();
        batcher_down_ms_ = clock_.now_ms() + random_.below(20'000);
        log_.add("batcher crashes");
    }
    if (random_.one(faults_.full_disk)) {
        node.disk().fail_commits(static_cast<unsigned>(random_.between(1, 4)),
                                 static_cast<unsigned>(random_.between(1, 20)));
        log_.add(std::string(node.name()) + "'s disk is full");
    }
    if (random_.one(faults_.clock_jump)) {
        if (random_.below(2) == 0) {
            clock_.advance(random_.between(1'000, 40'000));
            log_.add("time jumps");
        } else {
            node.set_clock_error(static_cast<std::int64_t>(random_.below(35'000)) - 5'000);
            log_.add(std::string(node.name()) + "'s clock is set");
        }
    }
    if (random_.one(faults_.hostile_batch)) post_hostile();
}

void World::use() {
    if (random_.below(8) == 0) transfer();
    if (random_.below(60) == 0) deposit();
    if (random_.below(30) == 0) force();
}

void World::transfer() {
    if (!sequencer_.running()) return;
    const auto& from = app::dev_accounts()[random_.below(3)];
    const auto account = sequencer_.chain().head_account(from.address);
    if (!account) return;
    auto signer = node::Signer::make(from.private_key);
    Transaction txn;
    txn.type = TxType::dynamic_fee;
    txn.chain_id = file_.spec.chain_id;
    txn.nonce = sequencer_.pool().pending_nonce(from.address).value_or(account->nonce);
    txn.max_priority_fee_per_gas = gwei * random_.between(1, 5);
    txn.max_fee_per_gas = gwei * 50;
    txn.gas_limit = 21'000;
    txn.to = app::dev_accounts()[random_.below(10)].address;
    txn.value = random_.below(1'000'000);
    signer->sign(txn);
    const auto taken = sequencer_.pool().submit(encode(txn));
    if (!taken) {
        log_.add("transfer refused: " + taken.error().message);
        return;
    }
    probe_ = *taken;
}

std::optional<std::uint64_t> World::inbox_number(std::string_view getter) {
    const Bytes out = inbox_call(abi::Call(getter).finish());
    const auto word = abi::word_at(out, 0);
    return word ? std::optional(word->limb[0]) : std::nullopt;
}

Bytes World::inbox_call(const Bytes& input) {
    Connection perfect;
    SimParent client(parent_, perfect);
    return client.call(file_.contracts.inbox, input, node::BlockTag::latest).value_or(Bytes{});
}

void World::send_to_parent(const Bytes32& key, const Address& to, const uint256& value, Bytes data,
                           std::uint64_t gas) {
    auto signer = node::Signer::make(key);
    const auto account = parent_.chain().head_account(signer->address());
    if (!account) return;
    Transaction txn;
    txn.type = TxType::dynamic_fee;
    txn.chain_id = parent_.spec().chain_id;
    txn.nonce = parent_.pool().pending_nonce(signer->address()).value_or(account->nonce);
    txn.max_priority_fee_per_gas = gwei * 3;
    txn.max_fee_per_gas = gwei * 100;
    if (random_.below(4) == 0) {
        // Takes the place of what waits there.
        txn.nonce = account->nonce;
        txn.max_priority_fee_per_gas = gwei * 40;
        txn.max_fee_per_gas = gwei * 300;
    }
    txn.gas_limit = gas;
    txn.to = to;
    txn.value = value;
    txn.data = std::move(data);
    signer->sign(txn);
    const auto taken = parent_.pool().submit(encode(txn));
    if (!taken) log_.add("refused by the parent: " + taken.error().message);
}

void World::deposit() {
    const auto& from = app::dev_accounts()[3 + random_.below(3)];
    const Address& to = app::dev_accounts()[random_.below(10)].address;
    const std::uint64_t mint = random_.below(1'000'000), value = random_.below(1'500'000);
    log_.add("deposit of " + std::to_string(mint));
    send_to_parent(from.private_key, file_.contracts.portal, mint,
                   abi::Call("depositTransaction(address,uint256,uint64,bool,bytes)")
                       .word(to)
                       .word(value)
                       .word(std::uint64_t{100'000})
                       .word(std::uint64_t{0})
                       .bytes({})
                       .finish(),
                   400'000);
}

void World::force() {
    const auto cursor = inbox_number("queueCursor()"), length = inbox_number("queueLength()"),
               count = inbox_number("count()");
    if (!cursor || !length || !count || *cursor == *length) return;
    std::uint64_t to = *cursor;
    for (; to < *length; ++to) {
        const auto t =
            abi::word_at(inbox_call(abi::Call("queueTimestamp(uint64)").word(to).finish()), 0);
        if (!t || t->limb[0] + 30 > clock_.now_ms() / 1000) break;
    }
    if (to == *cursor) return;
    Bytes labels(random_.below(20));
    for (auto& b : labels) b = static_cast<std::uint8_t>(random_.next());
    log_.add("force queue items to " + std::to_string(to));
    send_to_parent(
        app::dev_accounts()[6].private_key, file_.contracts.inbox, {},
        abi::Call("forceInclude(uint64,uint64,bytes)").word(*count).word(to).bytes(labels).finish(),
        500'000);
}

void World::post_hostile() {
    const auto cursor = inbox_number("queueCursor()"), length = inbox_number("queueLength()"),
               count = inbox_number("count()");
    if (!cursor || !length || !count || !sequencer_.running()) return;
    const auto head = sequencer_.driver().status().derived.head;
    const auto header = sequencer_.chain().header(head.number);
    if (!header || !*header) return;
    derive::Batch batch;
    batch.chain_id = file_.spec.chain_id;
    batch.parent_number = head.number;
    derive::BatchBlock block;
    block.timestamp = (*header)->timestamp;
    Transaction unsigned_txn;
    unsigned_txn.type = TxType::dynamic_fee;
    unsigned_txn.chain_id = file_.spec.chain_id;
    unsigned_txn.gas_limit = 21'000;
    unsigned_txn.to = file_.spec.batcher;
    unsigned_txn.r = unsigned_txn.s = 1;
    block.transactions.push_back(unsigned_txn);
    const std::uint64_t kind = random_.below(7);
    if (kind == 3) batch.chain_id += 1;
    if (kind == 5) block.timestamp += 1'000'000;
    if (kind == 6) block.deposits.resize(*length - *cursor + 3);
    batch.blocks.assign(random_.between(1, 3), block);
    Bytes data(1, derive::format_plain);
    append(data, encode_batch(batch));
    if (kind == 0) {
        data.resize(random_.between(1, 200));
        for (auto& b : data) b = static_cast<std::uint8_t>(random_.next());
    }
    if (kind == 1) data.resize(random_.between(1, data.size() - 1));
    if (kind == 2) data = bomb();
    const std::uint64_t origin = parent_.head();
    log_.add("hostile batch of kind " + std::to_string(kind) + " as entry " +
             std::to_string(*count));
    ++out_.hostile;
    send_to_parent(app::dev_operator("batcher").private_key, file_.contracts.inbox, {},
                   abi::Call("appendCalldata(uint64,uint64,uint64,bytes32,bytes)")
                       .word(*count)
                       .word(random_.between(*cursor, *length))
                       .word(origin)
                       .word(parent_.chain().hash_of(origin))
                       .bytes(data)
                       .finish(),
                   2'000'000);
}

void World::heal() {
    log_.add("healed");
    faults_ = {};
    for (auto* node : {&sequencer_, &verifier_}) {
        node->disk().fail_commits(0, 0);
        node->set_clock_error(0);
    }
    sequencer_down_ms_ = verifier_down_ms_ = batcher_down_ms_ = 0;
    for (auto* node : {&sequencer_, &verifier_})
        if (!node->running())
            if (const auto started = node->start(); !started)
                violate("a node starts again", node->name() + (": " + started.error().message));
    if (failed_) return;
    healed_head_ = sequencer_.chain().head(Head::unsafe);
    healed_entries_ = inbox_number("count()").value_or(0);
    probe_ = {};
}

/// Everything from before is final and the network goes on.
bool World::settled() {
    if (!sequencer_.running() || !verifier_.running()) return false;
    if (probe_.is_zero()) {
        // The first blocks after the faults may still be replaced; a user would send again.
        transfer();
        return false;
    }
    const auto place = verifier_.chain().find_transaction(probe_);
    const auto safe = verifier_.chain().head(Head::safe),
               finalized = verifier_.chain().head(Head::finalized);
    if (!place) return false;
    if (!*place) {
        const auto mine = sequencer_.chain().find_transaction(probe_);
        if (mine && !*mine && !sequencer_.pool().find(probe_)) probe_ = {};
        return false;
    }
    const auto count = inbox_number("count()"), length = inbox_number("queueLength()");
    const auto record = verifier_.chain().record(safe.number);
    if (!record || !*record) return false;
    const auto n = node::decode_rollup_note((*record)->note);
    return count && length && n && n->queue_count >= *length &&
           finalized.number >= (*place)->block_number && finalized.number >= healed_head_.number &&
           *count > healed_entries_ && sequencer_.driver().status().derived.inbox_count == *count &&
           verifier_.driver().status().derived.inbox_count == *count;
}

}  // namespace mezz::sim
