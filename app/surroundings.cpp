// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/surroundings.hpp"

#include <algorithm>

namespace mezz::app {

std::vector<Finding> look_at(const Surroundings& s, const SurroundingsLimits& limits) {
    std::vector<Finding> found;
    const std::uint64_t now_s = s.now_ms / 1000;
    if (s.parent_head_s > now_s + limits.max_clock_ahead_s)
        found.push_back({"clock", "this machine's clock is at least " +
                                      std::to_string(s.parent_head_s - now_s) +
                                      " s behind the parent's last block; set it by NTP"});
    else if (s.parent_head_s != 0 && now_s > s.parent_head_s + limits.max_parent_age_s)
        found.push_back({"clock", "the parent's last block is " +
                                      std::to_string(now_s - s.parent_head_s) +
                                      " s old: the parent stands still, or this machine's clock "
                                      "is ahead of it"});
    if (s.free_bytes && *s.free_bytes < limits.min_free_bytes)
        found.push_back({"disk", std::to_string(*s.free_bytes >> 20) + " MiB free at " +
                                     s.directory + ", less than " +
                                     std::to_string(limits.min_free_bytes >> 20) +
                                     " MiB; free some before blocks cannot be stored"});
    return found;
}

std::optional<std::uint64_t> free_bytes(const std::filesystem::path& directory) {
    std::error_code error;
    const auto space = std::filesystem::space(directory, error);
    if (error) return std::nullopt;
    return space.available;
}

void FindingLog::update(std::vector<Finding> now,
                        const std::function<void(const Finding&, bool is_new)>& tell) {
    const auto holds = [](const std::vector<Finding>& list, const Finding& f) {
        return std::ranges::any_of(list, [&](const Finding& o) { return o.name == f.name; });
    };
    const std::scoped_lock lock(mutex_);
    for (const auto& f : now)
        if (!holds(last_, f)) tell(f, true);
    for (const auto& f : last_)
        if (!holds(now, f)) tell(f, false);
    last_ = std::move(now);
}

std::vector<Finding> FindingLog::findings() const {
    const std::scoped_lock lock(mutex_);
    return last_;
}

}  // namespace mezz::app
