// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Senders and hashes of derived transactions: pure functions of them, so whoever computes them,
/// wherever and when, gives the same answer. The serial twin lives here; one that works ahead on
/// other threads is the app's.

#include <span>
#include <vector>

#include "core/types/transaction.hpp"
#include "node/ports/chain_writer.hpp"

namespace mezz::node {

struct RecoveredTxn {
    std::optional<Address> sender;  ///< none: the signature is invalid
    Bytes32 hash;
};

/// The definition. complexity: one recovery on the curve.
[[nodiscard]] RecoveredTxn recover(const Transaction& txn);

/// The same of each of many: faster where the processor has the lanes for it.
[[nodiscard]] std::vector<RecoveredTxn> recover_all(std::span<const Transaction> txns);

class SenderRecovery {
public:
    virtual ~SenderRecovery() = default;
    /// The bytes of an entry that is about to be derived. Derivation calls this in order, a few
    /// entries ahead of need; an implementation may ignore it.
    virtual void expect(std::uint64_t entry, ByteView data) = 0;
    /// returns: one for each of the block's transactions, equal to `recover` of it.
    [[nodiscard]] virtual std::vector<RecoveredTxn> recover_block(
        std::uint64_t number, std::span<const Transaction> txns) = 0;
    /// What is recovered of a block that nobody asked for yet, without waiting for more: a guess,
    /// since the entry may not be valid at its place.
    [[nodiscard]] virtual std::vector<BodyItem> guess_block(std::uint64_t number) {
        (void)number;
        return {};
    }
};

/// On the caller's thread, when asked, one by one.
class SerialSenderRecovery final : public SenderRecovery {
public:
    void expect(std::uint64_t, ByteView) override {}
    [[nodiscard]] std::vector<RecoveredTxn> recover_block(
        std::uint64_t number, std::span<const Transaction> txns) override;
};

}  // namespace mezz::node
