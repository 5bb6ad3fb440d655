// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/bridge.hpp"

#include <algorithm>
#include <cstdio>
#include <thread>

#include "app/answer_text.hpp"
#include "app/dev_accounts.hpp"
#include "app/exit_code.hpp"
#include "app/progress.hpp"
#include "app/remote_chain.hpp"
#include "core/codec/hex.hpp"
#include "core/derive/deposits.hpp"
#include "node/derive/inbox_events.hpp"
#include "node/host/platform/system_clock.hpp"
#include "node/host/signing/abi.hpp"
#include "node/ports/decimal.hpp"
#include "node/ports/hex_text.hpp"
#include "node/settle/withdrawer/withdrawer.hpp"

namespace mezz::app {
namespace {

using node::Result;
using node::abi::Call;

constexpr Address message_passer = hex<Address>("0x4200000000000000000000000000000000000016");
/// A transfer to a contract that takes ether and does little; whoever needs more uses a client.
constexpr std::uint64_t bridged_gas = 100'000;

void sleep_ms(std::uint64_t ms) {
    std::this_thread::sleep_for(std::chrono::milliseconds(ms));
}

Result<Address> recipient(const BridgeOptions& options, const node::Signer& signer) {
    if (options.to.empty()) return signer.address();
    const auto to = fixed_from_hex<Address>(options.to);
    if (!to || !options.to.starts_with("0x"))
        return node::fatal("--to: expected an address, 20 bytes as 0x-hex");
    return *to;
}

/// The transaction that a deposit's receipt promises on the chain.
std::optional<Bytes32> promised(const node::ParentReceipt& receipt) {
    for (std::size_t i = 1; i < receipt.logs.size(); ++i) {
        const auto& event = receipt.logs[i - 1];
        const auto queued = node::decode_enqueued(receipt.logs[i]);
        const auto opaque = node::decode_deposited(event);
        if (!queued || !opaque || event.log.topics.size() != 4) continue;
        derive::QueueItem item;
        item.index = queued->index;
        item.from = to_address(to_uint256(event.log.topics[1]));
        item.to = to_address(to_uint256(event.log.topics[2]));
        item.parent_number = event.block_number;
        item.parent_timestamp = queued->parent_timestamp;
        item.opaque_data = *opaque;
        return mezz::hash(derive::deposit_transaction(
            item, derive::DepositLabel{event.block_hash, event.log_index}));
    }
    return std::nullopt;
}

/// returns: the block that has it. errors: retry when none has in time.
Result<std::uint64_t> wait_for(Network& network, const Bytes32& hash, std::uint64_t timeout_s,
                               bool json) {
    RemoteChain chain(network);
    host::SystemClock clock;
    const std::uint64_t end = clock.now_ms() + timeout_s * 1000;
    Progress progress(clock, progress_on_terminal(json));
    for (;;) {
        const auto place = chain.find_transaction(hash);
        if (!place) return std::unexpected(place.error());
        if (*place) return (*place)->block_number;
        if (clock.now_ms() > end)
            return node::retry("no block has " + node::hex_text(hash) + " after " +
                               std::to_string(timeout_s) +
                               " s; a sequencer that leaves deposits out can be forced with "
                               "`mezz force-include`");
        progress.show({.what = "waiting for the chain to take it"});
        constexpr std::uint64_t poll_ms = 200;
        sleep_ms(poll_ms);
    }
}

}  // namespace

std::optional<uint256> parse_amount(std::string_view text) {
    const auto unit_at = text.find_first_not_of("0123456789.");
    if (unit_at == 0 || unit_at == std::string_view::npos) return std::nullopt;
    const std::string_view unit = text.substr(unit_at);
    std::size_t digits = 0;
    if (unit == "eth")
        digits = 18;
    else if (unit == "gwei")
        digits = 9;
    else if (unit != "wei")
        return std::nullopt;
    const std::string_view number = text.substr(0, unit_at);
    const auto dot = number.find('.');
    std::string whole(number.substr(0, dot));
    const std::string fraction(dot == std::string_view::npos ? "" : number.substr(dot + 1));
    if (whole.empty() || fraction.contains('.') || fraction.size() > digits ||
        (dot != std::string_view::npos && fraction.empty()))
        return std::nullopt;
    whole += fraction + std::string(digits - fraction.size(), '0');
    // 2^256 has 78 digits: 77 cannot overflow.
    constexpr std::size_t max_digits = 77;
    whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size()));
    if (whole.size() > max_digits) return std::nullopt;
    uint256 out;
    for (const char c : whole)
        out = out * uint256{10} + uint256{static_cast<std::uint64_t>(c - '0')};
    return out;
}

