// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A whole chain in memory that imports encoded blocks: all its branches, with the state after
/// every block. For the official vectors only; it does what a node never does here, proof of work
/// included. Seals of proof of work are not checked.

#include <expected>
#include <map>
#include <memory>

#include "core/exec/block_executor.hpp"
#include "core/state/memory_view.hpp"
#include "tests/conformance/network.hpp"

namespace mezz::conformance {

/// Reasons that only a chain with branches, or one with proof of work, has.
/// spec: execution-spec-tests BlockException.
enum class ImportError : std::uint8_t {
    UNKNOWN_PARENT,
    INVALID_DIFFICULTY,
    EXTRA_DATA_INVALID_DAO,
    TOO_MANY_UNCLES,
    UNCLE_IN_CHAIN,
    UNCLE_IS_ANCESTOR,
    UNCLE_PARENT_INCORRECT,
};

/// The official name of why a block was refused, whichever module refused it.
using Refusal = std::string_view;
/// Every module's reason. A vector names one fault of a block; which one comes first is an order of
/// checks and no rule, so the harness asks all modules.
using Refusals = std::vector<Refusal>;

/// Sees the transactions that a chain executes.
class Watcher {
public:
    virtual ~Watcher() = default;
    /// returns: an observer of this transaction, or nullptr.
    virtual evm::Observer* begin(const Header& header, const Transaction& txn) = 0;
    virtual void end(std::uint64_t gas_used) = 0;
};

class Chain {
public:
    Chain(Network network, const Header& genesis, MemoryView state);

    /// Makes the block part of the chain, and its head where the fork choice says so: more total
    /// difficulty before Paris, the latest block after.
    /// returns: why not; empty when it is imported.
    Refusals import(ByteView encoded);

    /// nullptr: none. Kept by pointer.
    void set_watcher(Watcher* watcher) noexcept { watcher_ = watcher; }
    [[nodiscard]] const Bytes32& head() const noexcept { return head_; }
    [[nodiscard]] const Header& head_header() const { return blocks_.at(head_).header; }

private:
    struct Imported {
        Header header;
        uint256 total_difficulty;
        std::vector<Header> ommers;
        std::shared_ptr<const MemoryView> state;  ///< after the block; shared by equal states.
    };
    class Ancestors;

    ChainSpec spec_of(const Header& header, const Imported& parent) const;
    /// Header rules with those of proof of work.
    std::expected<void, Refusal> judge_header(const Header& header, const Imported& parent) const;
    std::expected<void, Refusal> judge_ommers(const Block& block) const;
    std::expected<MemoryView, Refusal> execute(const Block& block, const Imported& parent) const;
    void move_dao_funds(MemoryView& state) const;
    const Imported* find(const Bytes32& hash) const;

    Network network_;
    std::map<Bytes32, Imported> blocks_;
    Bytes32 head_;
    Watcher* watcher_ = nullptr;
};

}  // namespace mezz::conformance
