// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Answers to debug_trace* that geth gave for an exported chain, compared while it is imported.

#include "node/ingest/rpc/txn_tracer.hpp"
#include "tests/conformance/chain.hpp"
#include "tests/conformance/vectors.hpp"

namespace mezz::conformance {

class RecordedTraces final : public Watcher {
public:
    /// Reads `folder`/debug_trace*/*.io. Answers that are errors say nothing about a trace.
    explicit RecordedTraces(const std::filesystem::path& folder);

    evm::Observer* begin(const Header& header, const Transaction& txn) override;
    void end(std::uint64_t gas_used) override;

    /// One case for each answer. Call after the import.
    void judge(Counts& counts) const;

private:
    struct Recorded {
        std::string id;
        std::optional<std::uint64_t> number;  ///< of the traced block
        std::optional<Bytes32> hash;          ///< of the traced block or transaction
        bool whole_block = false;
        rpc::TracerOptions tracer;
        std::string expected;
        std::string got;
    };
    void read(const std::filesystem::path& path);

    std::vector<Recorded> recorded_;
    MemoryView nothing_;
    Transaction txn_;
    std::vector<Recorded*> wanted_;  ///< by the transaction under way
    std::unique_ptr<rpc::TxnTracer> tracer_;
    std::unique_ptr<rpc::Watch> watch_;
};

}  // namespace mezz::conformance
