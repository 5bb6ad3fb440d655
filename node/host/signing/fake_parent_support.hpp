// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// For tests: a parent that mines what it is sent when told to, and refuses on demand.

#include <algorithm>
#include <deque>
#include <map>

#include "core/types/blob_sidecar.hpp"
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

    /// Puts every sent transaction with the next nonce into one new block; the newest version wins.
    void mine(bool success = true) {
        ++head;
        for (;;) {
            const auto found = std::find_if(sent.rbegin(), sent.rend(), [&](const auto& t) {
                return t.txn.nonce == mined_nonce;
            });
            if (found == sent.rend()) return;
            ParentReceipt r;
            r.success = success;
            r.block_number = head;
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
        ParentBlock b;
        b.number = head;
        return b;
    }
    Result<std::optional<ParentBlock>> block(std::uint64_t) override { return std::nullopt; }
    Result<std::vector<ParentLog>> logs(const LogFilter&) override {
        return std::vector<ParentLog>{};
    }
    Result<std::optional<Transaction>> transaction(const Bytes32&) override { return std::nullopt; }
    Result<std::vector<Bytes>> blobs(const ParentBlock&, const std::vector<Bytes32>&) override {
        return retry("no blobs");
    }
    Result<Bytes> call(const Address&, ByteView, BlockTag) override { return Bytes(32); }
    Result<std::uint64_t> nonce(const Address&, bool pending) override {
        std::uint64_t n = mined_nonce;
        if (pending)
            for (const auto& t : sent) n = std::max(n, t.txn.nonce + 1);
        return n;
    }
    Result<uint256> balance(const Address&) override { return uint256{5}; }
    Result<Bytes> code(const Address&) override { return Bytes{}; }
    Result<std::uint64_t> estimate_gas(const Address&, const std::optional<Address>&,
                                       const uint256&, ByteView) override {
        return 50'000;
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
};

}  // namespace mezz::node::testing
