// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "sim/game/evm_parent.hpp"

#include <algorithm>

#include "core/crypto/keccak.hpp"
#include "core/exec/transaction.hpp"

namespace mezz::sim {
namespace {

constexpr std::uint64_t block_gas = 1'000'000'000, call_gas = 16'000'000;
constexpr Address miner = hex<Address>("0x00000000000000000000000000000000000fee00");

class NoHashes final : public BlockHashes {
public:
    Bytes32 hash(std::uint64_t) override { return {}; }
};

Bytes32 hash_of(std::uint64_t number) {
    Bytes32 out;
    out[0] = 0xb1;
    store_be64(out.data() + 24, number);
    return out;
}

}  // namespace

EvmParent::EvmParent(SimClock& clock, const std::vector<Address>& funded, const uint256& each)
    : clock_(clock) {
    spec_.chain_id = id;
    for (const Address& account : funded) state_.set(account, 0, each);
    node::ParentBlock genesis;
    genesis.timestamp = clock.now_ms() / 1000;
    genesis.base_fee = uint256{base_fee};
    genesis.gas_limit = block_gas;
    genesis.hash = hash_of(0);
    blocks_.push_back(genesis);
}

EvmParent::EvmParent(const EvmParent& other, SimClock& clock)
    : clock_(clock),
      spec_(other.spec_),
      state_(other.state_),
      blocks_(other.blocks_),
      logs_(other.logs_),
      burnt_(other.burnt_) {}

BlockContext EvmParent::context(std::uint64_t number, std::uint64_t timestamp) const {
    BlockContext out;
    out.number = number;
    out.timestamp = timestamp;
    out.gas_limit = block_gas;
    out.base_fee = uint256{base_fee};
    out.coinbase = miner;
    return out;
}

void EvmParent::pay(const Address& from, std::uint64_t gas, const uint256& price) {
    fees_[from] += price * gas;
    burnt_ += uint256{base_fee} * gas;
}

void EvmParent::add(node::ParentReceipt receipt, const std::vector<Log>& logs,
                    const Bytes32& hash) {
    for (const Log& log : logs) {
        node::ParentLog out{log, receipt.block_number, receipt.block_hash, hash, logs_.size()};
        receipt.logs.push_back(out);
        logs_.push_back(std::move(out));
    }
    receipts_[hash] = std::move(receipt);
}

void EvmParent::mine(Random& random) {
    node::ParentBlock block = blocks_.back();
    block.parent_hash = block.hash;
    block.hash = hash_of(++block.number);
    block.timestamp = std::max(block.timestamp + 1, clock_.now_ms() / 1000);
    NoHashes hashes;
    const BlockContext at = context(block.number, block.timestamp);
    exec::BlockExecutor executor(state_, spec_, at, hashes);
    executor.set_runner(&engine_);
    executor.begin();
    std::vector<Address> senders;
    for (const auto& [sender, waiting] : pending_)
        if (!censored_.contains(sender)) senders.push_back(sender);
    for (std::size_t i = senders.size(); i > 1; --i)
        std::swap(senders[i - 1], senders[random.below(i)]);
    std::uint64_t gas_before = 0;
    for (const Address& sender : senders) {
        auto& waiting = pending_[sender];
        while (!waiting.empty()) {
            const Waiting next = waiting.begin()->second;
            const auto receipt = executor.apply(next.txn, sender);
            // A gap of nonces, or money that another transaction may bring.
            if (!receipt) break;
            waiting.erase(waiting.begin());
            node::ParentReceipt out;
            out.success = receipt->success;
            out.block_number = block.number;
            out.block_hash = block.hash;
            out.gas_used = receipt->cumulative_gas_used - gas_before;
            gas_before = receipt->cumulative_gas_used;
            out.effective_gas_price = std::min(
                next.txn.max_fee_per_gas, uint256{base_fee} + next.txn.max_priority_fee_per_gas);
            pay(sender, out.gas_used, out.effective_gas_price);
            if (out.success && next.txn.to)
                succeeded_.push_back({sender, *next.txn.to, next.txn.value, next.txn.data});
            add(std::move(out), receipt->logs, next.hash);
        }
    }
    for (Call& call : injected_) {
        Transaction txn;
        txn.type = TxType::dynamic_fee;
        txn.gas_limit = call_gas;
        txn.to = call.to;
        txn.value = call.value;
        txn.data = call.input;
        const auto outcome = executor.call(txn, call.from, false);
        if (!outcome || outcome->status != evm::Status::success) continue;
        Bytes name = to_bytes(call.from);
        append(name, call.input);
        append(name, block.hash);
        node::ParentReceipt out;
        out.success = true;
        out.block_number = block.number;
        out.block_hash = block.hash;
        add(std::move(out), outcome->receipt.logs, crypto::keccak256(name));
        succeeded_.push_back(std::move(call));
    }
    injected_.clear();
    state_.apply(executor.finish());
    blocks_.push_back(block);
}

uint256 EvmParent::total_supply() const {
    uint256 sum = burnt_;
    for (const auto& [address, entry] : state_.accounts()) sum += entry.account.balance;
    return sum;
}

uint256 EvmParent::fees_paid(const Address& account) const {
    const auto it = fees_.find(account);
    return it == fees_.end() ? uint256{} : it->second;
}

node::Result<node::ParentBlock> EvmParent::block(node::BlockTag) {
    return blocks_.back();
}

node::Result<std::optional<node::ParentBlock>> EvmParent::block(std::uint64_t number) {
    if (number >= blocks_.size()) return std::optional<node::ParentBlock>{};
    return blocks_[number];
}

node::Result<std::vector<node::ParentLog>> EvmParent::logs(const node::LogFilter& filter) {
    std::vector<node::ParentLog> out;
    // In the order of blocks: what is older than the filter's first block is skipped at once.
    auto it =
        std::ranges::lower_bound(logs_, filter.from_block, {}, &node::ParentLog::block_number);
    for (; it != logs_.end() && it->block_number <= filter.to_block; ++it) {
        if (it->log.address != filter.address) continue;
        const bool wanted =
            filter.topics0.empty() ||
            (!it->log.topics.empty() &&
             std::ranges::find(filter.topics0, it->log.topics[0]) != filter.topics0.end());
        if (wanted) out.push_back(*it);
    }
    return out;
}

node::Result<std::optional<Transaction>> EvmParent::transaction(const Bytes32&) {
    return std::optional<Transaction>{};
}

node::Result<std::vector<Bytes>> EvmParent::blobs(const node::ParentBlock&,
                                                  const std::vector<Bytes32>&) {
    return node::fatal("this parent has no blobs");
}

std::expected<exec::SimulationResult, exec::TxError> EvmParent::simulate(
    const exec::Call& call, std::uint64_t blocks_ahead) {
    NoHashes hashes;
    exec::SimulationOptions options;
    options.runner = &engine_;
    const auto& head = blocks_.back();
    const auto at = context(head.number + blocks_ahead, head.timestamp + blocks_ahead);
    return exec::simulate(state_, spec_, at, hashes, call, options);
}

node::Result<Bytes> EvmParent::call(const Address& to, ByteView data, node::BlockTag) {
    exec::Call call;
    call.to = to;
    call.gas_limit = call_gas;
    call.data = to_bytes(data);
    auto result = simulate(call, 0);
    if (!result) return node::fatal("call: " + std::string(exec::name(result.error())));
    if (result->status != evm::Status::success) return node::fatal("call: execution reverted");
    return std::move(result->output);
}

node::Result<std::uint64_t> EvmParent::nonce(const Address& address, bool pending) {
    std::uint64_t out = state_.account(address).value_or(Account{}).nonce;
    if (!pending) return out;
    const auto it = pending_.find(address);
    if (it == pending_.end()) return out;
    for (const auto& [nonce, waiting] : it->second)
        if (nonce == out) ++out;
    return out;
}

node::Result<uint256> EvmParent::balance(const Address& address) {
    return state_.account(address).value_or(Account{}).balance;
}

node::Result<Bytes> EvmParent::code(const Address& address) {
    const auto account = state_.account(address);
    return account ? to_bytes(state_.code(account->code_hash)) : Bytes{};
}

node::Result<std::uint64_t> EvmParent::estimate_gas(const Address& from,
                                                    const std::optional<Address>& to,
                                                    const uint256& value, ByteView data) {
    exec::Call call;
    call.from = from;
    call.to = to;
    call.value = value;
    call.gas_limit = call_gas;
    call.data = to_bytes(data);
    const auto result = simulate(call, 1);
    if (!result)
        return node::fatal("execution: answered error: " + std::string(exec::name(result.error())));
    if (result->status != evm::Status::success)
        return node::fatal("answered error: execution reverted");
    // What a block before it makes it cost more is in the margin.
    return (result->gas_used + result->gas_refund) * 64 / 63 + 50'000;
}

node::Result<node::FeeQuote> EvmParent::fees() {
    return node::FeeQuote{uint256{base_fee}, uint256{1}, uint256{1}};
}

node::Result<Bytes32> EvmParent::send(ByteView raw) {
    const auto txn = decode_transaction(raw);
    if (!txn) return node::fatal("answered error: malformed transaction");
    const auto sender = exec::sender_of(*txn, LATEST_REVISION);
    if (!sender) return node::fatal("answered error: " + std::string(exec::name(sender.error())));
    const std::uint64_t mined = state_.account(*sender).value_or(Account{}).nonce;
    if (txn->nonce < mined) return node::retry("answered error: nonce too low");
    const Bytes32 hash = mezz::hash(*txn);
    pending_[*sender][txn->nonce] = {*txn, hash};
    return hash;
}

node::Result<std::optional<node::ParentReceipt>> EvmParent::receipt(const Bytes32& hash) {
    const auto it = receipts_.find(hash);
    if (it == receipts_.end()) return std::optional<node::ParentReceipt>{};
    return it->second;
}

}  // namespace mezz::sim
