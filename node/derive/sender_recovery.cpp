// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/derive/sender_recovery.hpp"

#include "core/crypto/secp256k1.hpp"
#include "node/host/crypto/recovery_lanes.hpp"
#include "node/host/crypto/secp256k1_native.hpp"

namespace mezz::node {

RecoveredTxn recover(const Transaction& txn) {
    RecoveredTxn out;
    if (txn.s <= crypto::SECP256K1_HALF_ORDER)
        out.sender = host::recover_address_native(signing_hash(txn), txn.r, txn.s, txn.odd_y);
    out.hash = hash(txn);
    return out;
}

std::vector<RecoveredTxn> recover_all(std::span<const Transaction> txns) {
    std::vector<host::SignedHash> signed_hashes(txns.size());
    for (std::size_t i = 0; i < txns.size(); ++i)
        signed_hashes[i] = {signing_hash(txns[i]), txns[i].r, txns[i].s, txns[i].odd_y};
    const auto senders = host::recover_addresses(signed_hashes);
    std::vector<RecoveredTxn> out(txns.size());
    for (std::size_t i = 0; i < txns.size(); ++i) {
        if (txns[i].s <= crypto::SECP256K1_HALF_ORDER) out[i].sender = senders[i];
        out[i].hash = hash(txns[i]);
    }
    return out;
}

std::vector<RecoveredTxn> SerialSenderRecovery::recover_block(std::uint64_t,
                                                              std::span<const Transaction> txns) {
    std::vector<RecoveredTxn> out;
    out.reserve(txns.size());
    for (const auto& txn : txns) out.push_back(recover(txn));
    return out;
}

}  // namespace mezz::node
