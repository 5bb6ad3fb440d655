// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The tree of calls a transaction makes: geth's callTracer.
///
///     CallTracer tracer({.with_log = true});
///     executor.set_observer(&tracer);
///     const auto receipt = executor.apply(txn, sender);
///     const CallFrame top = tracer.finish(txn.gas_limit, gas_used);

#include <optional>
#include <string>
#include <vector>

#include "core/vm/evm/evm.hpp"

namespace mezz::trace {

struct CallLog {
    Address address;
    std::vector<Bytes32> topics;
    Bytes data;
    std::uint64_t index = 0;     ///< among the logs of the transaction that were kept.
    std::uint64_t position = 0;  ///< calls its frame had made before it.
};

struct CallFrame {
    std::uint8_t opcode = 0;  ///< CALL, CREATE, … or SELFDESTRUCT.
    Address from;
    std::optional<Address> to;  ///< none for a creation that failed.
    std::uint64_t gas = 0;
    std::uint64_t gas_used = 0;
    std::optional<uint256> value;  ///< none for STATICCALL.
    Bytes input;
    Bytes output;               ///< return data, or revert data.
    std::string error;          ///< empty = success.
    std::string revert_reason;  ///< empty = none known.
    std::vector<CallFrame> calls;
    std::vector<CallLog> logs;
};

class CallTracer final : public evm::Observer {
public:
    struct Options {
        bool only_top_call = false;
        bool with_log = false;
    };
    explicit CallTracer(const Options& options) : options_(options) {}

    void on_step(const Step& step) override;
    void on_enter(const evm::Message& message, const Address& create_address) override;
    void on_exit(evm::Status status, std::int64_t gas_left, ByteView output) override;
    void on_selfdestruct(const Address& contract, const Address& heir,
                         const uint256& balance) override;

    /// Ends the trace. The transaction's own gas figures replace those of its first frame.
    [[nodiscard]] CallFrame finish(std::uint64_t gas_limit, std::uint64_t gas_used);

    /// Memory the trace holds so far, about.
    [[nodiscard]] std::size_t size_bytes() const noexcept { return size_bytes_; }

private:
    Options options_;
    std::vector<CallFrame> open_;  ///< the frames that run, outermost first.
    CallFrame top_;
    std::size_t depth_ = 0;      ///< frames that run, also those that are not recorded.
    std::uint8_t opcode_ = 0;    ///< of the latest instruction.
    std::int64_t gas_left_ = 0;  ///< before it.
    Address target_;             ///< what the latest call instruction named.
    std::size_t size_bytes_ = 0;
};

}  // namespace mezz::trace
