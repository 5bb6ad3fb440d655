// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/settle/withdrawer/withdrawer.hpp"

#include <algorithm>

#include "core/crypto/keccak.hpp"
#include "core/derive/block.hpp"
#include "node/host/signing/abi.hpp"

namespace mezz::node {
namespace {

constexpr Address message_passer = hex<Address>("0x4200000000000000000000000000000000000016");
constexpr std::string_view withdrawal_type = "(uint256,address,address,uint256,uint256,bytes)";
constexpr std::uint64_t challenger_wins = 1;
constexpr std::uint64_t defender_wins = 2;

abi::Words fields_of(const Withdrawal& w) {
    abi::Words out;
    out.word(w.nonce).word(w.sender).word(w.target).word(w.value).word(w.gas_limit).bytes(w.data);
    return out;
}

Result<uint256> read(Parent& parent, const Address& to, const Bytes& input, std::size_t word = 0) {
    const auto answer = parent.call(to, input);
    if (!answer) return std::unexpected(answer.error());
    const auto value = abi::word_at(*answer, word);
    if (!value)
        return retry("a contract's answer is too short; check the addresses and the parent's URL");
    return *value;
}

Bytes getter(std::string_view signature) {
    return abi::Call(signature).finish();
}

}  // namespace

std::string_view name_of(WithdrawalStage stage) {
    switch (stage) {
        case WithdrawalStage::looking:
            return "looking";
        case WithdrawalStage::claim:
            return "waiting-for-claim";
        case WithdrawalStage::proving:
            return "proving";
        case WithdrawalStage::maturing:
            return "maturing";
        case WithdrawalStage::finalizing:
            return "finalizing";
        case WithdrawalStage::done:
            return "finalized";
        case WithdrawalStage::failed:
            return "failed";
    }
    return "unknown";
}

Bytes32 hash(const Withdrawal& withdrawal) {
    return crypto::keccak256(fields_of(withdrawal).finish());
}

std::optional<Withdrawal> withdrawal_of(const Log& log) {
    static const Bytes32 topic =
        abi::topic("MessagePassed(uint256,address,address,uint256,uint256,bytes,bytes32)");
    if (log.address != message_passer || log.topics.size() != 4 || log.topics[0] != topic)
        return std::nullopt;
    const auto value = abi::word_at(log.data, 0), gas = abi::word_at(log.data, 1);
    auto data = abi::bytes_at(log.data, 2);
    if (!value || !gas || !data) return std::nullopt;
    return Withdrawal{to_uint256(log.topics[1]),
                      to_address(to_uint256(log.topics[2])),
                      to_address(to_uint256(log.topics[3])),
                      *value,
                      *gas,
                      std::move(*data)};
}

Withdrawer::Withdrawer(ChainReader& chain, Parent& parent, TxManager& txs, const Bytes32& txn_hash,
                       WithdrawerOptions options)
    : chain_(chain),
      parent_(parent),
      txs_(txs),
      txn_hash_(txn_hash),
      options_(std::move(options)) {}

const WithdrawalStatus& Withdrawer::step(std::uint64_t now_ms) {
    txs_.step(now_ms);
    if (status_.stage >= WithdrawalStage::done || now_ms < next_poll_ms_) return status_;
    next_poll_ms_ = now_ms + options_.poll_ms;
    Result<void> r;
    if (!withdrawal_) r = look();
    if (r && withdrawal_) r = advance();
    if (r) return status_;
    status_.message = r.error().message;
    if (r.error().handling == Handling::fatal) status_.stage = WithdrawalStage::failed;
    return status_;
}

/// Finds the withdrawal on the chain.
Result<void> Withdrawer::look() {
    const auto place = chain_.find_transaction(txn_hash_);
    if (!place) return std::unexpected(place.error());
    if (!*place) {
        status_.message = "waiting for the transaction to be in a block";
        return {};
    }
    const auto receipts = chain_.receipts((*place)->block_number);
    if (!receipts) return std::unexpected(receipts.error());
    if (!*receipts || (*receipts)->receipts.size() <= (*place)->index)
        return retry("the receipt of the withdrawal is not there yet");
    const auto& receipt = (*receipts)->receipts[(*place)->index];
    std::size_t seen = 0;
    for (const auto& log : receipt.logs) {
        auto found = withdrawal_of(log);
        if (!found || seen++ != options_.log_index) continue;
        status_.withdrawal_hash = hash(*found);
        status_.block_number = (*place)->block_number;
        withdrawal_ = std::move(*found);
        return {};
    }
    return fatal("the transaction made " + std::to_string(seen) + " withdrawals, not " +
                 std::to_string(options_.log_index + 1) +
                 (receipt.success ? "; check its hash" : ": it reverted"));
}

/// Reads where the portal stands, and does the next thing.
Result<void> Withdrawer::advance() {
    if (txn_) {
        const auto s = txs_.status(*txn_);
        if (s && !s->done()) {
            // What keeps it from being sent: an empty account, a refusal.
            if (!s->error.empty()) status_.message = s->error;
            return {};
        }
        if (s) txs_.forget(*txn_);
        txn_.reset();
        if (s && s->state != TxState::confirmed)
            return retry("the portal refused a transaction" +
                         (s->error.empty() ? std::string() : ": " + s->error) + "; trying again");
    }
    const Address& portal = options_.contracts.portal;
    const auto finalized =
        read(parent_, portal,
             abi::Call("finalizedWithdrawals(bytes32)").word(status_.withdrawal_hash).finish());
    if (!finalized) return std::unexpected(finalized.error());
    if (!finalized->is_zero()) {
        status_.stage = WithdrawalStage::done;
        status_.eta_ms = 0;
        status_.message = "paid";
        return {};
    }
    const auto proven = parent_.call(portal, abi::Call("provenWithdrawals(bytes32,address)")
                                                 .word(status_.withdrawal_hash)
                                                 .word(txs_.address())
                                                 .finish());
    if (!proven) return std::unexpected(proven.error());
    const auto game = abi::word_at(*proven, 0), at = abi::word_at(*proven, 1);
    if (!game || !at) return retry("the portal's answer is too short; check its address");
    if (!at->is_zero()) {
        const auto status = read(parent_, to_address(*game), getter("status()"));
        if (!status) return std::unexpected(status.error());
        const auto proper =
            read(parent_, options_.contracts.anchor_state_registry,
                 abi::Call("isGameProper(address)").word(to_address(*game)).finish());
        if (!proper) return std::unexpected(proper.error());
        // A lost or excluded game is of no use any more: prove again with another.
        if (!proper->is_zero()) return mature(to_address(*game), at->limb[0], status->limb[0]);
    }
    if (const auto r = find_game(); !r || !status_.game_index) return r;
    return prove();
}

/// The newest game whose claim is about a block that has the withdrawal, and is true.
Result<void> Withdrawer::find_game() {
    status_.stage = WithdrawalStage::claim;
    status_.eta_ms.reset();
    status_.game_index.reset();
    status_.message = "waiting for a claim of block " + std::to_string(status_.block_number) +
                      " or later on the parent";
    const Address& factory = options_.contracts.dispute_game_factory;
    const auto count = read(parent_, factory, getter("gameCount()"));
    if (!count) return std::unexpected(count.error());
    const std::uint64_t total = count->limb[0];
    for (std::uint64_t back = 1; back <= total && back <= options_.scan_games; ++back) {
        const std::uint64_t i = total - back;
        const auto answer =
            parent_.call(factory, abi::Call("gameAtIndex(uint256)").word(i).finish());
        if (!answer) return std::unexpected(answer.error());
        const auto at = abi::word_at(*answer, 2);
        if (!at) return retry("game " + std::to_string(i) + " of the factory is malformed");
        const Address game = to_address(*at);
        const auto block = read(parent_, game, getter("l2SequenceNumber()"));
        if (!block) return std::unexpected(block.error());
        // Older games are about older blocks, unless somebody claims out of order.
        if (*block < status_.block_number) continue;
        const auto respected = read(parent_, game, getter("wasRespectedGameTypeWhenCreated()"));
        const auto status = read(parent_, game, getter("status()"));
        const auto claim = read(parent_, game, getter("rootClaim()"));
        if (!respected || !status || !claim)
            return retry("a game of the factory does not answer; trying again");
        if (respected->is_zero() || status->limb[0] == challenger_wins || !block->fits_u64())
            continue;
        const auto header = chain_.header(block->limb[0]);
        if (!header) return std::unexpected(header.error());
        if (!*header || derive::output_root(**header) != to_bytes32(*claim)) continue;
        status_.game_index = i;
        game_block_ = block->limb[0];
        return {};
    }
    return {};
}

Result<void> Withdrawer::prove() {
    const auto header = chain_.header(game_block_);
    if (!header) return std::unexpected(header.error());
    if (!*header) return retry("the claimed block is gone; trying again");
    auto state = chain_.state(game_block_);
    if (!state)
        return retry("the state of block " + std::to_string(game_block_) +
                     " is not kept any more (" + state.error().message +
                     "); waiting for a newer claim");
    const Bytes32 slot = crypto::keccak256(
        abi::Words().word(status_.withdrawal_hash).word(std::uint64_t{0}).finish());
    const auto proof = (*state)->prove(message_passer, {slot});
    if (!proof) return std::unexpected(proof.error());
    if (proof->slots.empty() || proof->slots[0].value != uint256{1})
        return retry("the claimed block does not hold the withdrawal; waiting for another claim");
    abi::Call call("proveWithdrawalTransaction(" + std::string(withdrawal_type) +
                   ",uint256,(bytes32,bytes32,bytes32,bytes32),bytes[])");
    call.nested(fields_of(*withdrawal_)).word(*status_.game_index);
    call.word(Bytes32{}).word((*header)->state_root).word(proof->storage_root);
    call.word(chain_.hash_of(game_block_)).bytes_array(proof->slots[0].proof);
    status_.stage = WithdrawalStage::proving;
    status_.message = "proving with game " + std::to_string(*status_.game_index);
    TxCandidate candidate;
    candidate.to = options_.contracts.portal;
    candidate.data = call.finish();
    txn_ = txs_.send(std::move(candidate));
    return {};
}

/// Waits for the proof's age, the game's resolution and its finality, then finalises.
Result<void> Withdrawer::mature(const Address& game, std::uint64_t proven_at,
                                std::uint64_t game_status) {
    const auto& c = options_.contracts;
    const auto maturity = read(parent_, c.system_config, getter("proofMaturityDelaySeconds()"));
    const auto finality =
        read(parent_, c.system_config, getter("disputeGameFinalityDelaySeconds()"));
    const auto clock = read(parent_, c.system_config, getter("maxClockDurationSeconds()"));
    const auto created = read(parent_, game, getter("createdAt()"));
    const auto resolved = read(parent_, game, getter("resolvedAt()"));
    if (!maturity || !finality || !clock || !created || !resolved)
        return retry("the contracts do not answer; trying again");
    const auto head = parent_.block(BlockTag::latest);
    if (!head) return std::unexpected(head.error());
    const bool open = game_status != defender_wins;
    // Every comparison in the contracts is strict: one second more.
    const std::uint64_t mature_at = proven_at + maturity->limb[0] + 1;
    const std::uint64_t resolved_at =
        open ? std::max(created->limb[0] + clock->limb[0], head->timestamp) : resolved->limb[0];
    const std::uint64_t final_at = resolved_at + finality->limb[0] + 1;
    const std::uint64_t ready_at = std::max(mature_at, final_at);
    status_.stage = WithdrawalStage::maturing;
    status_.eta_ms = ready_at > head->timestamp ? (ready_at - head->timestamp) * 1'000 : 0;
    if (open) {
        status_.message = "waiting for the game to be resolved";
        return {};
    }
    if (head->timestamp < ready_at) {
        status_.message = mature_at > final_at ? "waiting for the proof's age"
                                               : "waiting for the game's finality";
        return {};
    }
    TxCandidate candidate;
    candidate.to = c.portal;
    candidate.data =
        abi::Call("finalizeWithdrawalTransaction(" + std::string(withdrawal_type) + ")")
            .nested(fields_of(*withdrawal_))
            .finish();
    status_.stage = WithdrawalStage::finalizing;
    status_.eta_ms = 0;
    status_.message = "finalising";
    txn_ = txs_.send(std::move(candidate));
    return {};
}

}  // namespace mezz::node
