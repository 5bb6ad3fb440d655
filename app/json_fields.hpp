// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Reads the fields of a JSON file that people may have touched.
///
/// The first problem sticks and names its field; what is read after it is empty.

#include <simdjson.h>

#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"
#include "node/ports/result.hpp"

namespace mezz::app {

class JsonFields {
public:
    using Element = simdjson::dom::element;

    /// `file`: how errors call it.
    explicit JsonFields(std::string file) : file_(std::move(file)) {}

    template <class Fixed>
    Fixed fixed(const Element& object, const char* name) {
        const auto bytes = this->bytes(object, name);
        if (bytes.size() != Fixed::size()) {
            fail(name, "has " + std::to_string(bytes.size()) + " bytes, expected " +
                           std::to_string(Fixed::size()));
            return {};
        }
        return Fixed::from(bytes);
    }
    Bytes bytes(const Element& object, const char* name);
    std::uint64_t number(const Element& object, const char* name);
    std::string text(const Element& object, const char* name);
    /// Refuses members with other names.
    void only(const Element& value, const std::vector<std::string>& known);
    void fail(const std::string& name, const std::string& why);
    /// Fatal: FILE: field "NAME" WHY.
    [[nodiscard]] const std::optional<node::Error>& error() const { return error_; }

private:
    std::string file_;
    std::optional<node::Error> error_;
};

}  // namespace mezz::app
