// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The parent chain over JSON-RPC, and its blobs over the beacon interface.
///
/// Thread-safe; every call is bounded in time. An execution that reverts is a reset error whose
/// message ends in the revert data; everything else that may pass by itself is a retry error.

#include "node/host/client/http_client.hpp"
#include "node/ports/parent.hpp"

namespace mezz::node {

struct RpcParentOptions {
    std::string rpc_url{};    ///< http://host:port
    std::string blobs_url{};  ///< serves /eth/v1/beacon/blobs/{block number}; empty: the RPC's
    std::uint64_t timeout_ms = 10'000;
    /// Blob answers and transactions with blobs: the first ones can take a node seconds.
    std::uint64_t blob_timeout_ms = 20'000;
};

class RpcParent final : public Parent {
public:
    /// Checks the URLs; does not connect. Fails with fatal.
    static Result<std::unique_ptr<RpcParent>> make(RpcParentOptions options);

    Result<std::uint64_t> chain_id() override;
    Result<ParentBlock> block(BlockTag tag) override;
    Result<std::optional<ParentBlock>> block(std::uint64_t number) override;
    Result<std::vector<ParentLog>> logs(const LogFilter& filter) override;
    Result<std::optional<Transaction>> transaction(const Bytes32& hash) override;
    Result<std::vector<Bytes>> blobs(const ParentBlock& block,
                                     const std::vector<Bytes32>& versioned_hashes) override;
    Result<std::vector<Bytes>> unchecked_blobs(
        const ParentBlock& block, const std::vector<Bytes32>& versioned_hashes) override;
    Result<Bytes> call(const Address& to, ByteView data, BlockTag tag = BlockTag::latest) override;
    Result<std::uint64_t> nonce(const Address& address, bool pending) override;
    Result<uint256> balance(const Address& address) override;
    Result<Bytes> code(const Address& address) override;
    Result<std::uint64_t> estimate_gas(const Address& from, const std::optional<Address>& to,
                                       const uint256& value, ByteView data) override;
    Result<FeeQuote> fees() override;
    Result<Bytes32> send(ByteView raw) override;
    Result<std::optional<ParentReceipt>> receipt(const Bytes32& hash) override;

    /// Every call from now on fails at once, with retry; those under way go on. Thread-safe.
    void close() noexcept {
        rpc_.close();
        blobs_.close();
    }

    /// Any method, for tools and tests. returns: the JSON text of the result.
    Result<std::string> request(std::string_view method, std::string_view params_json);

private:
    Result<std::vector<Bytes>> named_blobs(const ParentBlock& block,
                                           const std::vector<Bytes32>& versioned_hashes);
    RpcParent(HttpUrl rpc, HttpUrl blobs, RpcParentOptions options);

    RpcParentOptions options_;
    HttpClient rpc_;
    HttpClient blobs_;
};

}  // namespace mezz::node
