// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/load_accounts.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "app/dev_accounts.hpp"
#include "core/codec/byte_reader.hpp"
#include "core/crypto/keccak.hpp"
#include "node/host/signing/abi.hpp"
#include "node/ports/hex_text.hpp"
#include "node/settle/deployer/deployer.hpp"

namespace mezz::app {
namespace {

using node::abi::Call;

constexpr auto deploy_timeout = std::chrono::seconds(60);
constexpr std::uint64_t deploy_gas = 3'000'000;
/// Of each token, in the pair. The reserves of a pair have 112 bits.
constexpr unsigned liquidity_bits = 100;
constexpr std::uint64_t transfer_gas = 21'000, erc20_gas = 65'000, swap_gas = 180'000;

Transaction plain(std::uint64_t chain_id, std::uint64_t nonce) {
    Transaction t;
    t.type = TxType::dynamic_fee;
    t.chain_id = chain_id;
    t.nonce = nonce;
    t.max_priority_fee_per_gas = uint256{1'000'000};
    t.max_fee_per_gas = uint256{200'000'000'000};
    return t;
}

/// Sends transactions one after another, then waits for all of them.
class Deployment {
public:
    Deployment(LoadControl& control, std::uint64_t chain_id)
        : control_(control), chain_id_(chain_id) {}

    node::Result<Address> create(const char* name, ByteView arguments) {
        auto code = node::creation_code(name);
        if (!code) return node::fatal(std::string("this build has no ") + name);
        append(*code, arguments);
        const DevAccount& owner = dev_accounts()[0];
        const auto nonce = nonce_of(owner.address);
        if (!nonce) return std::unexpected(nonce.error());
        if (auto sent = send(owner, std::nullopt, std::move(*code), deploy_gas, name); !sent)
            return std::unexpected(sent.error());
        return create_address(owner.address, *nonce);
    }

    node::Result<void> send(const DevAccount& from, const std::optional<Address>& to, Bytes data,
                            std::uint64_t gas, const std::string& what) {
        const auto nonce = nonce_of(from.address);
        if (!nonce) return std::unexpected(nonce.error());
        Transaction t = plain(chain_id_, *nonce);
        t.gas_limit = gas;
        t.to = to;
        t.data = std::move(data);
        const auto signer = *node::Signer::make(from.private_key);
        signer.sign(t);
        const auto hash =
            control_.call("eth_sendRawTransaction", "[\"" + node::hex_text(encode(t)) + "\"]");
        if (!hash)
            return std::unexpected(
                node::Error{hash.error().handling, what + ": " + hash.error().message});
        under_way_.emplace_back(*hash, what);
        ++std::ranges::find(nonces_, from.address, &Nonce::of)->next;
        return {};
    }

    node::Result<void> wait() {
        const auto end = std::chrono::steady_clock::now() + deploy_timeout;
        for (const auto& [hash, what] : under_way_)
            for (;;) {
                const auto receipt = control_.call("eth_getTransactionReceipt", "[" + hash + "]");
                if (!receipt) return std::unexpected(receipt.error());
                if (receipt->find("\"status\":\"0x1\"") != std::string::npos) break;
                if (*receipt != "null") return node::fatal(what + ": the transaction failed");
                if (std::chrono::steady_clock::now() > end)
                    return node::retry(what + ": no block holds the transaction within 60 s");
                std::this_thread::sleep_for(std::chrono::milliseconds(50));
            }
        return {};
    }

private:
    struct Nonce {
        Address of;
        std::uint64_t next;
    };
    node::Result<std::uint64_t> nonce_of(const Address& account) {
        if (const auto known = std::ranges::find(nonces_, account, &Nonce::of);
            known != nonces_.end())
            return known->next;
        const auto asked = control_.quantity("eth_getTransactionCount",
                                             "[\"" + node::hex_text(account) + "\",\"pending\"]");
        if (asked) nonces_.push_back({account, *asked});
        return asked;
    }

    LoadControl& control_;
    std::uint64_t chain_id_;
    std::vector<Nonce> nonces_;
    std::vector<std::pair<std::string, std::string>> under_way_;  ///< hash as JSON, what it does
};

/// BenchToken(address[] holders, uint256 each)
Bytes token_arguments() {
    Bytes out;
    const auto word = [&](const uint256& v) { append(out, to_bytes32(v)); };
    word(64);
    word(uint256{1} << 128);
    word(dev_accounts().size());
    for (const auto& a : dev_accounts()) word(to_uint256(a.address));
    return out;
}

node::Result<void> deploy_pair(Deployment& deployment, LoadContracts& contracts) {
    const auto other = deployment.create("BenchToken", token_arguments());
    if (!other) return std::unexpected(other.error());
    const Address tokens[] = {*contracts.token, *other};
    Bytes arguments;
    for (const Address& t : tokens) append(arguments, to_bytes32(to_uint256(t)));
    const auto pair = deployment.create("BenchPair", arguments);
    if (!pair) return std::unexpected(pair.error());
    const auto router = deployment.create("BenchRouter", {});
    if (!router) return std::unexpected(router.error());
    contracts.pair = *pair;
    contracts.router = *router;
    const DevAccount& owner = dev_accounts()[0];
    for (const Address& t : tokens) {
        auto data = Call("transfer(address,uint256)")
                        .word(*pair)
                        .word(uint256{1} << liquidity_bits)
                        .finish();
        if (auto sent = deployment.send(owner, t, std::move(data), 100'000, "liquidity"); !sent)
            return sent;
    }
    if (auto sent = deployment.send(owner, *pair, Call("sync()").finish(), 200'000, "sync"); !sent)
        return sent;
    for (const auto& account : dev_accounts())
        for (const Address& t : tokens) {
            auto data = Call("approve(address,uint256)").word(*router).word(~uint256{}).finish();
            if (auto sent = deployment.send(account, t, std::move(data), 100'000, "approval");
                !sent)
                return sent;
        }
    return {};
}

}  // namespace

node::Result<LoadContracts> deploy_contracts(LoadControl& control, std::uint64_t chain_id,
                                             const Mix& mix) {
    LoadContracts out;
    const bool swaps =
        std::ranges::find(mix, LoadOperation::swaps, &MixPart::operation) != mix.end();
    const bool token = std::ranges::any_of(mix, needs_token, &MixPart::operation);
    if (!swaps && !token) return out;
    Deployment deployment(control, chain_id);
    const auto made = deployment.create("BenchToken", token_arguments());
    if (!made) return std::unexpected(made.error());
    out.token = *made;
    if (swaps)
        if (auto done = deploy_pair(deployment, out); !done) return std::unexpected(done.error());
    if (auto there = deployment.wait(); !there) return std::unexpected(there.error());
    return out;
}

std::string LoadSender::next_raw(LoadOperation operation) {
    Transaction t = plain(chain_id_, nonce_);
    const std::uint64_t amount = 1'000'000 + nonce_ % 1000;
    switch (operation) {
        case LoadOperation::erc20:
            t.to = contracts_.token;
            t.gas_limit = erc20_gas;
            t.data = Call("transfer(address,uint256)").word(next_recipient()).word(amount).finish();
            break;
        case LoadOperation::swaps:
            t.to = contracts_.router;
            t.gas_limit = swap_gas;
            t.data = Call("swapExactIn(address,bool,uint256,uint256,address,uint256)")
                         .word(*contracts_.pair)
                         .word(nonce_ % 2)
                         .word(amount)
                         .word(std::uint64_t{1})
                         .word(signer_.address())
                         .word(~uint256{})
                         .finish();
            break;
        default:
            t.to = next_recipient();
            t.gas_limit = transfer_gas;
            t.value = uint256{amount};
    }
    ++nonce_;
    signer_.sign(t);
    return node::hex_text(encode(t));
}

/// Looks random to a compressor, and is the same in every run.
Address LoadSender::next_recipient() const {
    Bytes seed = recipients_ == 0 ? to_bytes(signer_.address()) : Bytes{};
    append_be64(seed, recipients_ == 0 ? nonce_ : (nonce_ * 0x9e3779b97f4a7c15) % recipients_);
    const Bytes32 h = crypto::keccak256(seed);
    return Address::from(ByteView(h).first(20));
}

}  // namespace mezz::app
