// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/rpc_params.hpp"

#include <simdjson.h>

#include "core/codec/hex.hpp"

namespace mezz::app {
namespace {

std::unexpected<rpc::RpcError> expected(std::size_t index, const char* name, const char* what) {
    return std::unexpected(
        rpc::RpcError{rpc::invalid_params,
                      "params[" + std::to_string(index) + "] (" + name + "): expected " + what,
                      {}});
}

/// "0x…" of at most 64 bits.
std::optional<std::uint64_t> quantity(std::string_view text) {
    if (!text.starts_with("0x") || text.size() < 3 || text.size() > 18) return std::nullopt;
    std::string digits(text.substr(2));
    if (digits.size() % 2 != 0) digits.insert(digits.begin(), '0');
    const auto bytes = from_hex(digits);
    if (!bytes) return std::nullopt;
    std::uint64_t out = 0;
    for (const auto b : *bytes) out = out << 8 | b;
    return out;
}

}  // namespace

std::expected<std::optional<std::uint64_t>, rpc::RpcError> number_param(std::string_view params,
                                                                        std::size_t index,
                                                                        const char* name) {
    constexpr const char* what = "a number, as such or as a 0x quantity";
    simdjson::dom::parser parser;
    simdjson::dom::array array;
    simdjson::dom::element value;
    const simdjson::padded_string text(params);
    if (parser.parse(text).get(array) != simdjson::SUCCESS) return expected(index, name, what);
    if (array.at(index).get(value) != simdjson::SUCCESS || value.is_null()) return std::nullopt;
    std::uint64_t number = 0;
    if (value.get(number) == simdjson::SUCCESS) return number;
    std::string_view digits;
    if (value.get(digits) == simdjson::SUCCESS)
        if (const auto parsed = quantity(digits)) return *parsed;
    return expected(index, name, what);
}

std::expected<std::uint64_t, rpc::RpcError> needed_number_param(std::string_view params,
                                                                std::size_t index,
                                                                const char* name) {
    const auto number = number_param(params, index, name);
    if (!number) return std::unexpected(number.error());
    if (!*number) return expected(index, name, "a number; it is missing");
    return **number;
}

std::expected<Bytes32, rpc::RpcError> hash_param(std::string_view params, std::size_t index,
                                                 const char* name) {
    simdjson::dom::parser parser;
    simdjson::dom::array array;
    std::string_view digits;
    const simdjson::padded_string text(params);
    if (parser.parse(text).get(array) == simdjson::SUCCESS &&
        array.at(index).get(digits) == simdjson::SUCCESS)
        if (const auto hash = fixed_from_hex<Bytes32>(digits)) return *hash;
    return expected(index, name, "32 bytes as 0x hex");
}

}  // namespace mezz::app
