// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/execute/serial/chain.hpp"

#include "core/codec/byte_reader.hpp"
#include "core/crypto/keccak.hpp"
#include "node/execute/serial/head_state.hpp"
#include "node/execute/serial/stored_state.hpp"

namespace mezz::node {
namespace {

ByteView name_key(std::string_view name) {
    return {reinterpret_cast<const std::uint8_t*>(name.data()), name.size()};
}

constexpr std::string_view meta_version = "version";
constexpr std::string_view meta_head = "head";
constexpr std::string_view meta_safe = "safe";
constexpr std::string_view meta_finalized = "finalized";
constexpr std::string_view meta_locator = "locator";

Diff genesis_diff(const std::vector<GenesisAccount>& accounts) {
    Diff diff;
    for (const auto& a : accounts) {
        Diff::AccountDiff change;
        change.address = a.address;
        Account account{a.nonce, a.balance, EMPTY_CODE_HASH};
        if (!a.code.empty()) {
            account.code_hash = crypto::keccak256(a.code);
            diff.codes.emplace_back(account.code_hash, a.code);
        }
        change.account = account;
        change.storage = a.storage;
        diff.accounts.push_back(std::move(change));
    }
    return diff;
}

/// requires: every row it asks for was checked to be there.
Result<std::uint64_t> number_row(KvRead& rows, std::string_view name) {
    const auto row = rows.get(Table::meta, name_key(name));
    if (!row) return std::unexpected(row.error());
    if (!*row || (*row)->size() != 8)
        return fatal("database: meta row '" + std::string(name) + "' is missing or damaged");
    return load_be64((*row)->data());
}

/// Ancestors of the block being made, from the store.
class StoredHashes final : public BlockHashes {
public:
    StoredHashes(Chain& chain, std::uint64_t block, const Bytes32& parent)
        : chain_(chain), block_(block), parent_(parent) {}
    Bytes32 hash(std::uint64_t number) override {
        if (number + 1 == block_) return parent_;
        return chain_.hash_of(number);
    }

private:
    Chain& chain_;
    std::uint64_t block_;
    Bytes32 parent_;
};

class Builder final : public BlockBuilder {
public:
    Builder(Chain& chain, HeadState& state, const BlockContext& context)
        : context_(context),
          hashes_(chain, context.number, context.parent_hash),
          view_(state),
          executor_(view_, chain.spec(), context_, hashes_),
          runner_(chain.make_runner()) {
        executor_.set_runner(runner_.get());
        executor_.begin();
    }
    std::expected<void, exec::TxError> apply(const Transaction& txn, const Address& sender,
                                             const Bytes32& hash) override {
        auto receipt = executor_.apply(txn, sender);
        if (!receipt) return std::unexpected(receipt.error());
        merge(bloom_, receipt->bloom);
        receipts_.push_back(std::move(*receipt));
        body_.push_back({txn, sender, hash});
        return {};
    }
    [[nodiscard]] std::uint64_t gas_used() const override { return executor_.gas_used(); }
    [[nodiscard]] std::size_t count() const override { return body_.size(); }
    [[nodiscard]] const BlockContext& context() const override { return context_; }
    [[nodiscard]] const std::vector<BodyItem>& body() const override { return body_; }
    [[nodiscard]] const std::vector<Receipt>& receipts() const { return receipts_; }

