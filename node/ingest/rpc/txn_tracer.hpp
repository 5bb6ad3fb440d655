// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A configured tracer of one transaction, from before it to the printed result.

#include <atomic>
#include <chrono>
#include <memory>

#include "node/ingest/rpc/print_trace.hpp"
#include "node/ingest/rpc/trace_options.hpp"

namespace mezz::rpc {

/// What is about to be traced. The references must outlive the tracer.
struct TracedTxn {
    View& before;  ///< the state; may move on once the transaction is over
    const Transaction& txn;
    Address sender;
    Address coinbase;
    Revision revision;
    std::optional<TracedPlace> place;  ///< none of a call that is no transaction
};

/// How it ended.
struct TracedEnd {
    View& after;
    std::uint64_t gas_used = 0;
    evm::Status status = evm::Status::success;
    ByteView output;   ///< return data, or revert data
    bool ran = false;  ///< whether any frame was made: a deposit can fail before
};

class TxnTracer {
public:
    virtual ~TxnTracer() = default;
    [[nodiscard]] virtual evm::Observer& observer() = 0;
    /// What it holds so far, about.
    [[nodiscard]] virtual std::size_t size_bytes() const { return 0; }
    /// Writes one value. Call once, after the transaction.
    virtual void print(JsonWriter& out, const TracedEnd& end) = 0;
};

[[nodiscard]] std::unique_ptr<TxnTracer> make_tracer(const TracerOptions& options,
                                                     const TracedTxn& traced);

/// Stands between execution and a tracer: notes how the outermost frame ended, and ends execution
/// when it takes too long or the tracer holds too much.
class Watch final : public evm::Observer {
public:
    /// `stopping`: ends the execution too when it becomes true; may be null.
    Watch(TxnTracer& tracer, std::chrono::nanoseconds timeout, std::size_t max_bytes,
          const std::atomic<bool>* stopping = nullptr)
        : tracer_(tracer),
          inner_(tracer.observer()),
          deadline_(std::chrono::steady_clock::now() + timeout),
          max_bytes_(max_bytes),
          stopping_(stopping) {}

    void on_step(const Step& step) override;
    [[nodiscard]] bool stops() const override { return !problem_.empty(); }
    void on_enter(const evm::Message& message, const Address& create_address) override;
    void on_exit(evm::Status status, std::int64_t gas_left, ByteView output) override;
    void on_selfdestruct(const Address& contract, const Address& heir,
                         const uint256& balance) override;

    /// Why execution was ended; empty when it was not.
    [[nodiscard]] const std::string& problem() const noexcept { return problem_; }
    [[nodiscard]] bool ran() const noexcept { return ran_; }
    [[nodiscard]] evm::Status status() const noexcept { return status_; }
    [[nodiscard]] ByteView output() const noexcept { return output_; }

private:
    TxnTracer& tracer_;
    evm::Observer& inner_;
    std::chrono::steady_clock::time_point deadline_;
    std::size_t max_bytes_;
    const std::atomic<bool>* stopping_;
    std::uint64_t steps_ = 0;
    std::uint64_t depth_ = 0;
    std::string problem_;
    bool ran_ = false;
    evm::Status status_ = evm::Status::success;
    Bytes output_;
};

/// What an answer that is too large says.
[[nodiscard]] std::string too_large(std::size_t max_bytes);

}  // namespace mezz::rpc
