// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/pool/pool.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/crypto/keccak.hpp"
#include "core/crypto/secp256k1.hpp"
#include "node/host/crypto/secp256k1_native.hpp"
#include "node/ports/decimal.hpp"

namespace mezz::node {
namespace {

std::unexpected<PoolRejection> reject(std::string message, int code = -32000) {
    return std::unexpected(PoolRejection{code, std::move(message)});
}

std::string describe(TxDecodeError e) {
    switch (e) {
        case TxDecodeError::empty:
            return "transaction is empty";
        case TxDecodeError::unknown_type:
            return "transaction type not supported";
        case TxDecodeError::malformed_rlp:
            return "rlp: the bytes are not a transaction in canonical form";
        case TxDecodeError::bad_signature_v:
            return "invalid transaction v, r, s values";
    }
    return "invalid transaction";
}

/// A judgement in the words clients already know.
std::string describe(exec::TxError e, const Transaction& t, const ChainSpec& spec,
                     const BlockContext& block) {
    using exec::TxError;
    const auto gas = exec::intrinsic_gas(t, spec.revision_at(block.timestamp));
    switch (e) {
        case TxError::INTRINSIC_GAS_TOO_LOW:
            return "intrinsic gas too low: gas " + std::to_string(t.gas_limit) +
                   ", minimum needed " + std::to_string(gas.base);
        case TxError::INTRINSIC_GAS_BELOW_FLOOR_GAS_COST:
            return "insufficient gas for floor data gas cost: gas " + std::to_string(t.gas_limit) +
                   ", minimum needed " + std::to_string(gas.floor);
        case TxError::GAS_ALLOWANCE_EXCEEDED:
            return "exceeds block gas limit: gas " + std::to_string(t.gas_limit) + ", limit " +
                   std::to_string(block.gas_limit);
        case TxError::GAS_LIMIT_EXCEEDS_MAXIMUM:
            return "transaction gas limit too high (cap: 16777216, tx: " +
                   std::to_string(t.gas_limit) + ")";
        case TxError::PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS:
            return "max priority fee per gas higher than max fee per gas";
        case TxError::INITCODE_SIZE_EXCEEDED:
            return "max initcode size exceeded: code size " + std::to_string(t.data.size()) +
                   ", limit 49152";
        case TxError::INVALID_CHAINID:
            return "invalid chain id for signer: have " + std::to_string(t.chain_id.value_or(0)) +
                   " want " + std::to_string(spec.chain_id);
        case TxError::TYPE_NOT_SUPPORTED:
            return "transaction type not supported";
        default:
            return "invalid transaction: " + std::string(exec::name(e));
    }
}

uint256 cost_of(const Transaction& t) {
    uint256 cost = t.max_fee_per_gas * uint256{t.gas_limit} + t.value;
    cost += t.max_fee_per_blob_gas * uint256{GAS_PER_BLOB * t.blob_hashes.size()};
    return cost;
}

/// What a transaction takes of memory, as far as its sender decides.
std::size_t size_of(const PooledTxn& txn) {
    return 2 * txn.raw.size() + txn.sidecar.size() + sizeof(PooledTxn);
}

uint256 raised(const uint256& fee, unsigned percent) {
    return fee + (fee * uint256{percent} + 99) / 100;
}

}  // namespace

Pool::Pool(PoolChain chain, PoolOptions options)
    : chain_(std::move(chain)), options_(std::move(options)) {}

std::expected<PooledTxn, PoolRejection> Pool::check(ByteView raw) const {
    auto decoded = decode_network(raw);
    if (!decoded) return reject(describe(decoded.error()));
    const Transaction& t = decoded->txn;
    if (t.type == TxType::deposit) return reject("transaction type not supported");
    PooledTxn out;
    out.raw = decoded->sidecar ? encode(t) : to_bytes(raw);
    if (out.raw.size() > options_.max_txn_bytes)
        return reject("oversized data: transaction size " + std::to_string(out.raw.size()) +
                      ", limit " + std::to_string(options_.max_txn_bytes));
    const BlockContext block = chain_.next_block();
    exec::BlockRoom room;
    room.gas = block.gas_limit;
    const BlobParams blobs = chain_.spec->blobs_at(block.timestamp);
    room.blob_gas = blobs.max * GAS_PER_BLOB;
    // Today's base fees do not decide: the transaction may wait for lower ones.
    BlockContext cheap = block;
    cheap.base_fee = {};
    if (const auto ok = exec::validate_stateless(t, *chain_.spec, cheap, room); !ok)
        return reject(describe(ok.error(), t, *chain_.spec, block));
    if (t.max_priority_fee_per_gas < options_.min_tip)
        return reject("transaction gas price below minimum: gas tip cap " +
                      decimal(t.max_priority_fee_per_gas) + ", minimum needed " +
                      decimal(options_.min_tip));
    if (t.type == TxType::blob) {
        if (!decoded->sidecar) return reject("missing sidecar in blob transaction");
        if (!chain_.check_sidecar) return reject("transaction type not supported");
        if (const auto ok = chain_.check_sidecar(*decoded); !ok) return reject(ok.error());
        out.sidecar = to_bytes(raw);
    }
    const auto sender = t.s > crypto::SECP256K1_HALF_ORDER
                            ? std::nullopt
                            : host::recover_address_native(signing_hash(t), t.r, t.s, t.odd_y);
    if (!sender) return reject("invalid sender: the signature does not recover");
    out.sender = *sender;
    out.hash = crypto::keccak256(out.raw);
    out.txn = std::move(decoded->txn);
    return out;
}

std::expected<Bytes32, PoolRejection> Pool::submit(ByteView raw) {
    auto checked = check(raw);
    if (!checked) return std::unexpected(checked.error());
    return take(std::move(*checked));
}

std::expected<Bytes32, PoolRejection> Pool::take(PooledTxn checked) {
    const auto txn = std::make_shared<const PooledTxn>(std::move(checked));
    const auto account = chain_.account(txn->sender);
    if (!account) return reject("state is not available: " + account.error().message, -32603);
    uint256 cost = cost_of(txn->txn);
    if (chain_.l1_data_fee) cost += chain_.l1_data_fee(txn->raw);
    if (account->balance < cost)
        return reject("insufficient funds for gas * price + value: balance " +
                      decimal(account->balance) + ", tx cost " + decimal(cost) + ", overshot " +
                      decimal(cost - account->balance));
    std::vector<Listener> listeners;
    {
        const std::scoped_lock lock(mutex_);
        if (auto done = insert(txn, *account); !done) return std::unexpected(done.error());
        listeners = listeners_;
    }
    for (const auto& listener : listeners) listener(txn->hash);
    return txn->hash;
}

std::expected<Bytes32, PoolRejection> Pool::submit_impersonated(Transaction txn,
                                                                const Address& sender) {
    Bytes32 word;
    std::memcpy(word.data() + 12, sender.data(), 20);
    txn.r = to_uint256(word);
    txn.s = {};
    txn.odd_y = false;
    const BlockContext block = chain_.next_block();
    BlockContext cheap = block;
    cheap.base_fee = {};
    exec::BlockRoom room;
    room.gas = block.gas_limit;
    if (const auto ok = exec::validate_stateless(txn, *chain_.spec, cheap, room); !ok)
        return reject(describe(ok.error(), txn, *chain_.spec, block));
    PooledTxn out;
    out.raw = encode(txn);
    out.hash = crypto::keccak256(out.raw);
    out.sender = sender;
    out.txn = std::move(txn);
    return take(std::move(out));
}

std::size_t Pool::forget_of(const Address& sender, Queue& queue) {
    std::size_t count = 0;
    for (auto it = queue.slots.begin(); it != queue.slots.end();) {
        const auto slot = it++;
        if (slot->second.popped) continue;
        erase(sender, queue, slot);
        ++count;
    }
    return count;
}

std::size_t Pool::forget(const Bytes32& hash) {
    const std::scoped_lock lock(mutex_);
    const auto known = by_hash_.find(hash);
    if (known == by_hash_.end()) return 0;
    const PooledRef txn = known->second;
    Queue& queue = queues_[txn->sender];
    const auto slot = queue.slots.find(txn->txn.nonce);
    if (slot == queue.slots.end() || slot->second.popped) return 0;
    erase(txn->sender, queue, slot);
    return 1;
}

std::size_t Pool::forget(const Address& sender) {
    const std::scoped_lock lock(mutex_);
    const auto queue = queues_.find(sender);
    return queue == queues_.end() ? 0 : forget_of(sender, queue->second);
}

std::size_t Pool::forget_all() {
    const std::scoped_lock lock(mutex_);
    std::size_t count = 0;
    for (auto& [sender, queue] : queues_) count += forget_of(sender, queue);
    return count;
}

std::expected<void, PoolRejection> Pool::insert(const PooledRef& txn, const Account& account) {
    const Transaction& t = txn->txn;
    if (by_hash_.contains(txn->hash)) return reject("already known");
    if (t.nonce < account.nonce)
        return reject("nonce too low: next nonce " + std::to_string(account.nonce) + ", tx nonce " +
                      std::to_string(t.nonce));
    if (t.nonce - account.nonce >= options_.max_per_account)
        return reject("nonce too high: next nonce " + std::to_string(account.nonce) +
                      ", tx nonce " + std::to_string(t.nonce) + ", at most " +
                      std::to_string(options_.max_per_account) + " ahead");
    while (by_hash_.size() >= options_.max_transactions ||
           bytes_ + size_of(*txn) > options_.max_bytes)
        if (!make_room()) return reject("txpool is full");
    Queue& queue = queues_[txn->sender];
    if (account.nonce > queue.next_nonce) queue.next_nonce = account.nonce;
    if (t.nonce < queue.next_nonce)
        return reject("nonce too low: next nonce " + std::to_string(queue.next_nonce) +
                      ", tx nonce " + std::to_string(t.nonce));
    if (const auto it = queue.slots.find(t.nonce); it != queue.slots.end()) {
        const Transaction& old = it->second.txn->txn;
        const unsigned bump = old.type == TxType::blob ? options_.blob_replacement_bump_percent
                                                       : options_.replacement_bump_percent;
        if (it->second.popped)
            return reject("nonce too low: a transaction with this nonce is being included");
        if (t.max_fee_per_gas < raised(old.max_fee_per_gas, bump) ||
            t.max_priority_fee_per_gas < raised(old.max_priority_fee_per_gas, bump) ||
            (old.type == TxType::blob &&
             t.max_fee_per_blob_gas < raised(old.max_fee_per_blob_gas, bump)))
            return reject("replacement transaction underpriced");
        forget(it->second.txn);
        it->second = {txn, it->second.arrival, false};
    } else {
        queue.slots[t.nonce] = {txn, ++arrivals_, false};
    }
    remember(txn);
    refresh_candidate(txn->sender, queue);
    return {};
}

/// Throws out the account's last transaction that pays least among those that cannot run now.
bool Pool::make_room() {
    std::map<Address, Queue>::iterator victim = queues_.end();
    uint256 least = ~uint256{};
    for (auto it = queues_.begin(); it != queues_.end(); ++it) {
        if (it->second.slots.empty()) continue;
        const auto& last = *it->second.slots.rbegin();
        const bool runs_now = last.first == it->second.next_nonce;
        if (last.second.popped || runs_now) continue;
        if (last.second.txn->txn.max_priority_fee_per_gas < least) {
            least = last.second.txn->txn.max_priority_fee_per_gas;
            victim = it;
        }
    }
    if (victim == queues_.end()) return false;
    erase(victim->first, victim->second, std::prev(victim->second.slots.end()));
    return true;
}

void Pool::remember(const PooledRef& txn) {
    by_hash_[txn->hash] = txn;
    bytes_ += size_of(*txn);
}

void Pool::forget(const PooledRef& txn) {
    if (by_hash_.erase(txn->hash) != 0) bytes_ -= size_of(*txn);
}

void Pool::erase(const Address& sender, Queue& queue,
                 std::map<std::uint64_t, Slot>::iterator slot) {
    forget(slot->second.txn);
    queue.popped_to = std::min(queue.popped_to, slot->first);
    queue.slots.erase(slot);
    refresh_candidate(sender, queue);
}

void Pool::remove_candidate(const Address& sender) {
    if (const auto it = candidate_of_.find(sender); it != candidate_of_.end()) {
        candidates_.erase(it->second);
        candidate_of_.erase(it);
    }
}

void Pool::refresh_candidate(const Address& sender, Queue& queue) {
    remove_candidate(sender);
    // Hundreds may be popped: where the last search ended is kept.
    std::uint64_t& nonce = queue.popped_to;
    nonce = std::max(nonce, queue.next_nonce);
    auto it = queue.slots.find(nonce);
    while (it != queue.slots.end() && it->first == nonce && it->second.popped) {
        ++it;
        ++nonce;
    }
    if (it == queue.slots.end() || it->first != nonce) return;
    Candidate c{it->second.txn->txn.max_priority_fee_per_gas, it->second.arrival, it->second.txn};
    candidates_.insert(c);
    candidate_of_.emplace(sender, std::move(c));
}

PooledRef Pool::pop_best(const uint256& base_fee, const uint256& blob_base_fee) {
    const std::scoped_lock lock(mutex_);
    for (const auto& c : candidates_) {
        const Transaction& t = c.txn->txn;
        if (t.max_fee_per_gas < base_fee) continue;
        if (t.type == TxType::blob && t.max_fee_per_blob_gas < blob_base_fee) continue;
        PooledRef txn = c.txn;
        Queue& queue = queues_[txn->sender];
        queue.slots[t.nonce].popped = true;
        refresh_candidate(txn->sender, queue);
        return txn;
    }
    return nullptr;
}

std::vector<PooledRef> Pool::peek(std::size_t count) {
    const std::scoped_lock lock(mutex_);
    std::vector<PooledRef> out;
    for (const auto& candidate : candidates_) {
        if (out.size() == count) break;
        out.push_back(candidate.txn);
    }
    return out;
}

void Pool::drop(const PooledRef& txn) {
    const std::scoped_lock lock(mutex_);
    Queue& queue = queues_[txn->sender];
    const auto it = queue.slots.find(txn->txn.nonce);
    if (it != queue.slots.end() && it->second.txn == txn) erase(txn->sender, queue, it);
    dropped_from_.insert(txn->sender);
}

void Pool::give_back(const PooledRef& txn) {
    const std::scoped_lock lock(mutex_);
    Queue& queue = queues_[txn->sender];
    const auto it = queue.slots.find(txn->txn.nonce);
    if (it == queue.slots.end() || it->second.txn != txn) return;
    it->second.popped = false;
    queue.popped_to = std::min(queue.popped_to, it->first);
    refresh_candidate(txn->sender, queue);
}

void Pool::settle(const std::vector<std::pair<Address, std::uint64_t>>& next_nonces) {
    const std::scoped_lock lock(mutex_);
    for (const auto& [sender, nonce] : next_nonces) {
        const auto found = queues_.find(sender);
        if (found == queues_.end()) continue;
        Queue& queue = found->second;
        if (nonce < queue.next_nonce) queue.popped_to = nonce;
        queue.next_nonce = nonce;
        while (!queue.slots.empty() && queue.slots.begin()->first < nonce) {
            forget(queue.slots.begin()->second.txn);
            queue.slots.erase(queue.slots.begin());
        }
        refresh_candidate(sender, queue);
        if (queue.slots.empty()) queues_.erase(found);
    }
    // A nonce may be used without us, by a deposit or a block of others: those after it may run.
    for (const auto& sender : std::exchange(dropped_from_, {})) {
        const auto found = queues_.find(sender);
        if (found == queues_.end()) continue;
        Queue& queue = found->second;
        if (const auto account = chain_.account(sender);
            account && account->nonce > queue.next_nonce) {
            queue.next_nonce = account->nonce;
            while (!queue.slots.empty() && queue.slots.begin()->first < account->nonce)
                erase(sender, queue, queue.slots.begin());
            refresh_candidate(sender, queue);
        }
        if (queue.slots.empty()) queues_.erase(found);
    }
}

void Pool::reinject(const std::vector<Transaction>& txns) {
    {
        // Accounts went back: what the head says now counts.
        const std::scoped_lock lock(mutex_);
        for (auto& [sender, queue] : queues_) {
            const auto account = chain_.account(sender);
            if (account) queue.next_nonce = queue.popped_to = account->nonce;
            refresh_candidate(sender, queue);
        }
    }
    for (const auto& t : txns) {
        // A refusal here is final and needs no report: its sender sees the nonce unused.
        const auto result = submit(encode(t));
        (void)result;
    }
}

std::optional<PooledTxn> Pool::find(const Bytes32& hash) {
    const std::scoped_lock lock(mutex_);
    const auto it = by_hash_.find(hash);
    if (it == by_hash_.end()) return std::nullopt;
    return *it->second;
}

std::optional<std::uint64_t> Pool::pending_nonce(const Address& sender) {
    const std::scoped_lock lock(mutex_);
    const auto it = queues_.find(sender);
    if (it == queues_.end() || it->second.slots.empty()) return std::nullopt;
    std::uint64_t nonce = it->second.next_nonce;
    while (it->second.slots.contains(nonce)) ++nonce;
    return nonce;
}

PoolStatus Pool::status() {
    const std::scoped_lock lock(mutex_);
    PoolStatus out{.bytes = bytes_};
    for (const auto& [sender, queue] : queues_) {
        const auto& slots = queue.slots;
        if (slots.empty()) continue;
        std::size_t pending = 0;
        if (auto it = slots.find(queue.next_nonce); it != slots.end()) {
            // Mostly there is no gap, and the ends tell it.
            const bool whole =
                it == slots.begin() && slots.rbegin()->first - queue.next_nonce + 1 == slots.size();
            std::uint64_t nonce = queue.next_nonce;
            if (!whole)
                for (; it != slots.end() && it->first == nonce; ++it) ++nonce;
            pending = whole ? slots.size() : nonce - queue.next_nonce;
        }
        out.pending += pending;
        out.queued += slots.size() - pending;
    }
    return out;
}

TxnPool::Content Pool::content() {
    const std::scoped_lock lock(mutex_);
    Content out;
    for (const auto& [sender, queue] : queues_) {
        std::uint64_t nonce = queue.next_nonce;
        for (const auto& [n, slot] : queue.slots) {
            if (n == nonce) {
                out.pending.push_back(*slot.txn);
                ++nonce;
            } else {
                out.queued.push_back(*slot.txn);
            }
        }
    }
    return out;
}

void Pool::on_pending(Listener listener) {
    const std::scoped_lock lock(mutex_);
    listeners_.push_back(std::move(listener));
}

}  // namespace mezz::node
