// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The data memory while a program runs: a committed version, and private copies of the pages that
/// were written since.
///
/// Two tables say where each page can be read and where it can be written. A page that is not in
/// the second is copied first, so that the versions before stay as they are and what has to be
/// hashed at the next commit is known, at no cost to later stores.
///
/// Thread-compatible. memory: 16 MiB of address space for the tables, of which what is used becomes
/// real.

#include <cstring>
#include <utility>

#include "core/riscv/state.hpp"
#include "node/prove/machine/memory_tree.hpp"

namespace mezz::node::prove {

class Memory {
public:
    explicit Memory(const MemoryTree& content);
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;
    Memory(Memory&&) = default;
    Memory& operator=(Memory&&) = default;
    ~Memory() = default;

    /// By page; null where load() or store() must be asked first. Stay valid for the memory's life.
    [[nodiscard]] const std::uint8_t* const* reads() const noexcept { return reads_.get(); }
    [[nodiscard]] std::uint8_t* const* writes() const noexcept { return writes_.get(); }

    // requires of these: the address is in data memory and a multiple of the size.
    [[nodiscard]] std::uint64_t load(std::uint64_t address, unsigned size_bytes) noexcept {
        std::uint64_t value = 0;
        std::memcpy(&value, readable(address), size_bytes);
        return value;
    }
    void store(std::uint64_t address, unsigned size_bytes, std::uint64_t value) {
        std::memcpy(writable(address), &value, size_bytes);
    }
    [[nodiscard]] Bytes32 load_leaf(std::uint64_t address) noexcept {
        return Bytes32::from({readable(address), riscv::LEAF_BYTES});
    }
    void store_leaf(std::uint64_t address, const Bytes32& leaf) {
        std::memcpy(writable(address), leaf.data(), riscv::LEAF_BYTES);
    }

    /// The version at the last commit() or restore().
    [[nodiscard]] const MemoryTree& committed() const noexcept { return committed_; }
    /// Pages written since, in the order of their first store.
    [[nodiscard]] const std::vector<MemoryTree::Change>& written() const noexcept {
        return written_;
    }
    /// Makes what was written part of the version.
    const MemoryTree& commit();
    /// The same, with the hashes left to the caller: see MemoryTree::with.
    const MemoryTree& commit(Unhashed& unhashed);
    /// Puts another version in the place of everything. complexity: what differs.
    void restore(const MemoryTree& version);

private:
    [[nodiscard]] const std::uint8_t* readable(std::uint64_t address) noexcept;
    [[nodiscard]] std::uint8_t* writable(std::uint64_t address);

    struct Free {
        void operator()(void* p) const noexcept;
    };
    template <class T>
    using Table = std::unique_ptr<T[], Free>;

    MemoryTree committed_;
    std::vector<MemoryTree::Change> written_;
    Table<const std::uint8_t*> reads_;
    Table<std::uint8_t*> writes_;
};

/// Memory with these bytes and zero elsewhere.
[[nodiscard]] MemoryTree memory_of(
    std::span<const std::pair<std::uint64_t, ByteView>> bytes_by_address);

}  // namespace mezz::node::prove
