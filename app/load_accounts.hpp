// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Who sends the transactions of a load, and the contracts these call.

#include <optional>
#include <vector>

#include "app/load_control.hpp"
#include "app/load_mix.hpp"
#include "node/host/signing/signer.hpp"

namespace mezz::app {

struct LoadContracts {
    std::optional<Address> token;         ///< BenchToken, of which every sender has plenty
    std::optional<Address> pair, router;  ///< of swaps; the router may take the senders' tokens
};

/// Deploys what the mix needs, and waits until blocks hold it. errors: what could not be deployed
/// and why; retry when the endpoint does not answer.
node::Result<LoadContracts> deploy_contracts(LoadControl& control, std::uint64_t chain_id,
                                             const Mix& mix);

/// One development account's transactions. Owned by one thread.
class LoadSender {
public:
    /// `recipients`: different ones; 0: every transaction has a new one.
    LoadSender(const Bytes32& private_key, std::uint64_t chain_id, std::uint64_t nonce,
               std::uint64_t recipients, const LoadContracts& contracts)
        : signer_(*node::Signer::make(private_key)),
          chain_id_(chain_id),
          nonce_(nonce),
          recipients_(recipients),
          contracts_(contracts) {}

    [[nodiscard]] const Address& address() const { return signer_.address(); }
    void set_nonce(std::uint64_t nonce) { nonce_ = nonce; }
    /// The next one, signed, as hex. requires: the contracts of the operation are there.
    std::string next_raw(LoadOperation operation);

private:
    Address next_recipient() const;

    node::Signer signer_;
    std::uint64_t chain_id_;
    std::uint64_t nonce_;
    std::uint64_t recipients_;
    LoadContracts contracts_;
};

}  // namespace mezz::app
