// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The parameters of a method, read one by one; the first problem is kept.
///
///     ParamList p(params);
///     const Address who = p.address(0, "address");
///     const uint256 wei = p.word(1, "balance");
///     if (p.failed()) return p.error();

#include <simdjson.h>

#include <optional>

#include "node/ingest/rpc/rpc_server.hpp"

namespace mezz::app {

/// Owned by one thread.
class ParamList {
public:
    /// `params`: a JSON array.
    explicit ParamList(std::string_view params);

    [[nodiscard]] bool has(std::size_t index);
    [[nodiscard]] bool is_object(std::size_t index);
    Address address(std::size_t index, const char* name);
    Bytes32 hash(std::size_t index, const char* name);
    Bytes bytes(std::size_t index, const char* name);
    /// A number of up to 256 bits, as such or as hex digits after 0x.
    uint256 word(std::size_t index, const char* name);
    std::uint64_t number(std::size_t index, const char* name);
    std::uint64_t number_or(std::size_t index, const char* name, std::uint64_t missing);
    bool flag(std::size_t index, const char* name);
    /// Takes an empty array, null or nothing.
    void no_list(std::size_t index, const char* name);
    /// requires: is_object(index). Null counts as nothing.
    [[nodiscard]] bool has_member(std::size_t index, const char* name);
    /// Of the object at `index`; none when it lacks the member.
    std::optional<std::uint64_t> member(std::size_t index, const char* name);

    [[nodiscard]] bool failed() const noexcept { return error_.has_value(); }
    /// -32602, naming the parameter. requires: failed().
    [[nodiscard]] std::unexpected<rpc::RpcError> error() const { return std::unexpected(*error_); }

    /// What evm_mine takes: nothing, a time, or {timestamp, blocks}.
    struct MineOptions {
        std::optional<std::uint64_t> timestamp;
        std::uint64_t blocks = 1;
    };
    MineOptions mine_options();

private:
    std::optional<simdjson::dom::element> at(std::size_t index);
    std::optional<uint256> as_word(simdjson::dom::element value);
    void wrong(std::size_t index, std::string_view name, std::string_view expected);

    simdjson::padded_string text_;
    simdjson::dom::parser parser_;
    std::optional<simdjson::dom::array> array_;
    std::optional<rpc::RpcError> error_;
};

}  // namespace mezz::app
