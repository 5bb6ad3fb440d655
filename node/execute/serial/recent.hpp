// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A map of bounded size that keeps what was used last.
///
/// Keys hash to a group of eight places; a full group gives up the one that was used longest ago.
/// So it forgets one entry at a time and never all of them, and what it keeps depends on the calls
/// alone. Memory doubles, up to the bound, when a group is full.

#include <algorithm>
#include <atomic>
#include <bit>
#include <vector>

#include "core/base/flat_map.hpp"

namespace mezz::node {

/// `Key` needs `hash_of(key, seed)` and ==.
template <class Key, class Value>
class Recent {
public:
    /// units: entries, rounded up to a power of two of at least 1024.
    explicit Recent(std::size_t max_entries)
        : max_entries_(std::bit_ceil(std::max<std::size_t>(max_entries, 1024))) {
        places_.resize(1024);
    }

    /// Marks as used. returns: null when it is not there; valid until the next `put`.
    Value* find(const Key& key) {
        Place* place = locate(key);
        if (place == nullptr) return nullptr;
        mark(*place);
        return &place->value;
    }
    /// Leaves no mark. Threads may ask at the same time, also while one calls `find`.
    const Value* peek(const Key& key) const {
        const Place* place = const_cast<Recent*>(this)->locate(key);
        return place == nullptr ? nullptr : &place->value;
    }
    /// returns: the value; valid until the next `put`.
    Value& put(const Key& key, const Value& value) {
        Place* place = locate(key);
        if (place == nullptr) {
            place = oldest(group(key));
            while (place->used != 0 && places_.size() < max_entries_) {
                grow();
                place = oldest(group(key));
            }
            if (place->used == 0) ++size_;
            place->key = key;
        }
        mark(*place);
        place->value = value;
        return place->value;
    }
    void clear() {
        places_.assign(1024, Place{});
        size_ = 0;
    }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

private:
    static constexpr std::size_t group_size = 8;
    struct Place {
        std::uint64_t used = 0;  ///< 0: free
        Key key{};
        Value value{};
    };

    void mark(Place& place) {
        std::atomic_ref(place.used).store(++clock_, std::memory_order_relaxed);
    }
    static bool is_taken(Place& place) {
        return std::atomic_ref(place.used).load(std::memory_order_relaxed) != 0;
    }
    Place* group(const Key& key) {
        const std::size_t groups = places_.size() / group_size;
        return places_.data() + (hash_of(key, 0) & (groups - 1)) * group_size;
    }
    Place* locate(const Key& key) {
        Place* first = group(key);
        for (std::size_t i = 0; i < group_size; ++i)
            if (is_taken(first[i]) && first[i].key == key) return first + i;
        return nullptr;
    }
    static Place* oldest(Place* first) {
        return std::min_element(first, first + group_size,
                                [](const Place& a, const Place& b) { return a.used < b.used; });
    }
    void grow() {
        std::vector<Place> old(places_.size() * 2);
        old.swap(places_);
        size_ = 0;
        for (const Place& p : old) {
            if (p.used == 0) continue;
            Place* place = oldest(group(p.key));
            if (place->used == 0) ++size_;
            *place = p;
        }
    }

    std::size_t max_entries_;
    std::vector<Place> places_;
    std::size_t size_ = 0;
    std::uint64_t clock_ = 0;
};

}  // namespace mezz::node
