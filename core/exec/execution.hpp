// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The part of a transaction between paying for gas and paying for fees; shared by the block
/// executor and simulation. Not for other modules.

#include "core/exec/transaction.hpp"
#include "core/vm/evm/evm.hpp"

namespace mezz::exec {

/// A message with everything that surrounds it. Views must outlive the execution.
struct Execution {
    Address sender;
    std::optional<Address> to;
    std::uint64_t gas_limit = 0;
    IntrinsicGas gas;
    uint256 gas_price;  ///< wei; what GASPRICE answers.
    uint256 value;
    ByteView data;
    std::span<const AccessEntry> access_list;
    std::span<const Authorization> authorizations;
    std::span<const Bytes32> blob_hashes;
};

struct Executed {
    evm::CallResult result;
    std::uint64_t gas_used = 0;   ///< after refund and floor.
    std::uint64_t refund = 0;     ///< gas already out of gas_used.
    std::uint64_t most_used = 0;  ///< before the refund; what a gas limit must cover.
};

/// Warms what EIP-2929/2930/3651 say, applies authorizations (EIP-7702), runs the message and
/// settles the refund (EIP-3529) and the floor (EIP-7623).
///
/// requires: a begun transaction; the sender's nonce is already incremented; gas_limit covers both
/// intrinsic gas and floor.
Executed execute(Journal& journal, evm::Evm& machine, const ChainSpec& spec,
                 const BlockContext& block, const Execution& execution);

}  // namespace mezz::exec
