// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/param_list.hpp"

#include "core/codec/hex.hpp"

namespace mezz::app {

ParamList::ParamList(std::string_view params) : text_(params) {
    simdjson::dom::array array;
    if (parser_.parse(text_).get(array) == simdjson::SUCCESS) array_ = array;
}

std::optional<simdjson::dom::element> ParamList::at(std::size_t index) {
    simdjson::dom::element value;
    if (!array_ || array_->at(index).get(value) != simdjson::SUCCESS || value.is_null())
        return std::nullopt;
    return value;
}

void ParamList::wrong(std::size_t index, std::string_view name, std::string_view expected) {
    if (error_) return;
    const auto value = at(index);
    const std::string got = value ? simdjson::minify(*value) : "nothing";
    error_ =
        rpc::RpcError{rpc::invalid_params,
                      "params[" + std::to_string(index) + "] (" + std::string(name) +
                          "): expected " + std::string(expected) + ", got " + got.substr(0, 80),
                      {}};
}

bool ParamList::has(std::size_t index) {
    return at(index).has_value();
}

bool ParamList::is_object(std::size_t index) {
    const auto value = at(index);
    return value && value->is_object();
}

void ParamList::no_list(std::size_t index, const char* name) {
    const auto value = at(index);
    if (!value || value->is_null()) return;
    simdjson::dom::array list;
    if (value->get(list) != simdjson::SUCCESS || list.size() != 0)
        wrong(index, name, "an empty list; others are not supported");
}

std::optional<uint256> ParamList::as_word(simdjson::dom::element value) {
    std::uint64_t plain = 0;
    if (value.get(plain) == simdjson::SUCCESS) return uint256{plain};
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS || !text.starts_with("0x") || text.size() < 3 ||
        text.size() > 66)
        return std::nullopt;
    const std::string digits = std::string(66 - text.size(), '0') + std::string(text.substr(2));
    const auto bytes = fixed_from_hex<Bytes32>("0x" + digits);
    return bytes ? std::optional(to_uint256(*bytes)) : std::nullopt;
}

uint256 ParamList::word(std::size_t index, const char* name) {
    const auto value = at(index);
    const auto word = value ? as_word(*value) : std::nullopt;
    if (!word) wrong(index, name, "a number of at most 256 bits, as such or in 0x hex");
    return word.value_or(uint256{});
}

std::uint64_t ParamList::number(std::size_t index, const char* name) {
    const auto value = at(index);
    const auto word = value ? as_word(*value) : std::nullopt;
    if (word && word->fits_u64()) return word->limb[0];
    wrong(index, name, "a number of at most 64 bits, as such or in 0x hex");
    return 0;
}

std::uint64_t ParamList::number_or(std::size_t index, const char* name, std::uint64_t missing) {
    return has(index) ? number(index, name) : missing;
}

Address ParamList::address(std::size_t index, const char* name) {
    std::string_view text;
    if (const auto value = at(index); value && value->get(text) == simdjson::SUCCESS)
        if (const auto address = fixed_from_hex<Address>(text)) return *address;
    wrong(index, name, "an address of 20 bytes");
    return {};
}

Bytes32 ParamList::hash(std::size_t index, const char* name) {
    std::string_view text;
    if (const auto value = at(index); value && value->get(text) == simdjson::SUCCESS)
        if (const auto hash = fixed_from_hex<Bytes32>(text)) return *hash;
    wrong(index, name, "32 bytes as 0x hex");
    return {};
}

Bytes ParamList::bytes(std::size_t index, const char* name) {
    std::string_view text;
    if (const auto value = at(index);
        value && value->get(text) == simdjson::SUCCESS && text.starts_with("0x"))
        if (auto bytes = from_hex(text)) return std::move(*bytes);
    wrong(index, name, "bytes as 0x hex");
    return {};
}

bool ParamList::flag(std::size_t index, const char* name) {
    bool flag = false;
    if (const auto value = at(index); !value || value->get(flag) != simdjson::SUCCESS)
        wrong(index, name, "true or false");
    return flag;
}

bool ParamList::has_member(std::size_t index, const char* name) {
    const auto object = at(index);
    simdjson::dom::element value;
    return object && object->at_key(name).get(value) == simdjson::SUCCESS && !value.is_null();
}

std::optional<std::uint64_t> ParamList::member(std::size_t index, const char* name) {
    const auto object = at(index);
    simdjson::dom::element value;
    if (!object || object->at_key(name).get(value) != simdjson::SUCCESS || value.is_null())
        return std::nullopt;
    const auto word = as_word(value);
    if (word && word->fits_u64()) return word->limb[0];
    wrong(index, name, "a number of at most 64 bits, as such or in 0x hex");
    return std::nullopt;
}

ParamList::MineOptions ParamList::mine_options() {
    MineOptions out;
    if (is_object(0)) {
        out.timestamp = member(0, "timestamp");
        out.blocks = member(0, "blocks").value_or(1);
    } else if (has(0)) {
        out.timestamp = number(0, "timestamp");
    }
    return out;
}

}  // namespace mezz::app
