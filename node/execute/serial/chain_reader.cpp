// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// The reading half of Chain: every answer comes from a read transaction of its own.
#include <algorithm>

#include "core/codec/byte_reader.hpp"
#include "node/execute/serial/chain.hpp"
#include "node/execute/serial/head_state.hpp"
#include "node/execute/serial/stored_state.hpp"
#include "node/ports/header_context.hpp"

namespace mezz::node {
namespace {

template <class Decode>
auto read_row(KvStore& store, Table table, std::uint64_t number, const char* what, Decode decode)
    -> Result<decltype(decode(ByteView{}))> {
    auto rows = store.read();
    if (!rows) return std::unexpected(rows.error());
    const auto row = (*rows)->get(table, number_key(number));
    if (!row) return std::unexpected(row.error());
    if (!*row) return decltype(decode(ByteView{})){};
    auto decoded = decode(**row);
    if (!decoded)
        return fatal(std::string("database: ") + what + " of block " + std::to_string(number) +
                     " is damaged; restore from a snapshot");
    return decoded;
}

}  // namespace

BlockRef Chain::head(Head head) const {
    const std::scoped_lock lock(mutex_);
    switch (head) {
        case Head::unsafe:
            return unsafe_;
        case Head::safe:
            return safe_;
        case Head::finalized:
            return finalized_;
    }
    return unsafe_;
}

Result<std::optional<HeaderRecord>> Chain::stored_header(std::uint64_t number) {
    return read_row(store_, Table::headers, number, "header", decode_header_record);
}

Result<std::optional<BlockRecord>> Chain::record(std::uint64_t number) {
    {
        const std::scoped_lock lock(mutex_);
        if (ahead_ && ahead_->header.number == number) return ahead_;
    }
    auto r = stored_header(number);
    if (!r) return std::unexpected(r.error());
    if (!*r) return std::optional<BlockRecord>{};
    return std::optional(BlockRecord{(*r)->hash, std::move((*r)->header), std::move((*r)->extra)});
}

Result<void> Chain::check_kept(std::uint64_t number) const {
    const std::uint64_t first = history_;
    if (number == 0 || number >= first) return {};
    return fatal(std::string(PRUNED_HISTORY) + ": block " + std::to_string(number) +
                 " is before block " + std::to_string(first) +
                 ", the first whose transactions and receipts this node keeps; ask an archive "
                 "node, one without --prune");
}

Result<std::optional<std::vector<BodyItem>>> Chain::body(std::uint64_t number) {
    if (auto kept = check_kept(number); !kept) return std::unexpected(kept.error());
    return read_row(store_, Table::bodies, number, "body", decode_body);
}

Result<std::optional<Header>> Chain::header(std::uint64_t number) {
    auto r = stored_header(number);
    if (!r) return std::unexpected(r.error());
    return *r ? std::optional(std::move((*r)->header)) : std::nullopt;
}

Result<std::optional<std::uint64_t>> Chain::number_of(const Bytes32& block_hash) {
    auto rows = store_.read();
    if (!rows) return std::unexpected(rows.error());
    const auto row = (*rows)->get(Table::block_numbers, block_hash);
    if (!row) return std::unexpected(row.error());
    if (!*row || (*row)->size() != 8) return std::optional<std::uint64_t>{};
    return std::optional(load_be64((*row)->data()));
}

Result<std::optional<StoredBlock>> Chain::block(std::uint64_t number) {
    auto r = stored_header(number);
    if (!r) return std::unexpected(r.error());
    if (!*r) return std::optional<StoredBlock>{};
    auto items = body(number);
    if (!items) return std::unexpected(items.error());
    if (!*items) return std::optional<StoredBlock>{};
    StoredBlock out;
    out.header = std::move((*r)->header);
    out.hash = (*r)->hash;
    out.size_bytes = (*r)->size_bytes;
    for (auto& item : **items) {
        out.transactions.push_back(std::move(item.txn));
        out.transaction_hashes.push_back(item.hash);
        out.senders.push_back(item.sender);
    }
    return std::optional(std::move(out));
}

Result<std::optional<BlockReceipts>> Chain::receipts(std::uint64_t number) {
    if (auto kept = check_kept(number); !kept) return std::unexpected(kept.error());
    auto r = read_row(store_, Table::receipts, number, "receipts", decode_receipts);
    if (!r) return std::unexpected(r.error());
    if (!*r) return std::optional<BlockReceipts>{};
    return std::optional(BlockReceipts{std::move(**r)});
}

Result<std::optional<TxnPlace>> Chain::find_transaction(const Bytes32& hash) {
    auto rows = store_.read();
    if (!rows) return std::unexpected(rows.error());
    const auto row = (*rows)->get(Table::txn_places, hash);
    if (!row) return std::unexpected(row.error());
    if (!*row) return std::optional<TxnPlace>{};
    ByteReader in(**row);
    const ByteView number = in.take(8);
    const std::uint64_t index = in.varint();
    if (!in.ok()) return fatal("database: transaction index is damaged");
    return std::optional(TxnPlace{load_be64(number.data()), static_cast<std::uint32_t>(index)});
}

Result<std::unique_ptr<StateReader>> Chain::state(std::uint64_t number) {
    auto rows = store_.read();
    if (!rows) return std::unexpected(rows.error());
    // Asked with the rows at hand, which stay as they are whatever is dropped from now on.
    if (const std::uint64_t first = states_; number < first)
        return fatal(std::string(PRUNED_STATE) + ": the state of block " + std::to_string(number) +
                     " is not available, this node keeps those from block " +
                     std::to_string(first) +
                     " on; ask an archive node, one without "
                     "--prune-states");
    const auto row = (*rows)->get(Table::headers, number_key(number));
    if (!row) return std::unexpected(row.error());
    const auto header = *row ? decode_header_record(**row) : std::nullopt;
    if (!header) return retry("header not found: block " + std::to_string(number));
    return std::make_unique<StoredState>(std::move(*rows), header->state_root);
}

Result<BlockContext> Chain::context_of(std::uint64_t number) {
    const auto r = stored_header(number);
    if (!r) return std::unexpected(r.error());
    if (!*r) return retry("header not found: block " + std::to_string(number));
    return node::context_of((*r)->header);
}

std::unique_ptr<evm::Runner> Chain::make_runner() {
    return std::make_unique<interpreter::Engine>(code_cache_);
}

Bytes32 Chain::hash_of(std::uint64_t number) {
    const auto r = stored_header(number);
    return r && *r ? (*r)->hash : Bytes32{};
}

void Chain::on_new_head(Listener listener) {
    const std::scoped_lock lock(mutex_);
    listeners_.push_back(std::move(listener));
}

Result<Account> Chain::head_account(const Address& address) {
    {
        const std::scoped_lock lock(mutex_);
        if (const auto cached = head_state_->cached_account(address))
            return cached->value_or(Account{});
    }
    auto reader = state(head(Head::unsafe).number);
    if (!reader) return std::unexpected(reader.error());
    const auto account = (*reader)->account(address);
    if (const auto e = (*reader)->error()) return std::unexpected(*e);
    return account.value_or(Account{});
}

namespace {

/// Blocks of one transaction of the store: so few that a block to be made waits little.
constexpr std::uint64_t blocks_a_step = 32;

}  // namespace

Result<bool> Chain::prune() {
    if (options_.keep_blocks == 0) return false;
    const std::uint64_t final = head(Head::finalized).number;
    const std::uint64_t first = final > options_.keep_blocks ? final - options_.keep_blocks + 1 : 1;
    const std::uint64_t from = history_;
    if (from >= first) return false;
    const std::uint64_t to = std::min(first, from + blocks_a_step);
    std::vector<Bytes32> hashes;
    for (std::uint64_t n = from; n < to; ++n) {
        const auto items = body(n);
        if (!items) return std::unexpected(items.error());
        if (!*items) continue;
        for (const auto& item : **items) hashes.push_back(item.hash);
    }
    if (auto settled = settle(); !settled) return std::unexpected(settled.error());
    auto opened = store_.write();
    if (!opened) return std::unexpected(opened.error());
    auto& rows = **opened;
    Result<void> done = rows.put(Table::meta, name_key(meta_row::history), number_key(to));
    for (std::uint64_t n = from; n < to; ++n)
        for (const auto table : {Table::bodies, Table::receipts})
            if (done) done = rows.erase(table, number_key(n));
    for (const auto& hash : hashes)
        if (done) done = rows.erase(Table::txn_places, hash);
    // Readers are refused before the rows are gone, never after.
    history_ = to;
    if (done) done = rows.commit();
    if (!done) {
        history_ = from;
        return std::unexpected(done.error());
    }
    return to < first;
}

ChainReader::Kept Chain::kept() const {
    const std::uint64_t body = history_;
    return {states_, body <= 1 ? 0 : body};
}

namespace {

/// Nodes of one step: so few that a block to be made waits little, also where each is read from a
/// disk.
constexpr std::size_t nodes_a_step = 512;
/// A sweep reads the whole oldest state, so it waits until a part of the states is of no use.
constexpr std::uint64_t least_blocks_a_sweep = 16;

}  // namespace

Result<bool> Chain::prune_states() {
    if (options_.keep_states == 0) return false;
    if (!sweep_) {
        const std::uint64_t final = head(Head::finalized).number;
        if (final < options_.keep_states) return false;
        const std::uint64_t oldest = final - options_.keep_states + 1;
        if (oldest < states_ + std::max(least_blocks_a_sweep, options_.keep_states / 4))
            return false;
        const auto header = stored_header(oldest);
        if (!header) return std::unexpected(header.error());
        if (!*header) return fatal("database: header " + std::to_string(oldest) + " is missing");
        sweep_.emplace((*header)->state_root);
        sweep_to_ = oldest;
    }
    if (!sweep_->is_marked()) {
        auto rows = store_.read();
        if (!rows) return std::unexpected(rows.error());
        if (auto marked = sweep_->mark(**rows, nodes_a_step); !marked) {
            sweep_.reset();
            return std::unexpected(marked.error());
        }
        return true;
    }
    if (auto settled = settle(); !settled) return std::unexpected(settled.error());
    auto opened = store_.write();
    if (!opened) return std::unexpected(opened.error());
    auto& rows = **opened;
    const std::uint64_t before = states_;
    // Readers are refused before the nodes are gone, never after.
    states_ = sweep_to_;
    Result<void> done = rows.put(Table::meta, name_key(meta_row::states), number_key(sweep_to_));
    Result<bool> more = true;
    if (done) more = sweep_->sweep(rows, nodes_a_step);
    if (done && !more) done = std::unexpected(more.error());
    if (done) done = rows.commit();
    if (!done) {
        // What was looked at is as it was: the next sweep begins anew.
        states_ = before;
        sweep_.reset();
        return std::unexpected(done.error());
    }
    if (!*more) sweep_.reset();
    return *more;
}

}  // namespace mezz::node
