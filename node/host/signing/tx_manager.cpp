// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/signing/tx_manager.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "core/crypto/kzg.hpp"
#include "node/host/signing/sidecar.hpp"
#include "node/ports/decimal.hpp"

namespace mezz::node {

struct TxManager::Item {
    TxId id = 0;
    TxCandidate candidate;
    TxStatus status;
    std::optional<std::uint64_t> nonce;
    std::optional<Fees> fees;
    std::vector<Bytes32> blob_hashes;
    std::optional<BlobSidecar> sidecar;
    std::vector<Bytes32> hashes;  ///< versions that the parent may have, oldest first
    std::uint64_t first_sent_ms = 0;
    std::uint64_t last_sent_ms = 0;
    std::uint64_t not_before_ms = 0;
    std::uint64_t nonce_used_since_ms = 0;
    unsigned rejections = 0;
    bool forgotten = false;

    [[nodiscard]] bool blob() const { return !candidate.blobs.empty(); }
    [[nodiscard]] bool urgent(std::uint64_t now_ms) const {
        return candidate.urgent_at_ms != 0 && now_ms >= candidate.urgent_at_ms;
    }
};

namespace {

constexpr std::uint64_t retry_pause_ms = 500;
constexpr unsigned max_rejections = 10;
constexpr std::uint64_t wait_step_ms = 25;

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

bool mentions(const std::string& text, std::initializer_list<std::string_view> parts) {
    return std::any_of(parts.begin(), parts.end(),
                       [&](auto part) { return text.find(part) != std::string::npos; });
}

}  // namespace

TxManager::TxManager(Parent& parent, Signer signer, Clock& clock, TxManagerOptions options,
                     std::function<void(std::uint64_t)> sleep)
    : parent_(parent),
      signer_(std::move(signer)),
      clock_(clock),
      options_(options),
      sleep_(std::move(sleep)),
      sidecar_(options.sidecar_version == SidecarVersion::automatic ? SidecarVersion::cell_proofs
                                                                    : options.sidecar_version) {
    if (!sleep_)
        sleep_ = [](std::uint64_t ms) {
            std::this_thread::sleep_for(std::chrono::milliseconds(ms));
        };
}
TxManager::~TxManager() = default;

TxId TxManager::send(TxCandidate candidate) {
    auto item = std::make_unique<Item>();
    item->id = next_id_++;
    item->candidate = std::move(candidate);
    items_.push_back(std::move(item));
    return items_.back()->id;
}

std::optional<TxStatus> TxManager::status(TxId id) const {
    for (const auto& item : items_)
        if (item->id == id) return item->status;
    return std::nullopt;
}

void TxManager::forget(TxId id) {
    for (auto& item : items_)
        if (item->id == id) item->forgotten = true;
    std::erase_if(items_, [](const auto& i) { return i->forgotten && i->status.done(); });
}

bool TxManager::cancel(TxId id) {
    return std::erase_if(items_, [&](const auto& i) {
               return i->id == id && i->status.state == TxState::queued && !i->nonce;
           }) != 0;
}

std::size_t TxManager::unfinished() const noexcept {
    return static_cast<std::size_t>(std::count_if(items_.begin(), items_.end(),
                                                  [](const auto& i) { return !i->status.done(); }));
}

void TxManager::note(Item& item, std::string error) {
    item.status.error = error;
    last_error_ = std::move(error);
}

void TxManager::step(std::uint64_t now_ms) {
    last_error_.clear();
    if (unfinished() == 0) return;
    if (const auto r = refresh(); !r) {
        last_error_ = r.error().message;
        return;
    }
    for (auto& item : items_)
        if (!item->status.done() && !item->hashes.empty())
            if (const auto r = poll(*item, now_ms); !r) note(*item, r.error().message);
    close_gap(now_ms);
    for (auto& item : items_) {
        if (item->status.done() || item->status.state != TxState::queued) continue;
        if (!may_send(*item) || now_ms < item->not_before_ms) break;
        auto r = prepare(*item, now_ms);
        if (r) r = submit(*item, now_ms);
        if (!r) take_rejection(*item, r.error(), now_ms);
        // Order is kept: what comes after waits until this one is out.
        if (item->status.state == TxState::queued) break;
    }
    std::erase_if(items_, [](const auto& i) { return i->forgotten && i->status.done(); });
}

Result<void> TxManager::refresh() {
    if (!chain_id_) {
        const auto id = parent_.chain_id();
        if (!id) return std::unexpected(id.error());
        chain_id_ = *id;
    }
    const auto head = parent_.block(BlockTag::latest);
    if (!head) return std::unexpected(head.error());
    head_number_ = head->number;
    const auto mined = parent_.nonce(signer_.address(), false);
    if (!mined) return std::unexpected(mined.error());
    mined_nonce_ = *mined;
    return {};
}

void TxManager::count(const Item& item, std::uint64_t now_ms) {
    const ParentReceipt& receipt = *item.status.receipt;
    ++(receipt.success ? totals_.confirmed : totals_.reverted);
    totals_.gas_used += receipt.gas_used;
    double price = 0;
    for (std::size_t i = 4; i-- > 0;)
        price = price * 0x1p64 + static_cast<double>(receipt.effective_gas_price.limb[i]);
    totals_.fee_wei += price * static_cast<double>(receipt.gas_used);
    if (receipt.success && now_ms > item.first_sent_ms)
        totals_.seconds += static_cast<double>(now_ms - item.first_sent_ms) / 1000;
}

Result<void> TxManager::poll(Item& item, std::uint64_t now_ms) {
    // A nonce that is not used yet has no receipt.
    if (mined_nonce_ > *item.nonce) {
        for (auto hash = item.hashes.rbegin(); hash != item.hashes.rend(); ++hash) {
            auto receipt = parent_.receipt(*hash);
            if (!receipt) return std::unexpected(receipt.error());
            if (!*receipt) continue;
            const std::uint64_t block = (*receipt)->block_number;
            const std::uint64_t depth = head_number_ > block ? head_number_ - block + 1 : 1;
            item.status.hash = *hash;
            item.status.receipt = std::move(**receipt);
            item.status.state = TxState::mined;
            item.status.error.clear();
            if (depth >= options_.confirmations) {
                item.status.state =
                    item.status.receipt->success ? TxState::confirmed : TxState::reverted;
                count(item, now_ms);
                item.sidecar.reset();
                item.candidate.blobs.clear();
            }
            return {};
        }
        if (item.nonce_used_since_ms == 0) item.nonce_used_since_ms = now_ms;
        if (now_ms - item.nonce_used_since_ms < options_.resubmit_after_ms) return {};
        note(item, "nonce " + std::to_string(*item.nonce) + " of " + "the account was used by " +
                       "another transaction; sending again with a new one. Give each actor its "
                       "own key");
        item.hashes.clear();
        item.nonce.reset();
        item.nonce_used_since_ms = 0;
        item.status.state = TxState::queued;
        return {};
    }
    item.nonce_used_since_ms = 0;
    if (item.status.state == TxState::mined) {
        item.status.state = TxState::in_flight;
        item.status.receipt.reset();
        note(item, "the parent reorganised the transaction away; sending it again");
        const auto r = submit(item, now_ms);
        if (!r) take_rejection(item, r.error(), now_ms);
        return {};
    }
    if (now_ms < item.last_sent_ms + resubmit_after_ms(item, now_ms) || now_ms < item.not_before_ms)
        return {};
    if (const auto quote = parent_.fees()) quote_ = *quote;
    ++totals_.fee_raises;
    if (!raise_fees(item, now_ms))
        note(item, "transaction " + std::to_string(*item.nonce) +
                       " is not mined at the highest fee allowed; raise max_fee");
    const auto r = submit(item, now_ms);
    if (!r) take_rejection(item, r.error(), now_ms);
    return {};
}

bool TxManager::may_send(const Item& item) const {
    std::size_t in_flight = 0;
    for (const auto& other : items_) {
        if (other->status.state != TxState::in_flight) continue;
        ++in_flight;
        // Common pools refuse an account that has both kinds waiting.
        if (other->blob() != item.blob()) return false;
    }
    return in_flight < options_.max_in_flight;
}

Result<void> TxManager::prepare(Item& item, std::uint64_t now_ms) {
    auto& candidate = item.candidate;
    if (item.blob() && candidate.commitments.size() != candidate.blobs.size()) {
        auto commitments = commit_to(candidate.blobs);
        if (!commitments) return std::unexpected(std::move(commitments.error()));
        candidate.commitments = std::move(*commitments);
    }
    item.blob_hashes.clear();
    for (const auto& c : candidate.commitments)
        item.blob_hashes.push_back(crypto::kzg_to_versioned_hash(c));
    if (!candidate.gas_limit) {
        const auto gas =
            parent_.estimate_gas(signer_.address(), candidate.to, candidate.value, candidate.data);
        if (!gas) return std::unexpected(gas.error());
        candidate.gas_limit = *gas + *gas / 5;
    }
    if (!item.fees) {
        const auto quote = parent_.fees();
        if (!quote) return std::unexpected(quote.error());
        quote_ = *quote;
        raise_fees(item, now_ms);
    }
    if (!item.nonce) {
        const bool any = std::any_of(items_.begin(), items_.end(),
                                     [](const auto& i) { return i->nonce && !i->status.done(); });
        if (!any || !next_nonce_) {
            const auto pending = parent_.nonce(signer_.address(), true);
            if (!pending) return std::unexpected(pending.error());
            next_nonce_ = std::max(*pending, mined_nonce_);
            for (const auto& i : items_)
                if (i->nonce && !i->status.done())
                    next_nonce_ = std::max(*next_nonce_, *i->nonce + 1);
        }
        item.nonce = (*next_nonce_)++;
    }
    return {};
}

std::uint64_t TxManager::resubmit_after_ms(const Item& item, std::uint64_t now_ms) const {
    return item.urgent(now_ms) ? options_.resubmit_after_ms / 4 : options_.resubmit_after_ms;
}

bool TxManager::raise_fees(Item& item, std::uint64_t now_ms) {
    constexpr std::uint64_t urgent_bump_permille = 500;
    const Fees fresh{std::max(quote_.priority_fee, options_.min_tip),
                     quote_.base_fee * 2 + std::max(quote_.priority_fee, options_.min_tip),
                     std::max(quote_.blob_base_fee * 2, options_.min_blob_fee)};
    const std::optional<Fees> old = item.fees;
    Fees next = fresh;
    if (old) {
        const std::uint64_t bump = item.urgent(now_ms)
                                       ? std::max(urgent_bump_permille, options_.fee_bump_permille)
                                       : options_.fee_bump_permille;
        const std::uint64_t factor = item.blob() ? 2'000 : 1'000 + bump;
        const auto raised = [&](const uint256& now, const uint256& was) {
            return std::max(now, was * factor / 1'000 + 1);
        };
        next = {raised(fresh.tip, old->tip), raised(fresh.fee, old->fee),
                raised(fresh.blob_fee, old->blob_fee)};
    }
    next.fee =
        std::min(next.fee, item.urgent(now_ms) ? std::max(options_.urgent_max_fee, options_.max_fee)
                                               : options_.max_fee);
    next.tip = std::min(next.tip, next.fee);
    next.blob_fee = std::min(next.blob_fee, options_.max_blob_fee);
    item.fees = next;
    return !old || next.fee > old->fee;
}

Result<void> TxManager::submit(Item& item, std::uint64_t now_ms) {
    const auto& candidate = item.candidate;
    Transaction txn;
    txn.type = item.blob() ? TxType::blob : TxType::dynamic_fee;
    txn.chain_id = chain_id_;
    txn.nonce = *item.nonce;
    txn.max_priority_fee_per_gas = item.fees->tip;
    txn.max_fee_per_gas = item.fees->fee;
    txn.gas_limit = *candidate.gas_limit;
    txn.to = candidate.to;
    txn.value = candidate.value;
    txn.data = candidate.data;
    if (item.blob()) {
        txn.max_fee_per_blob_gas = item.fees->blob_fee;
        txn.blob_hashes = item.blob_hashes;
    }
    signer_.sign(txn);

    Bytes raw;
    if (item.blob()) {
        const auto version = static_cast<std::uint8_t>(sidecar_);
        if (!item.sidecar || item.sidecar->version != version) {
            auto sidecar = make_sidecar(candidate.blobs, candidate.commitments, version);
            if (!sidecar) return std::unexpected(std::move(sidecar.error()));
            item.sidecar = std::move(*sidecar);
        }
        raw = encode_network(txn, *item.sidecar);
    } else {
        raw = encode(txn);
    }
    const Bytes32 txn_hash = hash(txn);
    const auto sent = parent_.send(raw);
    if (!sent && !mentions(lower(sent.error().message),
                           {"already known", "already imported", "known transaction"}))
        return std::unexpected(sent.error());
    if (std::find(item.hashes.begin(), item.hashes.end(), txn_hash) == item.hashes.end())
        item.hashes.push_back(txn_hash);
    item.status.hash = txn_hash;
    item.status.state = TxState::in_flight;
    item.status.error.clear();
    item.last_sent_ms = now_ms;
    if (item.first_sent_ms == 0) {
        item.first_sent_ms = now_ms;
        ++totals_.sent;
    }
    return {};
}

void TxManager::take_rejection(Item& item, const Error& error, std::uint64_t now_ms) {
    const std::string text = lower(error.message);
    const bool first = item.hashes.empty();
    item.not_before_ms = now_ms + retry_pause_ms;
    if (mentions(text, {"nonce too low", "nonce is too low", "nonce too high", "nonce gap"})) {
        // A version sent before may be the one that used it: then poll finds the receipt.
        if (first) {
            item.nonce.reset();
            next_nonce_.reset();
        } else {
            item.last_sent_ms = now_ms;
        }
        return note(item, error.message + "; the nonce will be read again from the parent");
    }
    if (mentions(text, {"insufficient funds"})) {
        const auto balance = parent_.balance(signer_.address());
        return note(item, error.message + "; the account has " +
                              (balance ? decimal(*balance) : std::string("an unknown amount of")) +
                              " wei: send it more");
    }
    if (mentions(text, {"underpriced", "fee too low", "base fee", "basefee", "blob fee"})) {
        if (const auto quote = parent_.fees()) quote_ = *quote;
        raise_fees(item, now_ms);
        return note(item, error.message + "; trying a higher fee");
    }
    if (item.blob() && options_.sidecar_version == SidecarVersion::automatic &&
        sidecar_ == SidecarVersion::cell_proofs &&
        mentions(text, {"sidecar", "proof", "wrapper", "cell", "rlp", "decode", "eip-7594"})) {
        sidecar_ = SidecarVersion::blob_proofs;
        item.not_before_ms = now_ms;
        return note(item, error.message + "; trying the EIP-4844 form of the sidecar");
    }
    note(item, error.message);
    if (!first) {
        item.last_sent_ms = now_ms;
        return;
    }
    const bool refused = mentions(text, {"answered error"}) && ++item.rejections >= max_rejections;
    if (error.handling == Handling::retry && !refused) return;
    item.status.state = TxState::failed;
    ++totals_.failed;
    item.nonce.reset();
    next_nonce_.reset();
}

/// Nonces below our first one that belong to nobody we know: they are taken over. At once where the
/// parent's pool has none of them, as after a reorganisation that took back what was finished here;
/// else after a while.
void TxManager::close_gap(std::uint64_t now_ms) {
    const auto first = std::find_if(items_.begin(), items_.end(), [](const auto& i) {
        return i->nonce && i->status.state == TxState::in_flight;
    });
    if (first == items_.end() || *(*first)->nonce <= mined_nonce_) {
        gap_since_ms_ = 0;
        return;
    }
    if (gap_since_ms_ == 0) gap_since_ms_ = now_ms;
    if (now_ms - gap_since_ms_ < retry_pause_ms) return;
    if (now_ms - gap_since_ms_ < 2 * options_.resubmit_after_ms) {
        const auto pending = parent_.nonce(signer_.address(), true);
        if (!pending || *pending != mined_nonce_) return;
    }
    gap_since_ms_ = 0;
    for (auto& item : items_) {
        if (!item->nonce || item->status.state != TxState::in_flight) continue;
        item->nonce.reset();
        item->hashes.clear();
        item->status.state = TxState::queued;
        raise_fees(*item, now_ms);
        note(*item, "transactions before this one are stuck; taking over their nonces from " +
                        std::to_string(mined_nonce_));
    }
    next_nonce_ = mined_nonce_;
    // Numbered here, because prepare would ask for the pending nonce, which counts the stuck ones.
    for (auto& item : items_)
        if (!item->nonce && item->status.state == TxState::queued) item->nonce = (*next_nonce_)++;
}

Result<std::vector<ParentReceipt>> TxManager::wait(const std::vector<TxId>& ids,
                                                   std::uint64_t timeout_ms) {
    const std::uint64_t start = clock_.now_ms();
    for (;;) {
        const std::uint64_t now = clock_.now_ms();
        step(now);
        std::vector<ParentReceipt> receipts;
        std::string trouble = last_error_;
        for (const TxId id : ids) {
            const auto s = status(id);
            if (!s) return fatal("transaction " + std::to_string(id) + " is not known here");
            if (s->state == TxState::failed)
                return reset("the parent refuses a transaction: " + s->error);
            if (s->state == TxState::reverted)
                return reset("a transaction reverted on the parent in block " +
                             std::to_string(s->receipt->block_number) + " after " +
                             std::to_string(s->receipt->gas_used) + " gas");
            if (s->state == TxState::confirmed) receipts.push_back(*s->receipt);
            if (!s->error.empty()) trouble = s->error;
        }
        if (receipts.size() == ids.size()) {
            for (const TxId id : ids) forget(id);
            return receipts;
        }
        if (now - start >= timeout_ms)
            return retry(
                "no receipt within " + std::to_string(timeout_ms) + " ms" +
                (trouble.empty() ? std::string("; is the parent making blocks?") : ": " + trouble));
        sleep_(wait_step_ms);
    }
}

Result<ParentReceipt> TxManager::send_and_wait(TxCandidate candidate, std::uint64_t timeout_ms) {
    auto receipts = wait({send(std::move(candidate))}, timeout_ms);
    if (!receipts) return std::unexpected(std::move(receipts.error()));
    return std::move(receipts->front());
}

}  // namespace mezz::node
