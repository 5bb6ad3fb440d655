// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/chain.hpp"

#include <algorithm>
#include <set>

#include "core/exec/header.hpp"
#include "core/trie/trie.hpp"
#include "tests/conformance/dao_accounts.hpp"

namespace mezz::conformance {
namespace {

constexpr std::size_t MAX_OMMERS = 2;           // Yellow Paper (32)
constexpr std::size_t OMMER_GENERATIONS = 7;    // an ommer's parent is 2 to 7 blocks back
constexpr std::uint64_t DAO_EXTRA_BLOCKS = 10;  // EIP-779
constexpr std::uint64_t WEI_PER_GWEI = 1'000'000'000;

constexpr std::string_view NAMES[] = {
    "UNKNOWN_PARENT", "INVALID_DIFFICULTY", "EXTRA_DATA_INVALID_DAO", "TOO_MANY_UNCLES",
    "UNCLE_IN_CHAIN", "UNCLE_IS_ANCESTOR",  "UNCLE_PARENT_INCORRECT",
};
std::unexpected<Refusal> refuse(ImportError error) {
    return std::unexpected(NAMES[static_cast<unsigned>(error)]);
}
std::unexpected<Refusal> refuse(exec::BlockError error) {
    return std::unexpected(exec::name(error));
}
std::unexpected<Refusal> refuse(exec::TxError error) {
    return std::unexpected(exec::name(error));
}

/// Before Byzantium a receipt has the state root instead of a status. spec: EIP-658.
Bytes encode_with_root(const Receipt& receipt, const Bytes32& root) {
    Bytes out;
    {
        const rlp::List list(out);
        rlp::append(out, root);
        rlp::append(out, receipt.cumulative_gas_used);
        rlp::append(out, receipt.bloom);
        const rlp::List logs(out);
        for (const Log& log : receipt.logs) {
            const rlp::List one(out);
            rlp::append(out, log.address);
            {
                const rlp::List topics(out);
                for (const Bytes32& topic : log.topics) rlp::append(out, topic);
            }
            rlp::append(out, log.data);
        }
    }
    return out;
}

/// spec: Yellow Paper §11.3.
void pay_rewards(exec::BlockExecutor& executor, const Block& block, Revision rev) {
    const uint256 reward = block_reward(rev);
    if (reward.is_zero()) return;
    uint256 for_miner = reward;
    for (const Header& ommer : block.ommers) {
        for_miner += reward / uint256{32};
        // An ommer of another depth makes the block invalid; it is judged elsewhere.
        const std::uint64_t depth = std::min<std::uint64_t>(block.header.number - ommer.number, 8);
        executor.credit(ommer.coinbase, reward * uint256{8 - depth} / uint256{8});
    }
    executor.credit(block.header.coinbase, for_miner);
}

BlockContext context_of(const Header& h, Revision rev) {
    BlockContext c;
    c.number = h.number;
    c.timestamp = h.timestamp;
    c.gas_limit = h.gas_limit;
    c.base_fee = h.base_fee_per_gas.value_or(uint256{});
    c.coinbase = h.coinbase;
    c.prev_randao = rev >= Revision::paris ? h.prev_randao : to_bytes32(h.difficulty);
    c.excess_blob_gas = h.excess_blob_gas.value_or(0);
    c.parent_hash = h.parent_hash;
    c.parent_beacon_root = h.parent_beacon_block_root.value_or(Bytes32{});
    return c;
}

}  // namespace

/// Hashes of the ancestors of one block, along its own branch.
class Chain::Ancestors final : public BlockHashes {
public:
    Ancestors(const Chain& chain, const Bytes32& parent) : chain_(chain), parent_(parent) {}
    Bytes32 hash(std::uint64_t number) override {
        Bytes32 at = parent_;
        for (const Imported* block = chain_.find(at); block != nullptr; block = chain_.find(at)) {
            if (block->header.number == number) return at;
            at = block->header.parent_hash;
        }
        return {};
    }

private:
    const Chain& chain_;
    Bytes32 parent_;
};

Chain::Chain(Network network, const Header& genesis, MemoryView state)
    : network_(std::move(network)), head_(hash(genesis)) {
    blocks_[head_] = {genesis, genesis.difficulty, {}, std::make_shared<MemoryView>(state)};
}

const Chain::Imported* Chain::find(const Bytes32& hash) const {
    const auto found = blocks_.find(hash);
    return found == blocks_.end() ? nullptr : &found->second;
}

ChainSpec Chain::spec_of(const Header& header, const Imported& parent) const {
    return network_.spec_at({header.number, header.timestamp, parent.total_difficulty});
}

std::expected<void, Refusal> Chain::judge_header(const Header& header,
                                                 const Imported& parent) const {
    const ChainSpec spec = spec_of(header, parent);
    if (const auto ok = exec::validate_header(header, parent.header, spec); !ok)
        return refuse(ok.error());
    if (spec.revision_at(header.timestamp) >= Revision::paris) return {};
    const uint256 difficulty = next_difficulty(network_.difficulty, header.number, header.timestamp,
                                               parent.header.timestamp, parent.header.difficulty,
                                               parent.header.ommers_hash != EMPTY_OMMERS_HASH);
    if (header.difficulty != difficulty) return refuse(ImportError::INVALID_DIFFICULTY);
    constexpr std::string_view DAO_EXTRA = "dao-hard-fork";
    const bool needs_extra = network_.dao_block && header.number >= *network_.dao_block &&
                             header.number < *network_.dao_block + DAO_EXTRA_BLOCKS;
    if (needs_extra && header.extra_data != Bytes(DAO_EXTRA.begin(), DAO_EXTRA.end()))
        return refuse(ImportError::EXTRA_DATA_INVALID_DAO);
    return {};
}

/// spec: Yellow Paper §11.1.
std::expected<void, Refusal> Chain::judge_ommers(const Block& block) const {
    if (block.ommers.size() > MAX_OMMERS) return refuse(ImportError::TOO_MANY_UNCLES);
    std::set<Bytes32> ancestors, included;
    Bytes32 at = block.header.parent_hash;
    for (std::size_t i = 0; i < OMMER_GENERATIONS; ++i) {
        const Imported* ancestor = find(at);
        if (ancestor == nullptr) break;
        ancestors.insert(at);
        for (const Header& ommer : ancestor->ommers) included.insert(hash(ommer));
        at = ancestor->header.parent_hash;
    }
    for (const Header& ommer : block.ommers) {
        const Bytes32 id = hash(ommer);
        if (!included.insert(id).second) return refuse(ImportError::UNCLE_IN_CHAIN);
        if (ancestors.contains(id)) return refuse(ImportError::UNCLE_IS_ANCESTOR);
        if (!ancestors.contains(ommer.parent_hash) || ommer.parent_hash == block.header.parent_hash)
            return refuse(ImportError::UNCLE_PARENT_INCORRECT);
        if (const auto ok = judge_header(ommer, *find(ommer.parent_hash)); !ok) return ok;
    }
    return {};
}

/// spec: EIP-779.
void Chain::move_dao_funds(MemoryView& state) const {
    Diff diff;
    Account refund = state.account(DAO_REFUND_CONTRACT).value_or(Account{});
    for (const Address& address : DAO_ACCOUNTS) {
        auto account = state.account(address);
        if (!account || address == DAO_REFUND_CONTRACT) continue;
        refund.balance += account->balance;
        account->balance = {};
        diff.accounts.push_back({address, account, false, {}});
    }
    diff.accounts.push_back({DAO_REFUND_CONTRACT, refund, false, {}});
    state.apply(diff);
}

std::expected<MemoryView, Refusal> Chain::execute(const Block& block,
                                                  const Imported& parent) const {
    const Header& h = block.header;
    const ChainSpec spec = spec_of(h, parent);
    const Revision rev = spec.revision_at(h.timestamp);
    MemoryView state = *parent.state;
    if (h.number == network_.dao_block) move_dao_funds(state);

    const BlockContext context = context_of(h, rev);
    Ancestors hashes(*this, h.parent_hash);
    exec::BlockExecutor executor(state, spec, context, hashes);
    executor.begin();
    exec::ExecutedBlock done;
    std::vector<Receipt> receipts;
    std::vector<Bytes> leaves;
    for (const Transaction& txn : block.transactions) {
        const auto sender = exec::sender_of(txn, rev);
        if (!sender) return refuse(sender.error());
        if (watcher_ != nullptr) executor.set_observer(watcher_->begin(h, txn));
        const std::uint64_t gas_before = executor.gas_used();
        auto receipt = executor.apply(txn, *sender);
        if (!receipt) return refuse(receipt.error());
        if (watcher_ != nullptr) watcher_->end(executor.gas_used() - gas_before);
        merge(done.logs_bloom, receipt->bloom);
        if (rev >= Revision::byzantium) {
            leaves.push_back(encode(*receipt));
        } else {
            MemoryView after = state;
            after.apply(executor.diff());
            leaves.push_back(encode_with_root(*receipt, after.root()));
        }
        receipts.push_back(std::move(*receipt));
    }
    pay_rewards(executor, block, rev);
    for (const Withdrawal& w : block.withdrawals.value_or(std::vector<Withdrawal>{}))
        executor.credit(w.address, uint256{w.amount_gwei} * uint256{WEI_PER_GWEI});
    const auto requests = executor.requests(receipts);
    if (!requests) return refuse(requests.error());
    if (rev >= Revision::prague) done.requests_hash = exec::requests_hash(*requests);
    done.gas_used = executor.gas_used();
    done.blob_gas_used = executor.blob_gas_used();
    done.receipts_root = trie::ordered_root(leaves);
    state.apply(executor.finish());
    done.state_root = state.root();
    if (const auto ok = exec::validate_execution(h, done); !ok) return refuse(ok.error());
    return state;
}

Refusals Chain::import(ByteView encoded) {
    const auto block = decode_block(encoded);
    if (!block) return {exec::name(exec::BlockError::RLP_STRUCTURES_ENCODING)};
    const Header& h = block->header;
    const Imported* parent = find(h.parent_hash);
    if (parent == nullptr) return {refuse(ImportError::UNKNOWN_PARENT).error()};
    const ChainSpec spec = spec_of(h, *parent);
    Refusals out;
    const auto note = [&out](const auto& verdict) {
        if (!verdict) out.push_back(verdict.error());
    };
    note(judge_header(h, *parent));
    const auto body = exec::validate_body(*block, encoded.size(), spec);
    if (!body) note(std::expected<void, Refusal>(refuse(body.error())));
    note(judge_ommers(*block));
    auto state = execute(*block, *parent);
    note(state);
    if (!out.empty()) return out;

    const uint256 total = parent->total_difficulty + h.difficulty;
    const Bytes32 id = hash(h);
    blocks_[id] = {h, total, block->ommers, std::make_shared<MemoryView>(std::move(*state))};
    const bool after_merge = spec.revision_at(h.timestamp) >= Revision::paris;
    if (after_merge || total > blocks_.at(head_).total_difficulty) head_ = id;
    return {};
}

}  // namespace mezz::conformance
