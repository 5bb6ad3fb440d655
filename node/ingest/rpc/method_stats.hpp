// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// How often each method was called, how it ended and how long it took.

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace mezz::rpc {

struct MethodCount {
    /// units: seconds. Upper ends of the buckets; one more has no end.
    static constexpr std::array<double, 9> bounds{0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5};
    std::map<int, std::uint64_t> by_code;  ///< 0: success, otherwise the error's code
    std::array<std::uint64_t, bounds.size() + 1> buckets{};
    double seconds = 0;
};

/// Thread-safe. Names are those of the method table and "unknown", so that clients cannot make it
/// grow.
class MethodStats {
public:
    /// Also told of every call, on the thread that answered it. Set before the first.
    using Listener = std::function<void(std::string_view method, int code, double seconds)>;
    void on_call(Listener listener) { listener_ = std::move(listener); }

    void record(std::string_view method, int code, double seconds) {
        if (listener_) listener_(method, code, seconds);
        std::size_t bucket = 0;
        while (bucket < MethodCount::bounds.size() && seconds > MethodCount::bounds[bucket])
            ++bucket;
        const std::scoped_lock lock(mutex_);
        auto it = counts_.find(method);
        if (it == counts_.end()) it = counts_.emplace(std::string(method), MethodCount{}).first;
        MethodCount& m = it->second;
        ++m.by_code[code];
        ++m.buckets[bucket];
        m.seconds += seconds;
    }
    [[nodiscard]] std::map<std::string, MethodCount, std::less<>> counts() const {
        const std::scoped_lock lock(mutex_);
        return counts_;
    }

private:
    Listener listener_;
    mutable std::mutex mutex_;  ///< guards the rest
    std::map<std::string, MethodCount, std::less<>> counts_;
};

}  // namespace mezz::rpc
