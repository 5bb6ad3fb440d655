// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The fast interpreter: runs frames of the EVM from decoded programs.
///
/// What it does not know (calls, storage, logs, a segment that lacks gas or stack) it leaves to the
/// instructions of core/vm/evm, frame by frame and instruction by instruction, so those define it.

#include <memory>
#include <mutex>
#include <unordered_map>

#include "core/vm/evm/machine.hpp"
#include "node/execute/interpreter/program.hpp"

namespace mezz::node::interpreter {

struct CodeCacheOptions {
    std::size_t max_bytes = std::size_t{192} << 20;  ///< of decoded programs.
    /// Code is decoded the n-th time it is asked for.
    std::uint32_t decode_after = 2;
};

/// Decoded programs by code hash and revision. Thread-safe; outlives every Engine that uses it.
class CodeCache {
public:
    explicit CodeCache(CodeCacheOptions options = {}) : options_(options) {}

    /// nullptr: not worth decoding yet.
    std::shared_ptr<const Program> program(const Bytes32& hash, ByteView code, Revision rev);
    [[nodiscard]] std::size_t bytes() const;

private:
    struct Key {
        Bytes32 hash;
        Revision rev;
        friend bool operator==(const Key&, const Key&) = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& k) const noexcept;
    };
    struct Slot {
        std::uint32_t asked = 0;
        std::uint64_t used = 0;  ///< for eviction: when it was asked for last.
        std::shared_ptr<const Program> program;
    };
    void evict();

    const CodeCacheOptions options_;
    mutable std::mutex mutex_;
    std::unordered_map<Key, Slot, KeyHash> slots_;
    std::size_t bytes_ = 0;
    std::uint64_t clock_ = 0;
};

/// One a machine; not thread-safe.
class Engine final : public evm::Runner {
public:
    explicit Engine(CodeCache& cache) : cache_(cache) {}
    bool run(evm::Frame& frame) override;

private:
    CodeCache& cache_;
    std::vector<std::shared_ptr<const Program>> held_;
};

}  // namespace mezz::node::interpreter