Result<node::Signer> signer_of(const BridgeOptions& options, Network& network) {
    if (!options.key.empty()) {
        const auto key = fixed_from_hex<Bytes32>(options.key);
        if (!key) return node::fatal("--key: expected 32 bytes as 0x-hex");
        return node::Signer::make(*key);
    }
    if (require_development(network)) {
        const auto accounts = accounts_of_network(options.network);
        if (!accounts) return std::unexpected(accounts.error());
        if (options.account >= accounts->size())
            return node::fatal("--account " + std::to_string(options.account) +
                               ": the network has " + std::to_string(accounts->size()) +
                               " accounts, from 0 on");
        return node::Signer::make((*accounts)[options.account].private_key);
    }
    return node::fatal("--key is missing: well-known accounts are for networks of `mezz dev` only");
}

Result<std::unique_ptr<node::RpcParent>> chain_client(Network& network) {
    node::RpcParentOptions options;
    options.rpc_url = network.chain_url();
    return node::RpcParent::make(std::move(options));
}

int run_deposit(const BridgeOptions& options) {
    const auto value = parse_amount(options.value);
    if (!value) return refuse("value: expected an amount as 1.5eth, 20gwei or 7wei");
    auto network = Network::make(options.network);
    if (!network) return fail(network.error());
    const auto signer = signer_of(options, **network);
    if (!signer) return fail(signer.error());
    const auto to = recipient(options, *signer);
    if (!to) return fail(to.error());
    host::SystemClock clock;
    node::TxManager txs((*network)->parent(), *signer, clock, {}, sleep_ms);
    node::TxCandidate candidate;
    candidate.to = (*network)->file().contracts.portal;
    candidate.value = *value;
    candidate.data = Call("depositTransaction(address,uint256,uint64,bool,bytes)")
                         .word(*to)
                         .word(*value)
                         .word(bridged_gas)
                         .word(std::uint64_t{0})
                         .bytes({})
                         .finish();
    const auto receipt = txs.send_and_wait(std::move(candidate));
    if (!receipt) return fail(receipt.error());
    const auto hash = promised(*receipt);
    if (!hash)
        return fail({node::Handling::fatal,
                     "the portal made no deposit of it; is --spec that "
                     "of this parent?"});
    const std::string parent_hash =
        receipt->logs.empty() ? "" : node::hex_text(receipt->logs[0].transaction_hash);
    const auto block = wait_for(**network, *hash, options.timeout_seconds, options.json);
    if (!block) return fail(block.error());
    if (options.json)
        std::printf("{\"parentTransaction\":\"%s\",\"transaction\":\"%s\",\"block\":%llu}\n",
                    parent_hash.c_str(), node::hex_text(*hash).c_str(),
                    static_cast<unsigned long long>(*block));
    else
        std::printf("%s wei for %s are in block %llu\n  on the parent  %s\n  on the chain   %s\n",
                    node::decimal(*value).c_str(), node::hex_text(*to).c_str(),
                    static_cast<unsigned long long>(*block), parent_hash.c_str(),
                    node::hex_text(*hash).c_str());
    return 0;
}

