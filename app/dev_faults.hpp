// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What a development network does wrong on purpose, while it is told to.

#include <array>
#include <atomic>
#include <string_view>

#include "node/ingest/rpc/rpc_server.hpp"
#include "node/ports/parent.hpp"

namespace mezz::app {

/// Thread-safe.
struct DevFaults {
    /// The sequencer leaves deposits in the queue.
    std::atomic<bool> skipped_deposits = false;
    /// The batcher does so too, though they are overdue.
    std::atomic<bool> censored_deposits = false;
    /// Nobody gives the challenger blobs.
    std::atomic<bool> withheld_blobs = false;
};

/// Adds mezz_setFault [name, on]; for development networks only.
void add_fault_methods(rpc::RpcServer& server, DevFaults& faults);

/// The parent, but for blobs that are withheld. Keeps the references.
class WithholdingParent final : public node::Parent {
public:
    WithholdingParent(node::Parent& real, const std::atomic<bool>& withheld)
        : real_(real), withheld_(withheld) {}

    node::Result<std::uint64_t> chain_id() override { return real_.chain_id(); }
    node::Result<node::ParentBlock> block(node::BlockTag tag) override { return real_.block(tag); }
    node::Result<std::optional<node::ParentBlock>> block(std::uint64_t number) override {
        return real_.block(number);
    }
    node::Result<std::vector<node::ParentLog>> logs(const node::LogFilter& filter) override {
        return real_.logs(filter);
    }
    node::Result<std::optional<Transaction>> transaction(const Bytes32& hash) override {
        return real_.transaction(hash);
    }
    node::Result<std::vector<Bytes>> blobs(const node::ParentBlock& block,
                                           const std::vector<Bytes32>& hashes) override {
        if (withheld_) return node::retry("blobs are withheld (mezz_setFault withheld-blobs)");
        return real_.blobs(block, hashes);
    }
    node::Result<Bytes> call(const Address& to, ByteView data, node::BlockTag tag) override {
        return real_.call(to, data, tag);
    }
    node::Result<std::uint64_t> nonce(const Address& address, bool pending) override {
        return real_.nonce(address, pending);
    }
    node::Result<uint256> balance(const Address& address) override {
        return real_.balance(address);
    }
    node::Result<Bytes> code(const Address& address) override { return real_.code(address); }
    node::Result<std::uint64_t> estimate_gas(const Address& from, const std::optional<Address>& to,
                                             const uint256& value, ByteView data) override {
        return real_.estimate_gas(from, to, value, data);
    }
    node::Result<node::FeeQuote> fees() override { return real_.fees(); }
    node::Result<Bytes32> send(ByteView raw) override { return real_.send(raw); }
    node::Result<std::optional<node::ParentReceipt>> receipt(const Bytes32& hash) override {
        return real_.receipt(hash);
    }

private:
    node::Parent& real_;
    const std::atomic<bool>& withheld_;
};

}  // namespace mezz::app
