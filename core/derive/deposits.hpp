// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Transactions that come from the parent: user deposits and the block's L1 attributes.
/// spec: OP Stack specs, "Deposits"; "L1 Attributes Deposited Transaction" (Ecotone form).

#include "core/derive/batch.hpp"
#include "core/derive/inbox.hpp"

namespace mezz::derive {

/// The account that sends the attributes: nobody has its key.
inline constexpr Address ATTRIBUTES_DEPOSITOR =
    hex<Address>("0xdeaddeaddeaddeaddeaddeaddeaddeaddead0001");
/// Deposits that were never labelled get their hash from their place in the queue.
inline constexpr std::uint64_t queue_source_domain = 0x6d657a7a;

/// The fee scalars of the chain, fixed in its specification. units: millionths.
struct FeeScalars {
    std::uint32_t base_fee_scalar = 0;
    std::uint32_t blob_base_fee_scalar = 0;
    friend bool operator==(const FeeScalars&, const FeeScalars&) = default;
};

/// First transaction of every block: writes the origin into L1Block.
Transaction attributes_transaction(const Origin& origin, std::uint64_t sequence_number,
                                   const FeeScalars& scalars, const Address& batcher);

/// The transaction of a queue item. Opaque data that is too short cannot come from the portal; it
/// gives an empty call, so that any queue derives to something. `label` none: never labelled.
Transaction deposit_transaction(const QueueItem& item, const std::optional<DepositLabel>& label);

/// What the deposit of a queue item may use. units: gas.
std::uint64_t deposit_gas(const QueueItem& item);

/// keccak256(domain | keccak256(hash | number)).
Bytes32 source_hash(std::uint64_t domain, const Bytes32& hash, std::uint64_t number);

}  // namespace mezz::derive
