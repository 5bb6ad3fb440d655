// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/chain.hpp"

#include <algorithm>
#include <set>

#include "core/exec/header.hpp"
#include "core/trie/trie.hpp"
#include "node/ports/header_context.hpp"
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

}  // namespace

BlockContext Chain::context_of(const Header& h, Revision rev) {
    BlockContext c = node::context_of(h);
    if (rev < Revision::paris) c.prev_randao = to_bytes32(h.difficulty);
    return c;
}

/// Hashes of the ancestors of one block, along its own branch.
class Chain::Ancestors final : public BlockHashes {
public:
    Ancestors(const Chain& chain, const Bytes32& parent) : chain_(chain), parent_(parent) {}
    Bytes32 hash(std::uint64_t number) override {
        Bytes32 at = parent_;
        for (const Imported* block = chain_.find(at); block != nullptr; block = chain_.find(at)) {
            const Header& header = block->block.header;
            if (header.number == number) return at;
            at = header.parent_hash;
        }
        return {};
    }

private:
    const Chain& chain_;
    Bytes32 parent_;
};

Chain::Chain(Network network, const Header& genesis, MemoryView state)
    : network_(std::move(network)), head_(hash(genesis)) {
    Imported& first = blocks_[head_];
    first.block.header = genesis;
    first.size_bytes = encode(first.block).size();
    first.total_difficulty = genesis.difficulty;
    first.state = std::make_shared<MemoryView>(std::move(state));
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
    if (const auto ok = exec::validate_header(header, parent.block.header, spec); !ok)
        return refuse(ok.error());
    if (spec.revision_at(header.timestamp) >= Revision::paris) return {};
    const Header& before = parent.block.header;
    const uint256 difficulty =
        next_difficulty(network_.difficulty, header.number, header.timestamp, before.timestamp,
                        before.difficulty, before.ommers_hash != EMPTY_OMMERS_HASH);
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
        for (const Header& ommer : ancestor->block.ommers) included.insert(hash(ommer));
        at = ancestor->block.header.parent_hash;
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

std::expected<void, Refusal> Chain::execute(Imported& imported, const Imported& parent) const {
    const Block& block = imported.block;
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
    std::vector<Receipt>& receipts = imported.receipts;
    std::vector<Bytes> leaves;
    for (const Transaction& txn : block.transactions) {
        const auto sender = exec::sender_of(txn, rev);
        if (!sender) return refuse(sender.error());
        auto receipt = executor.apply(txn, *sender);
        if (!receipt) return refuse(receipt.error());
        merge(done.logs_bloom, receipt->bloom);
        if (rev < Revision::byzantium) {
            MemoryView after = state;
            after.apply(executor.diff());
            receipt->state_root = after.root();
        }
        leaves.push_back(encode(*receipt));
        imported.senders.push_back(*sender);
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
    imported.state = std::make_shared<MemoryView>(std::move(state));
    return {};
}

Refusals Chain::import(ByteView encoded) {
    auto block = decode_block(encoded);
    if (!block) return {exec::name(exec::BlockError::RLP_STRUCTURES_ENCODING)};
    Imported imported;
    imported.block = std::move(*block);
    imported.size_bytes = encoded.size();
    const Header& h = imported.block.header;
    const Imported* parent = find(h.parent_hash);
    if (parent == nullptr) return {refuse(ImportError::UNKNOWN_PARENT).error()};
    const ChainSpec spec = spec_of(h, *parent);
    Refusals out;
    const auto note = [&out](const auto& verdict) {
        if (!verdict) out.push_back(verdict.error());
    };
    note(judge_header(h, *parent));
    const auto body = exec::validate_body(imported.block, encoded.size(), spec);
    if (!body) note(std::expected<void, Refusal>(refuse(body.error())));
    note(judge_ommers(imported.block));
    note(execute(imported, *parent));
    if (!out.empty()) return out;

    imported.total_difficulty = parent->total_difficulty + h.difficulty;
    const Bytes32 id = hash(h);
    const bool after_merge = spec.revision_at(h.timestamp) >= Revision::paris;
    if (after_merge || imported.total_difficulty > blocks_.at(head_).total_difficulty) head_ = id;
    blocks_[id] = std::move(imported);
    return {};
}

}  // namespace mezz::conformance
