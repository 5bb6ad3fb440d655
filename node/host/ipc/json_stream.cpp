// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/ipc/json_stream.hpp"

namespace mezz::host::ipc {
namespace {

bool is_space(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

}  // namespace

std::optional<std::string> JsonStream::next() {
    if (problem_ != Problem::none) return std::nullopt;
    if (depth_ == 0) {
        std::size_t start = 0;
        while (start < buffer_.size() && is_space(buffer_[start])) ++start;
        buffer_.erase(0, start);
        at_ = 0;
        if (buffer_.empty()) return std::nullopt;
        if (buffer_[0] != '{' && buffer_[0] != '[') {
            problem_ = Problem::not_a_value;
            return std::nullopt;
        }
    }
    for (; at_ < buffer_.size(); ++at_) {
        const char c = buffer_[at_];
        if (in_string_) {
            if (escaped_)
                escaped_ = false;
            else if (c == '\\')
                escaped_ = true;
            else if (c == '"')
                in_string_ = false;
            continue;
        }
        if (c == '"') in_string_ = true;
        if (c == '{' || c == '[') ++depth_;
        if (c != '}' && c != ']') continue;
        if (--depth_ != 0) continue;
        std::string value = buffer_.substr(0, at_ + 1);
        buffer_.erase(0, at_ + 1);
        at_ = 0;
        if (value.size() <= max_bytes_) return value;
        problem_ = Problem::too_long;
        return std::nullopt;
    }
    if (buffer_.size() > max_bytes_) problem_ = Problem::too_long;
    return std::nullopt;
}

}  // namespace mezz::host::ipc