    /// Everything but the roots of the state.
    [[nodiscard]] Header header() const {
        std::vector<Bytes> items;
        items.reserve(body_.size());
        for (const auto& item : body_) items.push_back(encode(item.txn));
        Header h;
        h.transactions_root = trie::ordered_root(items);
        items.clear();
        for (const auto& r : receipts_) items.push_back(encode(r));
        h.receipts_root = trie::ordered_root(items);
        h.parent_hash = context_.parent_hash;
        h.coinbase = context_.coinbase;
        h.logs_bloom = bloom_;
        h.number = context_.number;
        h.gas_limit = context_.gas_limit;
        h.gas_used = executor_.gas_used();
        h.timestamp = context_.timestamp;
        h.prev_randao = context_.prev_randao;
        h.base_fee_per_gas = context_.base_fee;
        h.blob_gas_used = executor_.blob_gas_used();
        h.excess_blob_gas = context_.excess_blob_gas;
        h.parent_beacon_block_root = context_.parent_beacon_root;
        h.requests_hash = EMPTY_REQUESTS_HASH;
        return h;
    }
    /// Ends execution.
    Diff finish() { return executor_.finish(); }

private:
    BlockContext context_;
    StoredHashes hashes_;
    HeadView view_;
    exec::BlockExecutor executor_;
    std::unique_ptr<evm::Runner> runner_;
    std::vector<BodyItem> body_;
    std::vector<Receipt> receipts_;
    Bloom bloom_;
};

}  // namespace

Bytes32 genesis_state_root(const std::vector<GenesisAccount>& accounts) {
    trie::EmptySource source;
    KeyHasher hasher;
    StateTrie state(source, hasher);
    state.apply(genesis_diff(accounts));
    return state.commit(nullptr).hash;
}

Bytes32 genesis_withdrawals_root(const std::vector<GenesisAccount>& accounts) {
    trie::EmptySource source;
    KeyHasher hasher;
    StateTrie state(source, hasher);
    state.apply(genesis_diff(accounts));
    state.commit(nullptr);
    return state.storage_root(predeploy::MESSAGE_PASSER);
}

Chain::Chain(KvStore& store, ChainOptions options) : store_(store), options_(std::move(options)) {}
Chain::~Chain() = default;

Result<std::unique_ptr<Chain>> Chain::open(KvStore& store, ChainOptions options) {
    std::unique_ptr<Chain> chain(new Chain(store, std::move(options)));
    auto rows = store.read();
    if (!rows) return std::unexpected(rows.error());
    const auto version = (*rows)->get(Table::meta, name_key(meta_version));
    if (!version) return std::unexpected(version.error());
    const bool fresh = !version->has_value();
    if (!fresh) {
        const auto number = number_row(**rows, meta_version);
        if (!number) return std::unexpected(number.error());
        if (*number != database_version)
            return fatal("database: version " + std::to_string(*number) + ", this program reads " +
                         std::to_string(database_version) + "; use the program that wrote it");
    }
    rows->reset();
    if (auto done = fresh ? chain->create() : chain->load(); !done)
        return std::unexpected(done.error());
    return chain;
}

Result<void> Chain::create() {
    auto rows = store_.write();
    if (!rows) return std::unexpected(rows.error());
    trie::EmptySource empty;
    KeyHasher hasher;
    StateTrie state(empty, hasher);
    const Diff diff = genesis_diff(options_.accounts);
    state.apply(diff);
    NodeWriter writer(**rows, next_locator_);
    const trie::NodeRef root = state.commit(&writer);
    if (root.hash != options_.genesis.state_root)
        return fatal("genesis: the state root of the header is not that of the accounts");
    HeaderRecord record;
    record.header = options_.genesis;
    record.hash = hash(options_.genesis);
    record.state_root = root;
    record.extra = options_.genesis_note;
    record.size_bytes = encode(options_.genesis).size();
    auto& w = **rows;
    const Bytes zero = number_key(0);
    Result<void> done =
        writer.error() ? Result<void>(std::unexpected(*writer.error())) : Result<void>{};
    if (done) done = w.put(Table::meta, name_key(meta_version), number_key(database_version));
    for (const auto name : {meta_head, meta_safe, meta_finalized})
        if (done) done = w.put(Table::meta, name_key(name), zero);
    if (done) done = w.put(Table::meta, name_key(meta_locator), number_key(next_locator_));
    if (done) done = w.put(Table::headers, zero, encode(record));
    if (done) done = w.put(Table::bodies, zero, encode_body({}));
    if (done) done = w.put(Table::receipts, zero, encode_receipts({}));
    if (done) done = w.put(Table::block_numbers, record.hash, zero);
    for (const auto& [code_hash, code] : diff.codes)
        if (done) done = w.put(Table::codes, code_hash, code);
    if (done) done = w.commit();
    if (!done) return done;
    return load();
}

Result<void> Chain::load() {
    {
        auto rows = store_.read();
        if (!rows) return std::unexpected(rows.error());
        const auto head = number_row(**rows, meta_head);
        const auto safe = number_row(**rows, meta_safe);
        const auto finalized = number_row(**rows, meta_finalized);
        const auto locator = number_row(**rows, meta_locator);
        for (const auto* r : {&head, &safe, &finalized, &locator})
            if (!*r) return std::unexpected(r->error());
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
    const std::scoped_lock lock(mutex_);
    head_state_ = std::make_unique<HeadState>(store_, head_.state_root, options_.max_cached_nodes,
                                              options_.max_cached_values);
    return {};
}

Result<std::unique_ptr<BlockBuilder>> Chain::begin(const BlockPlan& plan) {
    if (plan.context.number != head_.header.number + 1 || plan.context.parent_hash != head_.hash)
        return reset("block " + std::to_string(plan.context.number) + " does not follow the head " +
                     std::to_string(head_.header.number));
    auto b = std::make_unique<Builder>(*this, *head_state_, plan.context);
    for (const auto& txn : plan.leading)
        if (auto done = b->apply(txn, txn.from, mezz::hash(txn)); !done)
            return fatal("bug: a leading transaction was refused: " +
                         std::string(exec::name(done.error())));
    return b;
}

Result<BlockRef> Chain::seal(std::unique_ptr<BlockBuilder> builder, ByteView note) {
    // Only `begin` makes builders.
    auto* b = static_cast<Builder*>(builder.get());
    if (b->context().parent_hash != head_.hash)
        return reset("block " + std::to_string(b->context().number) + " was begun on another head");
    auto opened = store_.write();
    if (!opened) return std::unexpected(opened.error());
    auto& rows = **opened;
    const std::uint64_t first_locator = next_locator_;
    HeaderRecord record;
    record.extra = to_bytes(note);
    // On failure memory and disk no longer agree: what was not committed is read again.
    const auto give_up = [&](const Error& e) -> Result<BlockRef> {
        next_locator_ = first_locator;
        opened->reset();
        if (auto reloaded = reload_head_state(); !reloaded)
            return std::unexpected(reloaded.error());
        return std::unexpected(e);
    };
    Header header = b->header();
    const Diff diff = b->finish();
    const auto root = head_state_->commit(diff, rows, next_locator_);
    if (!root) return give_up(root.error());
    header.state_root = root->hash;
    header.withdrawals_root =
        options_.spec.is_rollup ? head_state_->withdrawals_root() : EMPTY_TRIE_ROOT;
    record.hash = mezz::hash(header);
    record.state_root = *root;
    record.header = std::move(header);
    const Bytes body = encode_body(b->body());
    record.size_bytes = encode(record.header).size() + body.size();
    const Bytes key = number_key(record.header.number);
    Result<void> done = rows.put(Table::headers, key, encode(record));
    if (done) done = rows.put(Table::bodies, key, body);
    if (done) done = rows.put(Table::receipts, key, encode_receipts(b->receipts()));
    if (done) done = rows.put(Table::block_numbers, record.hash, key);
    if (done) done = rows.put(Table::meta, name_key(meta_head), key);
    if (done) done = rows.put(Table::meta, name_key(meta_locator), number_key(next_locator_));
    for (std::uint32_t i = 0; i < b->body().size() && done; ++i) {
        Bytes place = key;
        append_varint(place, i);
        done = rows.put(Table::txn_places, b->body()[i].hash, place);
    }
    if (done) done = rows.commit();
    if (!done) return give_up(done.error());
    head_state_->committed(diff);
    publish(record);
    return BlockRef{record.header.number, record.hash};
}

void Chain::publish(const HeaderRecord& head) {
    head_ = head;
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
    if (number >= head_.header.number) return dropped;
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
                if (item.txn.type != TxType::deposit) dropped.push_back(std::move(item));
            }
        for (const auto table : {Table::headers, Table::bodies, Table::receipts})
            if (done) done = rows.erase(table, number_key(n));
        if (!done) return std::unexpected(done.error());
    }
    const Bytes key = number_key(number);
    Result<void> done = rows.put(Table::meta, name_key(meta_head), key);
    if (done && safe_.number > number) done = rows.put(Table::meta, name_key(meta_safe), key);
    if (done && finalized_.number > number)
        done = rows.put(Table::meta, name_key(meta_finalized), key);
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
    publish(**target);
    return dropped;
}

Result<void> Chain::set_heads(std::uint64_t safe, std::uint64_t finalized) {
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
    Result<void> done = (*opened)->put(Table::meta, name_key(meta_safe), number_key(safe));
    if (done) done = (*opened)->put(Table::meta, name_key(meta_finalized), number_key(finalized));
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
