// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/censorship.hpp"

#include "app/dev_accounts.hpp"
#include "app/force_include.hpp"
#include "core/codec/byte_reader.hpp"
#include "core/crypto/keccak.hpp"
#include "node/host/signing/abi.hpp"
#include "node/ports/decimal.hpp"

namespace mezz::app {
namespace {

using node::abi::Call;

const uint256 amount{1'000'000'000'000'000};  ///< units: wei
constexpr std::uint64_t deposit_gas = 100'000;

}  // namespace

node::Result<std::unique_ptr<Censorship>> Censorship::make(Network& network) {
    if (auto dev = require_development(network); !dev) return std::unexpected(dev.error());
    auto signer = node::Signer::make(dev_accounts()[7].private_key);
    if (!signer) return std::unexpected(signer.error());
    std::unique_ptr<Censorship> out(new Censorship(network, std::move(*signer)));
    // An address that nobody has used.
    Bytes name = to_bytes(Bytes32{});
    append_be64(name, out->clock_.now_ms());
    out->recipient_ = Address::from(ByteView(crypto::keccak256(name)).last(20));
    return out;
}

Censorship::~Censorship() {
    // Nothing can be done about it here: the next `mezz dev` starts without it.
    if (on_) (void)set(false);
}

node::Result<void> Censorship::set(bool on) {
    for (const auto* name : {"skipped-deposits", "censored-deposits"}) {
        const auto done = network_.ask("mezz_setFault",
                                       std::string("[\"") + name + (on ? "\",true]" : "\",false]"));
        if (!done) return std::unexpected(done.error());
    }
    on_ = on;
    return {};
}

node::Result<void> Censorship::deposit() {
    node::TxCandidate candidate;
    candidate.to = network_.file().contracts.portal;
    candidate.value = amount;
    candidate.data = Call("depositTransaction(address,uint256,uint64,bool,bytes)")
                         .word(recipient_)
                         .word(amount)
                         .word(deposit_gas)
                         .word(std::uint64_t{0})
                         .bytes({})
                         .finish();
    deposit_ = txs_.send(std::move(candidate));
    ++moves_;
    return {};
}

node::Result<Attacker::Outcome> Censorship::step(std::uint64_t now_ms) {
    txs_.step(now_ms);
    if (!on_ && !block_)
        if (auto done = set(true); !done) return std::unexpected(done.error());
    if (!deposit_)
        if (auto done = deposit(); !done) return std::unexpected(done.error());
    const auto status = txs_.status(*deposit_);
    if (!status || !status->done()) return Attacker::Outcome{"depositing", false, false};
    if (!status->receipt || !status->receipt->success)
        return node::fatal("the deposit was not accepted: " + status->error);
    if (!block_) {
        const auto balance =
            network_.ask("eth_getBalance", "[\"" + hex_text(recipient_) + "\",\"latest\"]");
        if (!balance) return std::unexpected(balance.error());
        if (*balance == "\"0x0\"") {
            if (forced_)
                return Attacker::Outcome{"forced; waiting for it to be derived", false, false};
            const auto forced = force_overdue(network_.parent(), network_.file(), txs_);
            forced_ = forced && *forced;
            if (forced_) ++moves_;
            return Attacker::Outcome{"left out by the sequencer; waiting until it is overdue",
                                     false, false};
        }
        // The sequencer did not include it: its own blocks leave deposits out.
        if (!forced_) return node::fatal("the deposit ran though it was censored");
        const auto head = network_.ask("eth_blockNumber", "[]");
        if (!head) return std::unexpected(head.error());
        block_ = std::stoull(head->substr(1), nullptr, 16);
        if (auto done = set(false); !done) return std::unexpected(done.error());
    }
    const auto final = network_.has_final_claim(*block_, {});
    if (!final) return std::unexpected(final.error());
    return Attacker::Outcome{
        "it ran; waiting for a claim of block " + std::to_string(*block_) + " to become final",
        *final, false};
}

}  // namespace mezz::app
