// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// An open-addressing index from keys to dense numbers 0, 1, 2, … in order of insertion.
///
/// The owner keeps the values in a container of its own, at the same numbers. Iteration is over
/// that container, never over the hash order, so no result can depend on the hash or its seed.
/// Keys are never removed one by one; `clear` forgets all and keeps the memory.

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/endian.hpp"

namespace mezz {

/// Mixes two words by a 128-bit product.
inline std::uint64_t hash_mix(std::uint64_t a, std::uint64_t b) noexcept {
    const auto p = static_cast<unsigned __int128>(a) * b;
    return static_cast<std::uint64_t>(p) ^ static_cast<std::uint64_t>(p >> 64);
}
inline std::uint64_t hash_of(const Address& a, std::uint64_t seed) noexcept {
    const std::uint64_t x = load_le64(a.data()) ^ seed ^ 0x9e3779b97f4a7c15;
    const std::uint64_t y = load_le64(a.data() + 8) ^ 0xd6e8feb86659fd93;
    return hash_mix(hash_mix(x, y) ^ load_le32(a.data() + 16), seed | 0xa0761d6478bd642f);
}
inline std::uint64_t hash_of(const Bytes32& b, std::uint64_t seed) noexcept {
    const std::uint64_t x = hash_mix(load_le64(b.data()) ^ seed ^ 0x9e3779b97f4a7c15,
                                     load_le64(b.data() + 8) ^ 0xd6e8feb86659fd93);
    const std::uint64_t y = hash_mix(load_le64(b.data() + 16) ^ seed ^ 0xe7037ed1a0b428db,
                                     load_le64(b.data() + 24) ^ 0x8ebc6af09c88c6e3);
    return hash_mix(x ^ 0x589965cc75374cc3, y ^ seed);
}

/// A storage slot of a numbered account.
struct SlotKey {
    std::uint32_t account = 0;
    Bytes32 key;
    friend bool operator==(const SlotKey&, const SlotKey&) = default;
};
inline std::uint64_t hash_of(const SlotKey& k, std::uint64_t seed) noexcept {
    return hash_of(k.key, seed + k.account * 0x9e3779b97f4a7c15);
}

template <class Key>
class FlatIndex {
public:
    static constexpr std::uint32_t NONE = 0xffffffff;

    explicit FlatIndex(std::uint64_t seed = 0) : seed_(seed), table_(64, Cell{}) {}

    struct Entry {
        std::uint32_t index;
        bool inserted;
    };

    /// The number of `key`; a new key gets the next number.
    Entry insert(const Key& key) {
        if ((keys_.size() + 1) * 2 > table_.size()) grow();
        const std::uint64_t h = hash_of(key, seed_);
        const std::size_t mask = table_.size() - 1;
        for (std::size_t i = h & mask;; i = (i + 1) & mask) {
            Cell& cell = table_[i];
            if (cell.index == NONE) {
                const auto index = static_cast<std::uint32_t>(keys_.size());
                cell = {static_cast<std::uint32_t>(h >> 32), index};
                keys_.push_back(key);
                return {index, true};
            }
            if (cell.tag == static_cast<std::uint32_t>(h >> 32) && keys_[cell.index] == key)
                return {cell.index, false};
        }
    }

    [[nodiscard]] std::uint32_t find(const Key& key) const {
        const std::uint64_t h = hash_of(key, seed_);
        const std::size_t mask = table_.size() - 1;
        for (std::size_t i = h & mask;; i = (i + 1) & mask) {
            const Cell& cell = table_[i];
            if (cell.index == NONE) return NONE;
            if (cell.tag == static_cast<std::uint32_t>(h >> 32) && keys_[cell.index] == key)
                return cell.index;
        }
    }

    [[nodiscard]] const Key& key(std::uint32_t index) const { return keys_[index]; }
    [[nodiscard]] std::size_t size() const noexcept { return keys_.size(); }

    void clear() {
        if (keys_.empty()) return;
        keys_.clear();
        table_.assign(table_.size(), Cell{});
    }

private:
    struct Cell {
        std::uint32_t tag = 0;
        std::uint32_t index = NONE;
    };

    void grow() {
        std::vector<Cell> bigger(table_.size() * 2, Cell{});
        const std::size_t mask = bigger.size() - 1;
        for (std::uint32_t n = 0; n < keys_.size(); ++n) {
            const std::uint64_t h = hash_of(keys_[n], seed_);
            std::size_t i = h & mask;
            while (bigger[i].index != NONE) i = (i + 1) & mask;
            bigger[i] = {static_cast<std::uint32_t>(h >> 32), n};
        }
        table_ = std::move(bigger);
    }

    std::uint64_t seed_;
    std::vector<Cell> table_;
    std::vector<Key> keys_;
};

/// A growing array whose elements never move: references stay valid for its life.
template <class T, std::size_t CHUNK = 256>
class StableVector {
public:
    T& push_back(T value) {
        if (size_ == chunks_.size() * CHUNK) chunks_.push_back(std::make_unique<T[]>(CHUNK));
        T& slot = (*this)[size_++];
        slot = std::move(value);
        return slot;
    }
    T& operator[](std::size_t i) noexcept { return chunks_[i / CHUNK][i % CHUNK]; }
    const T& operator[](std::size_t i) const noexcept { return chunks_[i / CHUNK][i % CHUNK]; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    /// Forgets the elements, keeps the memory.
    void clear() noexcept { size_ = 0; }

private:
    std::vector<std::unique_ptr<T[]>> chunks_;
    std::size_t size_ = 0;
};

}  // namespace mezz