int run_withdraw(const BridgeOptions& options) {
    const auto value = parse_amount(options.value);
    if (!value) return refuse("value: expected an amount as 1.5eth, 20gwei or 7wei");
    auto network = Network::make(options.network);
    if (!network) return fail(network.error());
    const auto signer = signer_of(options, **network);
    if (!signer) return fail(signer.error());
    const auto to = recipient(options, *signer);
    if (!to) return fail(to.error());
    auto chain = chain_client(**network);
    if (!chain) return fail(chain.error());
    host::SystemClock clock;
    node::TxManager txs(**chain, *signer, clock, {}, sleep_ms);
    node::TxCandidate candidate;
    candidate.to = message_passer;
    candidate.value = *value;
    candidate.data = Call("initiateWithdrawal(address,uint256,bytes)")
                         .word(*to)
                         .word(bridged_gas)
                         .bytes({})
                         .finish();
    const auto receipt = txs.send_and_wait(std::move(candidate));
    if (!receipt) return fail(receipt.error());
    if (receipt->logs.empty())
        return fail({node::Handling::fatal, "the transaction made no withdrawal"});
    const std::string hash = node::hex_text(receipt->logs[0].transaction_hash);
    if (options.json)
        std::printf("{\"transaction\":\"%s\",\"block\":%llu}\n", hash.c_str(),
                    static_cast<unsigned long long>(receipt->block_number));
    else
        std::printf(
            "withdrawal of %s wei begun in block %llu: %s\nnext: mezz withdraw finalize "
            "%s\n",
            node::decimal(*value).c_str(), static_cast<unsigned long long>(receipt->block_number),
            hash.c_str(), hash.c_str());
    return 0;
}

int run_withdraw_to(const BridgeOptions& options, WithdrawGoal goal) {
    const auto hash = fixed_from_hex<Bytes32>(options.hash);
    if (!hash) return refuse("transaction: expected a hash, 32 bytes as 0x-hex");
    auto network = Network::make(options.network);
    if (!network) return fail(network.error());
    const auto signer = signer_of(options, **network);
    if (!signer) return fail(signer.error());
    host::SystemClock clock;
    node::TxManager txs((*network)->parent(), *signer, clock, {}, sleep_ms);
    RemoteChain chain(**network);
    node::WithdrawerOptions w;
    w.contracts = (*network)->file().contracts;
    node::Withdrawer withdrawer(chain, (*network)->parent(), txs, *hash, w);
    const std::uint64_t end = clock.now_ms() + options.timeout_seconds * 1000;
    Progress progress(clock, progress_on_terminal(options.json));
    for (;;) {
        const auto& status = withdrawer.step(clock.now_ms());
        const bool reached =
            status.stage == node::WithdrawalStage::done ||
            (goal == WithdrawGoal::proven && status.stage >= node::WithdrawalStage::maturing &&
             status.stage < node::WithdrawalStage::failed);
        if (reached || status.stage == node::WithdrawalStage::failed) progress.finish();
        if (status.stage == node::WithdrawalStage::failed)
            return fail({node::Handling::fatal, status.message});
        if (reached) {
            const std::string stage =
                status.stage == node::WithdrawalStage::done ? "finalized" : "proven";
            if (options.json)
                std::printf("{\"withdrawalHash\":\"%s\",\"stage\":\"%s\"}\n",
                            node::hex_text(status.withdrawal_hash).c_str(), stage.c_str());
            else
                std::printf("withdrawal %s is %s\n", node::hex_text(status.withdrawal_hash).c_str(),
                            stage.c_str());
            return 0;
        }
        if (clock.now_ms() > end) {
            progress.finish();
            return fail({node::Handling::retry,
                         "still " + std::string(name_of(status.stage)) + " after " +
                             std::to_string(options.timeout_seconds) + " s: " + status.message +
                             "; run the command again, it goes on where it stands"});
        }
        progress.show({.what = std::string(name_of(status.stage)) + ": " + status.message,
                       .left_ms = status.eta_ms});
        constexpr std::uint64_t poll_ms = 100;
        sleep_ms(poll_ms);
    }
}

int run_withdraw_status(const BridgeOptions& options) {
    auto network = Network::make(options.network);
    if (!network) return fail(network.error());
    const auto signer = signer_of(options, **network);
    if (!signer) return fail(signer.error());
    const auto answer =
        (*network)->ask("mezz_withdrawals", "[\"" + node::hex_text(signer->address()) + "\"]");
    if (!answer) return fail(answer.error());
    if (options.json) {
        std::printf("%s\n", answer->c_str());
        return 0;
    }
    const auto text = withdrawals_text(*answer);
    if (!text)
        return fail({node::Handling::retry,
                     "mezz_withdrawals: the node's answer is malformed; use another --rpc"});
    std::printf("%s", text->c_str());
    return 0;
}

}  // namespace mezz::app
