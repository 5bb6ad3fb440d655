// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The accounts and slots a transaction looked at, as they were before it, or what it changed:
/// geth's prestateTracer, without and with diffMode.
///
///     PrestateTracer tracer(before);
///     tracer.begin(txn, sender, coinbase);
///     executor.set_observer(&tracer);  // … apply
///     const PreState pre = tracer.prestate({});

#include <map>
#include <optional>
#include <vector>

#include "core/state/view.hpp"
#include "core/types/transaction.hpp"
#include "core/vm/evm/evm.hpp"

namespace mezz::trace {

/// Absent fields are not part of the answer.
struct TracedAccount {
    std::optional<uint256> balance;  ///< wei.
    std::optional<std::uint64_t> nonce;
    std::optional<Bytes> code;
    std::optional<Bytes32> code_hash;
    std::map<Bytes32, Bytes32> storage;
};
using TracedState = std::map<Address, TracedAccount>;

struct StateChange {
    TracedState pre;
    TracedState post;
};

class PrestateTracer final : public evm::Observer {
public:
    struct Options {
        bool without_code = false;
        bool without_storage = false;
        bool include_empty = false;  ///< also accounts that did not exist before.
    };

    /// `before` is the state right before the transaction and stays as it is. Kept by reference.
    explicit PrestateTracer(View& before, const Options& options)
        : before_(before), options_(options) {}

    /// Notes who takes part in the transaction without any instruction.
    void begin(const Transaction& txn, const Address& sender, const Address& coinbase);

    void on_step(const Step& step) override;
    void on_enter(const evm::Message& message, const Address& create_address) override;
    void on_exit(evm::Status status, std::int64_t gas_left, ByteView output) override;

    /// What the transaction looked at.
    [[nodiscard]] TracedState prestate();
    /// What it changed. `after` is the state right after it.
    [[nodiscard]] StateChange change(View& after);

private:
    struct Seen {
        Account account;
        bool existed = false;  ///< not empty before.
        std::map<Bytes32, uint256> storage;
    };
    Seen& see(const Address& address);
    void see_delegate(const Address& address);
    void see_slot(const Address& address, const Bytes32& key);
    void settle(bool succeeded);
    [[nodiscard]] TracedAccount describe(const Seen& seen);

    View& before_;
    Options options_;
    std::map<Address, Seen> seen_;
    /// What the latest instruction names; it counts only if the instruction can be paid for.
    std::optional<Address> named_;
    std::optional<Bytes32> named_slot_;
};

}  // namespace mezz::trace
