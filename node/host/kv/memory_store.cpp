// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/kv/memory_store.hpp"

#include <mutex>

namespace mezz::host {

using node::Result;
using node::Table;

class MemoryTransaction final : public node::KvWrite {
public:
    explicit MemoryTransaction(MemoryStore& store) : store_(store) {}

    Result<std::optional<ByteView>> get(Table table, ByteView key) override {
        const Bytes k = to_bytes(key);
        const auto& own = changes_[index(table)];
        if (const auto it = own.find(k); it != own.end()) {
            if (!it->second) return std::optional<ByteView>{};
            return std::optional<ByteView>(*it->second);
        }
        const std::shared_lock lock(store_.mutex_);
        const auto& rows = store_.tables_[index(table)];
        const auto it = rows.find(k);
        if (it == rows.end()) return std::optional<ByteView>{};
        pinned_.push_back(it->second);
        return std::optional<ByteView>(*pinned_.back());
    }

    Result<void> scan(Table table, ByteView from,
                      const std::function<bool(ByteView, ByteView)>& visit) override {
        std::map<Bytes, std::shared_ptr<const Bytes>> merged;
        {
            const std::shared_lock lock(store_.mutex_);
            const auto& rows = store_.tables_[index(table)];
            merged.insert(rows.lower_bound(to_bytes(from)), rows.end());
        }
        for (const auto& [k, v] : changes_[index(table)]) {
            if (k < to_bytes(from)) continue;
            if (v)
                merged[k] = v;
            else
                merged.erase(k);
        }
        for (const auto& [k, v] : merged)
            if (!visit(k, *v)) break;
        return {};
    }

    Result<void> scan_back(Table table, ByteView from,
                           const std::function<bool(ByteView, ByteView)>& visit) override {
        // One row at a time: tables may be large and searches short.
        const auto& own = changes_[index(table)];
        Bytes bound = to_bytes(from);
        for (bool inclusive = true;; inclusive = false) {
            const auto before = [&](const auto& rows) {
                const auto it = inclusive ? rows.upper_bound(bound) : rows.lower_bound(bound);
                return it == rows.begin() ? rows.end() : std::prev(it);
            };
            std::optional<Bytes> key;
            std::shared_ptr<const Bytes> value;
            {
                const std::shared_lock lock(store_.mutex_);
                const auto& rows = store_.tables_[index(table)];
                if (const auto it = before(rows); it != rows.end()) {
                    key = it->first;
                    value = it->second;
                }
            }
            if (const auto it = before(own); it != own.end() && (!key || it->first >= *key)) {
                key = it->first;
                value = it->second;
            }
            if (!key) return {};
            if (value && !visit(*key, *value)) return {};
            bound = std::move(*key);
        }
    }

    Result<void> put(Table table, ByteView key, ByteView value) override {
        changes_[index(table)][to_bytes(key)] = std::make_shared<const Bytes>(to_bytes(value));
        return {};
    }
    Result<void> append(Table table, ByteView key, ByteView value) override {
        return put(table, key, value);
    }
    Result<void> erase(Table table, ByteView key) override {
        changes_[index(table)][to_bytes(key)] = nullptr;
        return {};
    }

    Result<void> commit() override {
        const std::unique_lock lock(store_.mutex_);
        if (store_.fail_after_ > 0 && store_.fail_times_ > 0) --store_.fail_after_;
        if (store_.fail_times_ > 0 && store_.fail_after_ == 0) {
            --store_.fail_times_;
            return node::retry("database: commit: No space left on device (injected)");
        }
        for (std::size_t t = 0; t < node::table_count; ++t) {
            for (auto& [k, v] : changes_[t]) {
                auto& rows = store_.tables_[t];
                if (const auto it = rows.find(k); it != rows.end()) {
                    store_.size_bytes_ -= k.size() + it->second->size();
                    rows.erase(it);
                }
                if (!v) continue;
                store_.size_bytes_ += k.size() + v->size();
                rows.emplace(k, v);
            }
            changes_[t].clear();
        }
        return {};
    }

private:
    static std::size_t index(Table table) { return static_cast<std::size_t>(table); }
    MemoryStore& store_;
    std::map<Bytes, std::shared_ptr<const Bytes>> changes_[node::table_count];
    std::vector<std::shared_ptr<const Bytes>> pinned_;
};

Result<std::unique_ptr<node::KvRead>> MemoryStore::read() {
    waits_ += waits_a_read_;
    return std::make_unique<MemoryTransaction>(*this);
}
Result<std::unique_ptr<node::KvWrite>> MemoryStore::write() {
    return std::make_unique<MemoryTransaction>(*this);
}
std::uint64_t MemoryStore::size_bytes() {
    const std::shared_lock lock(mutex_);
    return size_bytes_;
}
void MemoryStore::fail_commits(unsigned n, unsigned times) {
    const std::unique_lock lock(mutex_);
    fail_after_ = n;
    fail_times_ = times;
}

}  // namespace mezz::host
