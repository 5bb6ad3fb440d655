// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "sim/parent_node.hpp"

#include <algorithm>

#include "app/genesis.hpp"
#include "app/rollup_file.hpp"
#include "core/base/assert.hpp"
#include "core/exec/block_executor.hpp"
#include "node/parent/sidecar_check.hpp"

namespace mezz::sim {
namespace {

using node::Head;
using node::Result;

constexpr std::uint64_t parent_block_time_ms = 2'000;
constexpr std::uint64_t call_gas = 16'000'000;

class Ancestors final : public BlockHashes {
public:
    explicit Ancestors(node::ChainReader& chain) : chain_(chain) {}
    Bytes32 hash(std::uint64_t number) override { return chain_.hash_of(number); }

private:
    node::ChainReader& chain_;
};

node::ParentBlock describe(const Header& h, const Bytes32& hash) {
    node::ParentBlock out;
    out.number = h.number;
    out.hash = hash;
    out.parent_hash = h.parent_hash;
    out.timestamp = h.timestamp;
    out.base_fee = h.base_fee_per_gas.value_or(uint256{});
    out.excess_blob_gas = h.excess_blob_gas.value_or(0);
    out.gas_limit = h.gas_limit;
    return out;
}

}  // namespace

void copy_rows(host::MemoryStore& from, host::MemoryStore& to) {
    auto source = from.read();
    auto target = to.write();
    ASSERT(source && target);
    for (std::size_t t = 0; t < node::table_count; ++t) {
        const auto table = static_cast<node::Table>(t);
        const auto done = (*source)->scan(table, {}, [&](ByteView key, ByteView value) {
            return (*target)->put(table, key, value).has_value();
        });
        ASSERT(done.has_value());
    }
    ASSERT((*target)->commit().has_value());
}

ParentNode::ParentNode(host::MemoryStore& store, SimClock& clock,
                       const std::vector<Address>& funded, bool instant)
    : store_(store), clock_(clock), spec_(node::embedded_parent_spec(900)) {
    node::ChainOptions chain;
    chain.spec = spec_;
    chain.accounts = app::parent_genesis(funded);
    chain.genesis = app::parent_genesis_header(chain.accounts, 1'700'000'000);
    auto opened = node::Chain::open(store_, std::move(chain));
    ASSERT(opened.has_value());
    chain_ = std::move(*opened);
    node::PoolChain pool;
    pool.spec = &spec_;
    pool.account = [this](const Address& a) { return chain_->head_account(a); };
    pool.next_block = [this] { return next_block(); };
    pool.check_sidecar = [this](const NetworkTransaction& t) {
        return node::check_sidecar(t, spec_.revision_at(clock_.now_ms() / 1000));
    };
    pool_ = std::make_unique<node::Pool>(std::move(pool));
    node::EmbeddedParentOptions options;
    options.block_time_ms = parent_block_time_ms;
    options.instant = instant;
    options.slots_in_an_epoch = epoch_slots;
    parent_ = std::make_unique<node::EmbeddedParent>(spec_, *chain_, *pool_, store_, options);
    pool_->on_pending([this](const Bytes32&) { parent_->request_instant(); });
}

BlockContext ParentNode::next_block() {
    const auto next = parent_->next_block(chain_->head(Head::unsafe).number, clock_.now_ms());
    ASSERT(next.has_value());
    return *next;
}

void ParentNode::step() {
    const std::uint64_t now = clock_.now_ms();
    while (!delayed_.empty() && delayed_.begin()->first <= now) {
        const auto taken = pool_->submit(delayed_.begin()->second);
        (void)taken;  // too late is one of the things that happen
        delayed_.erase(delayed_.begin());
    }
    const auto done = parent_->step(now);
    ASSERT(done.has_value());
}

void ParentNode::reorg(std::uint64_t depth, bool keep_transactions) {
    const std::uint64_t finalized = chain_->head(Head::finalized).number;
    depth = std::min(depth, head() - finalized);
    if (depth == 0) return;
    ++reorgs_;
    parent_->request_reorg(depth, keep_transactions);
    const auto done = parent_->step(clock_.now_ms());
    ASSERT(done.has_value());
}

void ParentNode::deliver_later(std::uint64_t at_ms, Bytes raw) {
    delayed_.emplace(at_ms, std::move(raw));
}

Result<void> SimParent::reach(const char* method) {
    if (connection_.cut) return node::retry(std::string(method) + ": cannot connect (injected)");
    if (connection_.random == nullptr) return {};
    Random& random = *connection_.random;
    const Faults& faults = *connection_.faults;
    if (random.one(faults.reorg_in_call)) {
        const std::uint64_t depth = random.between(1, 10);
        const bool keep = random.below(2) == 0;
        connection_.log->add("parent reorg " + std::to_string(depth) + " inside " + method);
        parent_.reorg(depth, keep);
    }
    if (random.one(faults.lost_call))
        return node::retry(std::string(method) + ": timed out (injected)");
    return {};
}

std::uint64_t SimParent::number_of(node::BlockTag tag) {
    switch (tag) {
        case node::BlockTag::latest:
            return parent_.chain().head(Head::unsafe).number;
        case node::BlockTag::safe:
            return parent_.chain().head(Head::safe).number;
        case node::BlockTag::finalized:
            return parent_.chain().head(Head::finalized).number;
    }
    return 0;
}

Result<std::uint64_t> SimParent::chain_id() {
    if (auto r = reach("eth_chainId"); !r) return std::unexpected(r.error());
    return parent_.spec().chain_id;
}

Result<node::ParentBlock> SimParent::block(node::BlockTag tag) {
    if (auto r = reach("eth_getBlockByNumber"); !r) return std::unexpected(r.error());
    const std::uint64_t number = number_of(tag);
    const auto header = parent_.chain().header(number);
    if (!header) return std::unexpected(header.error());
    return describe(**header, parent_.chain().hash_of(number));
}

Result<std::optional<node::ParentBlock>> SimParent::block(std::uint64_t number) {
    if (auto r = reach("eth_getBlockByNumber"); !r) return std::unexpected(r.error());
    const auto header = parent_.chain().header(number);
    if (!header) return std::unexpected(header.error());
    if (!*header) return std::optional<node::ParentBlock>{};
    return std::optional(describe(**header, parent_.chain().hash_of(number)));
}

Result<std::vector<node::ParentLog>> SimParent::logs_of(std::uint64_t number) {
    std::vector<node::ParentLog> out;
    const auto block = parent_.chain().block(number);
    const auto receipts = parent_.chain().receipts(number);
    if (!block) return std::unexpected(block.error());
    if (!receipts) return std::unexpected(receipts.error());
    if (!*block || !*receipts) return out;
    std::uint64_t index = 0;
    for (std::size_t i = 0; i < (*receipts)->receipts.size(); ++i)
        for (const auto& log : (*receipts)->receipts[i].logs)
            out.push_back({log, number, (*block)->hash, (*block)->transaction_hashes[i], index++});
    return out;
}

Result<std::vector<node::ParentLog>> SimParent::logs(const node::LogFilter& filter) {
    if (auto r = reach("eth_getLogs"); !r) return std::unexpected(r.error());
    std::vector<node::ParentLog> out;
    const std::uint64_t last = std::min(filter.to_block, parent_.head());
    for (std::uint64_t n = filter.from_block; n <= last; ++n) {
        const auto header = parent_.chain().header(n);
        if (!header || !*header) continue;
        if (!may_contain((*header)->logs_bloom, filter.address)) continue;
        auto found = logs_of(n);
        if (!found) return std::unexpected(found.error());
        for (auto& log : *found) {
            if (log.log.address != filter.address) continue;
            const bool wanted =
                filter.topics0.empty() ||
                (!log.log.topics.empty() && std::find(filter.topics0.begin(), filter.topics0.end(),
                                                      log.log.topics[0]) != filter.topics0.end());
            if (wanted) out.push_back(std::move(log));
        }
    }
    return out;
}

Result<std::optional<Transaction>> SimParent::transaction(const Bytes32& hash) {
    if (auto r = reach("eth_getTransactionByHash"); !r) return std::unexpected(r.error());
    const auto place = parent_.chain().find_transaction(hash);
    if (!place) return std::unexpected(place.error());
    if (!*place) return std::optional<Transaction>{};
    const auto body = parent_.chain().body((*place)->block_number);
    if (!body) return std::unexpected(body.error());
    return std::optional((**body)[(*place)->index].txn);
}

Result<std::vector<Bytes>> SimParent::blobs(const node::ParentBlock& block,
                                            const std::vector<Bytes32>& versioned_hashes) {
    if (auto r = reach("blobs"); !r) return std::unexpected(r.error());
    if (parent_.chain().hash_of(block.number) != block.hash)
        return node::retry("blobs: no such block");
    auto rows = parent_.store().read();
    if (!rows) return std::unexpected(rows.error());
    std::vector<Bytes> out;
    for (const auto& hash : versioned_hashes) {
        const auto row = (*rows)->get(node::Table::blobs, hash);
        if (!row) return std::unexpected(row.error());
        if (!*row) return node::retry("blobs: one is missing");
        out.push_back(to_bytes(**row));
    }
    return out;
}

Result<Bytes> SimParent::run(const std::optional<Address>& from, const std::optional<Address>& to,
                             const uint256& value, ByteView data, std::uint64_t number,
                             const std::optional<BlockContext>& next, std::uint64_t* gas_used) {
    auto state = parent_.chain().state(number);
    if (!state) return std::unexpected(state.error());
    const auto context = next ? Result<BlockContext>(*next) : parent_.chain().context_of(number);
    if (!context) return std::unexpected(context.error());
    Ancestors ancestors(parent_.chain());
    exec::Call call;
    if (from) call.from = *from;
    call.to = to;
    call.gas_limit = call_gas;
    call.value = value;
    call.data = to_bytes(data);
    const auto result = exec::simulate(**state, parent_.spec(), *context, ancestors, call);
    if (!result)
        return node::retry("eth_call: the parent answered error -32000: err: " +
                           std::string(exec::name(result.error())));
    if (result->status != evm::Status::success)
        return node::reset("eth_call: the parent answered error 3: execution reverted (data " +
                           app::hex_text(result->output) + ")");
    if (gas_used != nullptr) *gas_used = result->gas_used + result->gas_refund;
    return result->output;
}

Result<Bytes> SimParent::call(const Address& to, ByteView data, node::BlockTag tag) {
    if (auto r = reach("eth_call"); !r) return std::unexpected(r.error());
    return run(std::nullopt, to, {}, data, number_of(tag), std::nullopt, nullptr);
}

Result<std::uint64_t> SimParent::nonce(const Address& address, bool pending) {
    if (auto r = reach("eth_getTransactionCount"); !r) return std::unexpected(r.error());
    if (pending)
        if (const auto n = parent_.pool().pending_nonce(address)) return *n;
    const auto account = parent_.chain().head_account(address);
    if (!account) return std::unexpected(account.error());
    return account->nonce;
}

Result<uint256> SimParent::balance(const Address& address) {
    if (auto r = reach("eth_getBalance"); !r) return std::unexpected(r.error());
    const auto account = parent_.chain().head_account(address);
    if (!account) return std::unexpected(account.error());
    return account->balance;
}

Result<Bytes> SimParent::code(const Address& address) {
    if (auto r = reach("eth_getCode"); !r) return std::unexpected(r.error());
    auto state = parent_.chain().state(parent_.head());
    if (!state) return std::unexpected(state.error());
    const auto account = (*state)->account(address);
    if (!account || account->code_hash == EMPTY_CODE_HASH) return Bytes{};
    return to_bytes((*state)->code(account->code_hash));
}

Result<std::uint64_t> SimParent::estimate_gas(const Address& from, const std::optional<Address>& to,
                                              const uint256& value, ByteView data) {
    if (auto r = reach("eth_estimateGas"); !r) return std::unexpected(r.error());
    std::uint64_t gas = 0;
    const auto done = run(from, to, value, data, parent_.head(), parent_.next_block(), &gas);
    if (!done) return std::unexpected(done.error());
    return (gas + 2'300) * 64 / 63;
}

Result<node::FeeQuote> SimParent::fees() {
    if (auto r = reach("eth_feeHistory"); !r) return std::unexpected(r.error());
    const BlockContext next = parent_.next_block();
    return node::FeeQuote{next.base_fee, uint256{1'000'000'000},
                          blob_base_fee(next.excess_blob_gas,
                                        parent_.spec().blobs_at(next.timestamp).update_fraction)};
}

Result<Bytes32> SimParent::send(ByteView raw) {
    if (auto r = reach("eth_sendRawTransaction"); !r) return std::unexpected(r.error());
    Random* random = connection_.random;
    if (random != nullptr && random->one(connection_.faults->delayed_send)) {
        connection_.log->add("a transaction is delayed");
        parent_.deliver_later(parent_.clock().now_ms() + random->between(100, 20'000),
                              to_bytes(raw));
        const auto decoded = decode_network(raw);
        if (!decoded) return node::retry("eth_sendRawTransaction: cannot be read");
        return hash(decoded->txn);
    }
    const auto taken = parent_.pool().submit(raw);
    if (random != nullptr && random->one(connection_.faults->doubled_send)) {
        connection_.log->add("a transaction is sent twice");
        const auto again = parent_.pool().submit(raw);
        if (!again)
            return node::retry("eth_sendRawTransaction: the parent answered error -32000: " +
                               again.error().message);
    }
    if (random != nullptr && random->one(connection_.faults->lost_answer))
        return node::retry("eth_sendRawTransaction: timed out after it was sent (injected)");
    if (!taken)
        return node::retry("eth_sendRawTransaction: the parent answered error " +
                           std::to_string(taken.error().code) + ": " + taken.error().message);
    return *taken;
}

Result<std::optional<node::ParentReceipt>> SimParent::receipt(const Bytes32& hash) {
    if (auto r = reach("eth_getTransactionReceipt"); !r) return std::unexpected(r.error());
    const auto place = parent_.chain().find_transaction(hash);
    if (!place) return std::unexpected(place.error());
    if (!*place) return std::optional<node::ParentReceipt>{};
    const std::uint64_t number = (*place)->block_number;
    const auto receipts = parent_.chain().receipts(number);
    const auto body = parent_.chain().body(number);
    if (!receipts) return std::unexpected(receipts.error());
    if (!body) return std::unexpected(body.error());
    const auto& all = (*receipts)->receipts;
    const std::size_t i = (*place)->index;
    node::ParentReceipt out;
    out.success = all[i].success;
    out.block_number = number;
    out.block_hash = parent_.chain().hash_of(number);
    out.gas_used = all[i].cumulative_gas_used - (i == 0 ? 0 : all[i - 1].cumulative_gas_used);
    const auto& item = (**body)[i];
    out.effective_gas_price = item.txn.max_fee_per_gas;
    if (!item.txn.to) out.contract_address = create_address(item.sender, item.txn.nonce);
    auto logs = logs_of(number);
    if (!logs) return std::unexpected(logs.error());
    for (auto& log : *logs)
        if (log.transaction_hash == hash) out.logs.push_back(std::move(log));
    return std::optional(std::move(out));
}

}  // namespace mezz::sim
