// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// For tests: a parent that mines what it is sent when told to, and refuses on demand. Contracts
/// are functions that tests give it.

#include <algorithm>
#include <deque>
#include <functional>
#include <map>

#include "core/base/endian.hpp"
#include "core/types/blob_sidecar.hpp"
#include "node/host/signing/abi.hpp"
#include "node/ports/clock.hpp"
#include "node/ports/parent.hpp"

namespace mezz::node::testing {

class FakeClock final : public Clock {
public:
    std::uint64_t ms = 1'000'000;
    std::uint64_t now_ms() override { return ms; }
};

class FakeParent : public Parent {
public:
    std::uint64_t head = 1;
    std::uint64_t mined_nonce = 0;
    std::deque<Error> refusals;  ///< answers to the next sends
    std::vector<NetworkTransaction> sent;
    std::map<Bytes32, ParentReceipt> receipts;
    FeeQuote quote{1'000'000'000, 1'000'000'000, 1};
    bool down = false;
    uint256 funds{5};
    std::uint64_t time = 1'000;  ///< of the latest block. units: seconds
    std::uint64_t block_seconds = 1;
    std::uint8_t fork = 0;  ///< another value gives every block another hash

    using View = std::function<uint256(ByteView arguments)>;
    /// Functions of contracts; a call to anything else gives 32 zero bytes.
    std::map<std::pair<Address, abi::Selector>, std::function<Bytes(ByteView arguments)>> answers;
    /// A function that gives one word.
    void on_call(const Address& to, std::string_view signature, View view) {
        answers[{to, abi::selector(signature)}] = [view = std::move(view)](ByteView arguments) {
            return to_bytes(to_bytes32(view(arguments)));
        };
    }
    /// What a transaction does in its block. returns: whether it succeeds.
    std::function<bool(const Transaction&, ParentReceipt&)> execute;
    /// Answers estimates; unset: every one succeeds.
    std::function<Result<std::uint64_t>(const std::optional<Address>&, ByteView)> estimate;

    [[nodiscard]] Bytes32 hash_of(std::uint64_t number) const {
        Bytes32 out;
        out[0] = 1;
        out[1] = fork;
        store_be64(out.data() + 24, number);
        return out;
    }
    /// Puts every sent transaction with the next nonce into one new block; the newest version wins.
    void mine(bool success = true) {
        ++head;
        time += block_seconds;
        for (;;) {
            const auto found = std::find_if(sent.rbegin(), sent.rend(), [&](const auto& t) {
                return t.txn.nonce == mined_nonce;
            });
            if (found == sent.rend()) return;
            ParentReceipt r;
            r.success = success;
            r.block_number = head;
            r.block_hash = hash_of(head);
            if (success && execute) r.success = execute(found->txn, r);
            receipts[mezz::hash(found->txn)] = r;
            ++mined_nonce;
        }
    }
    /// Undoes the last block.
    void reorganise() {
        mined_nonce -= std::erase_if(
            receipts, [&](const auto& entry) { return entry.second.block_number == head; });
    }

    Result<std::uint64_t> chain_id() override {
        if (down) return retry("connecting to the parent: refused");
        return 1;
    }
    Result<ParentBlock> block(BlockTag) override {
        if (down) return retry("connecting to the parent: refused");
        return make(head);
    }
    Result<std::optional<ParentBlock>> block(std::uint64_t number) override {
        return number > head ? std::nullopt : std::optional(make(number));
    }
    Result<std::vector<ParentLog>> logs(const LogFilter&) override {
        return std::vector<ParentLog>{};
    }
    Result<std::optional<Transaction>> transaction(const Bytes32&) override { return std::nullopt; }
    Result<std::vector<Bytes>> blobs(const ParentBlock&, const std::vector<Bytes32>&) override {
        return retry("no blobs");
    }
    Result<Bytes> call(const Address& to, ByteView data, BlockTag) override {
        if (down) return retry("connecting to the parent: refused");
        const auto found = answers.find({to, abi::Selector::from(data.first(4))});
        if (found == answers.end()) return Bytes(32);
        return found->second(data.subspan(4));
    }
    Result<std::uint64_t> nonce(const Address&, bool pending) override {
        std::uint64_t n = mined_nonce;
        const auto waits = [&](const auto& t) { return t.txn.nonce == n; };
        if (pending)
            while (std::ranges::any_of(sent, waits)) ++n;
        return n;
    }
    Result<uint256> balance(const Address&) override { return funds; }
    Result<Bytes> code(const Address&) override { return Bytes{}; }
    Result<std::uint64_t> estimate_gas(const Address&, const std::optional<Address>& to,
                                       const uint256&, ByteView data) override {
        return estimate ? estimate(to, data) : Result<std::uint64_t>(50'000);
    }
    Result<FeeQuote> fees() override { return quote; }
    Result<Bytes32> send(ByteView raw) override {
        if (!refusals.empty()) {
            const Error e = refusals.front();
            refusals.pop_front();
            return std::unexpected(e);
        }
        sent.push_back(decode_network(raw).value());
        return mezz::hash(sent.back().txn);
    }
    Result<std::optional<ParentReceipt>> receipt(const Bytes32& hash) override {
        const auto found = receipts.find(hash);
        if (found == receipts.end()) return std::nullopt;
        return found->second;
    }

private:
    [[nodiscard]] ParentBlock make(std::uint64_t number) const {
        ParentBlock b;
        b.number = number;
        b.hash = hash_of(number);
        b.parent_hash = hash_of(number == 0 ? 0 : number - 1);
        b.timestamp = time - block_seconds * (head - number);
        return b;
    }
};

}  // namespace mezz::node::testing
