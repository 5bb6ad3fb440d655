// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/json_fields.hpp"

#include <algorithm>

#include "app/suggest.hpp"
#include "core/codec/hex.hpp"

namespace mezz::app {

Bytes JsonFields::bytes(const Element& object, const char* name) {
    std::string_view text;
    if (object[name].get(text) != simdjson::SUCCESS) {
        fail(name, "is missing or not a string");
        return {};
    }
    auto out = from_hex(text);
    if (!out) fail(name, "is not 0x-hex");
    return out.value_or(Bytes{});
}

std::uint64_t JsonFields::number(const Element& object, const char* name) {
    std::uint64_t v = 0;
    if (object[name].get(v) != simdjson::SUCCESS) fail(name, "is missing or not a number");
    return v;
}

std::string JsonFields::text(const Element& object, const char* name) {
    std::string_view text;
    if (object[name].get(text) != simdjson::SUCCESS) fail(name, "is missing or not a string");
    return std::string(text);
}

void JsonFields::only(const Element& value, const std::vector<std::string>& known) {
    simdjson::dom::object object;
    if (value.get(object) != simdjson::SUCCESS) return;  // its fields will be missing
    for (const auto member : object)
        if (std::ranges::find(known, member.key) == known.end())
            return fail(std::string(member.key.substr(0, 64)),
                        "is not known" + suggestion(member.key, known));
}

void JsonFields::fail(const std::string& name, const std::string& why) {
    if (!error_)
        error_ = node::Error{node::Handling::fatal, file_ + ": field \"" + name + "\" " + why};
}

}  // namespace mezz::app
