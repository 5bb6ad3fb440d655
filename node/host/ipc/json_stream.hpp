// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Finds where JSON objects and arrays end in a stream of them. It counts brackets outside strings
/// and nothing more: whether a value is JSON is for its reader to say.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mezz::host::ipc {

/// Owned by one thread.
class JsonStream {
public:
    explicit JsonStream(std::size_t max_bytes) : max_bytes_(max_bytes) {}

    enum class Problem : std::uint8_t {
        none,
        not_a_value,  ///< something stands where an object or array should begin
        too_long,     ///< a value of more than `max_bytes`
    };
    /// After a problem nothing more is taken.
    void feed(std::string_view bytes) { buffer_.append(bytes); }
    /// The next whole value; none: feed more, or see `problem`.
    std::optional<std::string> next();
    [[nodiscard]] Problem problem() const noexcept { return problem_; }

private:
    std::size_t max_bytes_;
    std::string buffer_;
    std::size_t at_ = 0;     ///< looked at so far
    std::size_t depth_ = 0;  ///< of brackets; 0: between values
    bool in_string_ = false;
    bool escaped_ = false;
    Problem problem_ = Problem::none;
};

}  // namespace mezz::host::ipc
