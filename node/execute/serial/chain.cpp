// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/execute/serial/chain.hpp"

#include <utility>

#include "core/codec/byte_reader.hpp"
#include "core/crypto/keccak.hpp"
#include "node/execute/serial/appearances.hpp"
#include "node/execute/serial/builder.hpp"
#include "node/execute/serial/head_state.hpp"
#include "node/execute/serial/read_ahead.hpp"
#include "node/execute/serial/stored_state.hpp"
#include "node/execute/store/upgrade.hpp"

namespace mezz::node {
namespace {

/// requires: every row it asks for was checked to be there.
Result<std::uint64_t> number_row(KvRead& rows, std::string_view name) {
    const auto row = rows.get(Table::meta, name_key(name));
    if (!row) return std::unexpected(row.error());
    if (!*row || (*row)->size() != 8)
        return fatal("database: meta row '" + std::string(name) + "' is missing or damaged");
    return load_be64((*row)->data());
}

}  // namespace

Chain::Chain(KvStore& store, ChainOptions options)
    : store_(store),
      options_(std::move(options)),
      read_ahead_(std::make_unique<ReadAhead>(store_, *this, options_.readers)) {}
Chain::~Chain() {
    if (unwritten_ && options_.writer != nullptr) options_.writer->wait();
}

Result<std::unique_ptr<Chain>> Chain::open(KvStore& store, ChainOptions options) {
    std::unique_ptr<Chain> chain(new Chain(store, std::move(options)));
    const auto version = upgrade_database(store);
    if (!version) return std::unexpected(version.error());
    const bool fresh = !version->has_value();
    if (auto done = fresh ? chain->create() : chain->load(); !done)
        return std::unexpected(done.error());
    if (auto done = chain->open_appearances(); !done) return std::unexpected(done.error());
    return chain;
}

Result<void> Chain::create() {
    GenesisWriter nodes(store_);
    if (auto begun = nodes.begin(); !begun) return begun;
    const trie::NodeRef root = build_genesis(options_.accounts, &nodes);
    if (root.hash != options_.genesis.state_root)
        return fatal("genesis: the state root of the header is not that of the accounts");
    HeaderRecord record;
    record.header = options_.genesis;
    record.hash = hash(options_.genesis);
    record.state_root = root;
    record.extra = options_.genesis_note;
    record.size_bytes = encode(options_.genesis).size();
    auto rows = store_.write();
    if (!rows) return std::unexpected(rows.error());
    auto& w = **rows;
    const Bytes zero = number_key(0);
    Result<void> done = nodes.finish(w);
    if (done) done = w.put(Table::meta, name_key(meta_row::version), number_key(database_version));
    for (const auto name : {meta_row::head, meta_row::safe, meta_row::finalized})
        if (done) done = w.put(Table::meta, name_key(name), zero);
    if (done) done = w.put(Table::meta, name_key(meta_row::history), number_key(1));
    if (done) done = w.put(Table::headers, zero, encode(record));
    if (done) done = w.put(Table::bodies, zero, encode_body(std::vector<BodyItem>{}));
    if (done) done = w.put(Table::receipts, zero, encode_receipts(std::vector<Receipt>{}));
    if (done) done = w.put(Table::block_numbers, record.hash, zero);
    for (const auto& account : options_.accounts)
        if (done && !account.code.empty())
            done = w.put(Table::codes, crypto::keccak256(account.code), account.code);
    if (done) done = w.commit();
    if (!done) return done;
    return load();
}

Result<void> Chain::load() {
    {
        auto rows = store_.read();
        if (!rows) return std::unexpected(rows.error());
        const auto head = number_row(**rows, meta_row::head);
        const auto safe = number_row(**rows, meta_row::safe);
        const auto finalized = number_row(**rows, meta_row::finalized);
        const auto locator = number_row(**rows, meta_row::locator);
        const auto history = number_row(**rows, meta_row::history);
        for (const auto* r : {&head, &safe, &finalized, &locator, &history})
            if (!*r) return std::unexpected(r->error());
        history_ = *history;
        const auto states = (*rows)->get(Table::meta, name_key(meta_row::states));
        if (!states) return std::unexpected(states.error());
        if (*states && (*states)->size() == 8) states_ = load_be64((*states)->data());
        next_locator_ = *locator;
        const auto read = [&](std::uint64_t number) -> Result<HeaderRecord> {
            const auto row = (*rows)->get(Table::headers, number_key(number));
            if (!row) return std::unexpected(row.error());
            auto record = *row ? decode_header_record(**row) : std::nullopt;
            if (!record)
                return fatal("database: header " + std::to_string(number) +
                             " is missing or damaged");
            return *record;
        };
        const auto genesis = read(0), head_record = read(*head), safe_record = read(*safe),
                   finalized_record = read(*finalized);
        for (const auto* r : {&genesis, &head_record, &safe_record, &finalized_record})
            if (!*r) return std::unexpected(r->error());
        if (genesis->hash != hash(options_.genesis))
            return fatal(
                "state directory holds another chain: its block 0 has another hash; choose another "
                "--state or remove the directory");
        head_ = *head_record;
        unsafe_ = {*head, head_record->hash};
        safe_ = {*safe, safe_record->hash};
        finalized_ = {*finalized, finalized_record->hash};
    }
    return reload_head_state();
}

Result<void> Chain::reload_head_state() {
    auto state = std::make_shared<HeadState>(
        store_, head_.state_root,
        HeadStateOptions{options_.max_cached_nodes, options_.max_cached_values});
    const std::scoped_lock lock(mutex_);
    head_state_ = std::move(state);
    return {};
}

Result<std::unique_ptr<BlockBuilder>> Chain::begin(const BlockPlan& plan) {
    if (plan.context.number != head_.header.number + 1 || plan.context.parent_hash != head_.hash)
        return reset("block " + std::to_string(plan.context.number) + " does not follow the head " +
                     std::to_string(head_.header.number));
    read_ahead_->begin_block();
    auto b = std::make_unique<Builder>(*this, head_state_, plan);
    for (const auto& txn : plan.leading)
        if (auto done = b->apply(txn, txn.from, mezz::hash(txn)); !done)
            return fatal("bug: a leading transaction was refused: " +
                         std::string(exec::name(done.error())));
    return b;
}

bool Chain::reads_ahead() const {
    return read_ahead_->is_on();
}

void Chain::expect(std::uint64_t number, std::span<const BodyItem> items) {
    read_ahead_->expect(number, items);
}

Result<BlockRef> Chain::seal(std::unique_ptr<BlockBuilder> builder, ByteView note) {
    // Only `begin` makes builders.
    const auto made = make(static_cast<Builder&>(*builder), note);
    if (!made) return made;
    written_ = unwritten_->write(store_);
    if (auto done = settle(); !done) return std::unexpected(done.error());
    return made;
}

Result<BlockRef> Chain::seal_ahead(std::unique_ptr<BlockBuilder> builder, ByteView note) {
    if (options_.writer == nullptr) return seal(std::move(builder), note);
    const auto made = make(static_cast<Builder&>(*builder), note);
    if (!made) return made;
    {
        const std::scoped_lock lock(mutex_);
        ahead_ = BlockRecord{head_.hash, head_.header, head_.extra};
    }
    options_.writer->start([this] { written_ = unwritten_->write(store_); });
    return made;
}

Result<BlockRef> Chain::make(Builder& b, ByteView note) {
    const Diff diff = b.finish();
    if (auto settled = settle(); !settled) return std::unexpected(settled.error());
    if (b.context().parent_hash != head_.hash)
        return reset("block " + std::to_string(b.context().number) + " was begun on another head");
    head_state_->trim();
    auto rows = std::make_unique<BlockRows>();
    rows->nodes = NodeBatch(next_locator_);
    Helper& helper = options_.helper != nullptr ? *options_.helper : inline_helper_;
    Builder::Encoded encoded;
    helper.start([&] { encoded = b.encoded(); });
    const auto root = head_state_->commit(diff, helper, rows->nodes);
    helper.wait();
    if (!root) {
        // Memory is no longer the state of a block: what is stored is read again.
        if (auto reloaded = reload_head_state(); !reloaded)
            return std::unexpected(reloaded.error());
        return std::unexpected(root.error());
    }
    HeaderRecord& record = rows->header;
    record.header = b.header();
    record.header.transactions_root = encoded.transactions_root;
    record.header.receipts_root = encoded.receipts_root;
    record.header.state_root = root->hash;
    record.header.withdrawals_root =
        options_.spec.is_rollup ? head_state_->withdrawals_root() : EMPTY_TRIE_ROOT;
    record.hash = mezz::hash(record.header);
    record.state_root = *root;
    record.extra = to_bytes(note);
    record.size_bytes = encode(record.header).size() + encoded.body.size();
    rows->body = std::move(encoded.body);
    rows->receipts = std::move(encoded.receipts);
    for (const auto& item : b.body()) rows->txn_hashes.push_back(item.hash);
    rows->codes = diff.codes;
    if (options_.index_appearances)
        rows->appearances = appearances_in(options_.spec, record.header, b.body(), diff);
    next_locator_ = rows->nodes.next_locator();
    ++totals_.blocks;
    totals_.gas += b.gas_used();
    totals_.txns_failed += b.failed_count();
    totals_.txns_succeeded += b.count() - b.failed_count();
    totals_.accounts += diff.accounts.size();
    for (const auto& change : diff.accounts) totals_.slots += change.storage.size();
    totals_.nodes += rows->nodes.count();
    totals_.node_bytes += rows->nodes.size_bytes();
    before_ = std::exchange(head_, record);
    unwritten_ = std::move(rows);
    read_ahead_->end_block(head_.header.number, b.count());
    return BlockRef{head_.header.number, head_.hash};
}

Result<void> Chain::settle() {
    if (!unwritten_) return {};
    if (options_.writer != nullptr) options_.writer->wait();
    const auto rows = std::move(unwritten_);
    {
        const std::scoped_lock lock(mutex_);
        ahead_.reset();
    }
    if (!written_) {
        head_ = before_;
        next_locator_ = rows->nodes.first_locator();
        const Error error = written_.error();
        if (auto reloaded = reload_head_state(); !reloaded)
            return std::unexpected(reloaded.error());
        return std::unexpected(error);
    }
    head_state_->stored();
    publish(head_);
    return {};
}

void Chain::publish(const HeaderRecord& head) {
    std::vector<Listener> listeners;
    {
        const std::scoped_lock lock(mutex_);
        unsafe_ = {head.header.number, head.hash};
        listeners = listeners_;
    }
    for (const auto& listener : listeners) listener();
}

Result<std::vector<BodyItem>> Chain::rollback(std::uint64_t number) {
    std::vector<BodyItem> dropped;
    if (auto settled = settle(); !settled) return std::unexpected(settled.error());
    if (number >= head_.header.number) return dropped;
    if (number < states_)
        return fatal("rollback to block " + std::to_string(number) +
                     ": its state was dropped, this node keeps those from block " +
                     std::to_string(states_) + " on; start with an empty --state directory");
    read_ahead_->drop();
    const auto target = stored_header(number);
    if (!target) return std::unexpected(target.error());
    if (!*target) return fatal("rollback: block " + std::to_string(number) + " is not stored");
    auto opened = store_.write();
    if (!opened) return std::unexpected(opened.error());
    auto& rows = **opened;
    for (std::uint64_t n = number + 1; n <= head_.header.number; ++n) {
        const auto old = stored_header(n);
        const auto items = body(n);
        if (!old) return std::unexpected(old.error());
        if (!items) return std::unexpected(items.error());
        Result<void> done;
        if (*old) done = rows.erase(Table::block_numbers, (*old)->hash);
        if (*items)
            for (auto& item : **items) {
                if (done) done = rows.erase(Table::txn_places, item.hash);
                // Rows of accounts that were only changed inside lead to the blocks that follow,
                // which whoever finds them looks at anyway.
                for (const Address& address : parties_of(item))
                    if (done) done = rows.erase(Table::appearances, appearance_key(address, n));
                if (item.txn.type != TxType::deposit) dropped.push_back(std::move(item));
            }
        for (const auto table : {Table::headers, Table::bodies, Table::receipts})
            if (done) done = rows.erase(table, number_key(n));
        if (!done) return std::unexpected(done.error());
    }
    const Bytes key = number_key(number);
    Result<void> done = rows.put(Table::meta, name_key(meta_row::head), key);
    if (done && safe_.number > number) done = rows.put(Table::meta, name_key(meta_row::safe), key);
    if (done && finalized_.number > number)
        done = rows.put(Table::meta, name_key(meta_row::finalized), key);
    if (done) done = rows.commit();
    if (!done) return std::unexpected(done.error());
    {
        const std::scoped_lock lock(mutex_);
        const BlockRef ref{number, (*target)->hash};
        if (safe_.number > number) safe_ = ref;
        if (finalized_.number > number) finalized_ = ref;
    }
    head_ = **target;
    if (auto reloaded = reload_head_state(); !reloaded) return std::unexpected(reloaded.error());
    publish(head_);
    return dropped;
}

Result<void> Chain::set_heads(std::uint64_t safe, std::uint64_t finalized) {
    if (auto settled = settle(); !settled) return settled;
    {
        const std::scoped_lock lock(mutex_);
        if (safe == safe_.number && finalized == finalized_.number) return {};
    }
    const auto safe_record = stored_header(safe), finalized_record = stored_header(finalized);
    if (!safe_record) return std::unexpected(safe_record.error());
    if (!finalized_record) return std::unexpected(finalized_record.error());
    if (!*safe_record || !*finalized_record)
        return fatal("bug: safe or finalised head beyond the chain");
    auto opened = store_.write();
    if (!opened) return std::unexpected(opened.error());
    Result<void> done = (*opened)->put(Table::meta, name_key(meta_row::safe), number_key(safe));
    if (done)
        done = (*opened)->put(Table::meta, name_key(meta_row::finalized), number_key(finalized));
    if (done) done = (*opened)->commit();
    if (!done) return done;
    std::vector<Listener> listeners;
    {
        const std::scoped_lock lock(mutex_);
        safe_ = {safe, (*safe_record)->hash};
        finalized_ = {finalized, (*finalized_record)->hash};
        listeners = listeners_;
    }
    for (const auto& listener : listeners) listener();
    return {};
}

Result<void> Chain::put_meta(std::string_view name, ByteView value) {
    if (auto settled = settle(); !settled) return settled;
    auto opened = store_.write();
    if (!opened) return std::unexpected(opened.error());
    Result<void> done = (*opened)->put(Table::meta, name_key(name), value);
    return done ? (*opened)->commit() : done;
}

Result<std::optional<Bytes>> Chain::meta(std::string_view name) {
    auto rows = store_.read();
    if (!rows) return std::unexpected(rows.error());
    const auto row = (*rows)->get(Table::meta, name_key(name));
    if (!row) return std::unexpected(row.error());
    return *row ? std::optional(to_bytes(**row)) : std::nullopt;
}

Result<void> Chain::put_entry(std::uint64_t index, ByteView value) {
    if (auto settled = settle(); !settled) return settled;
    auto opened = store_.write();
    if (!opened) return std::unexpected(opened.error());
    Result<void> done = (*opened)->put(Table::entries, number_key(index), value);
    return done ? (*opened)->commit() : done;
}

Result<std::optional<Bytes>> Chain::entry(std::uint64_t index) {
    auto rows = store_.read();
    if (!rows) return std::unexpected(rows.error());
    const auto row = (*rows)->get(Table::entries, number_key(index));
    if (!row) return std::unexpected(row.error());
    return *row ? std::optional(to_bytes(**row)) : std::nullopt;
}

Result<void> Chain::erase_entries_from(std::uint64_t index) {
    if (auto settled = settle(); !settled) return settled;
    auto opened = store_.write();
    if (!opened) return std::unexpected(opened.error());
    std::vector<Bytes> keys;
    Result<void> done =
        (*opened)->scan(Table::entries, number_key(index), [&](ByteView key, ByteView) {
            keys.push_back(to_bytes(key));
            return true;
        });
    for (const auto& key : keys)
        if (done) done = (*opened)->erase(Table::entries, key);
    return done ? (*opened)->commit() : done;
}

}  // namespace mezz::node
