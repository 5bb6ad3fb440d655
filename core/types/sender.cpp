// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/secp256k1.hpp"
#include "core/types/transaction.hpp"

namespace mezz {

std::optional<Address> recover_sender(const Transaction& txn) {
    if (txn.type == TxType::deposit) return txn.from;
    constexpr uint256 half_order{0xdfe92f46681b20a0, 0x5d576e7357a4501d, 0xffffffffffffffff,
                                 0x7fffffffffffffff};
    if (txn.s > half_order) return std::nullopt;
    return crypto::recover_address(signing_hash(txn), txn.r, txn.s, txn.odd_y);
}

}  // namespace mezz
