// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What a node depends on and does not control: its clock, its disk. Looked at now and then; what
/// is wrong is said once, and once more when it is right again.

#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace mezz::app {

struct Finding {
    std::string name;    ///< "clock", "disk"; stable
    std::string reason;  ///< what, and what to do
};

struct Surroundings {
    std::uint64_t now_ms = 0;
    std::uint64_t parent_head_s = 0;  ///< timestamp of the parent's last block; 0: not seen yet
    std::optional<std::uint64_t> free_bytes;  ///< of the disk with the state; none: in memory
    std::string directory;
};

struct SurroundingsLimits {
    /// A parent's block may be that far in the future: clocks of a network differ a little.
    std::uint64_t max_clock_ahead_s = 5;
    /// Longer than any parent waits between blocks.
    std::uint64_t max_parent_age_s = 120;
    std::uint64_t min_free_bytes = std::uint64_t{1} << 30;
};

/// returns: what is wrong; empty when all is well.
[[nodiscard]] std::vector<Finding> look_at(const Surroundings& s,
                                           const SurroundingsLimits& limits = {});

/// returns: none where it cannot be told.
[[nodiscard]] std::optional<std::uint64_t> free_bytes(const std::filesystem::path& directory);

/// Keeps the findings; tells what is new and what is gone. Thread-safe.
class FindingLog {
public:
    /// `tell(finding, is_new)`.
    void update(std::vector<Finding> now,
                const std::function<void(const Finding&, bool is_new)>& tell);
    [[nodiscard]] std::vector<Finding> findings() const;

private:
    mutable std::mutex mutex_;
    std::vector<Finding> last_;
};

}  // namespace mezz::app
