// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The events of a call, and one for every movement of ether among them. spec: ERC-7528;
/// execution-apis, eth_simulateV1 "traceTransfers".

#include "node/ingest/rpc/tracers/step_log.hpp"

namespace mezz::trace {

/// Where the events of ether come from.
inline constexpr Address ETHER = hex<Address>("0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee");

class TransferLogger final : public evm::Observer {
public:
    void on_step(const Step& step) override;
    void on_enter(const evm::Message& message, const Address& create_address) override;
    void on_exit(evm::Status status, std::int64_t gas_left, ByteView output) override;
    void on_selfdestruct(const Address& contract, const Address& heir,
                         const uint256& balance) override;

    /// What was not undone, in order; starts anew.
    [[nodiscard]] std::vector<Log> take();

private:
    void transfer(const Address& from, const Address& to, const uint256& amount);

    std::vector<Log> logs_;
    std::vector<std::size_t> starts_;  ///< of the open frames
};

}  // namespace mezz::trace
