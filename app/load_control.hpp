// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// One call after another to the endpoint under load, on a connection of its own.

#include <optional>
#include <span>
#include <vector>

#include "core/base/bytes.hpp"
#include "node/host/client/rpc_swarm.hpp"

namespace mezz::app {

/// Owned by one thread.
class LoadControl final : node::RpcSwarm::Events {
public:
    /// errors: retry, when nobody answers there.
    static node::Result<std::unique_ptr<LoadControl>> connect(const node::RpcEndpoint& endpoint);

    /// returns: the JSON text of the result. errors: retry without an answer in 10 s; reset with
    /// the endpoint's message for an error that it answers.
    node::Result<std::string> call(std::string_view method, const std::string& params_json);
    node::Result<std::uint64_t> quantity(std::string_view method, const std::string& params_json);
    /// The nonces of all, in one request. `tag`: "latest" or "pending".
    node::Result<std::vector<std::uint64_t>> nonces(std::span<const Address> accounts,
                                                    std::string_view tag);

private:
    LoadControl() = default;
    void on_message(std::size_t connection, std::string_view body) override;
    void on_lost(std::size_t connection, const std::string& why) override;
    node::Result<std::string> exchange(const std::string& body);

    std::unique_ptr<node::RpcSwarm> swarm_;
    std::string answer_, lost_;
};

/// A quantity as JSON text, quotes included. returns: none for anything else.
[[nodiscard]] std::optional<std::uint64_t> quantity_in(std::string_view json);

}  // namespace mezz::app
