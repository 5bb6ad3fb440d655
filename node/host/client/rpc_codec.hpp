// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// JSON-RPC values <-> the types of ports/parent.hpp. Internal to node/host/client.
///
/// Total: any JSON gives a value or a retry error that names the field.

#include <simdjson.h>

#include <string>
#include <string_view>

#include "node/ports/parent.hpp"

namespace mezz::node::rpc {

using Element = simdjson::dom::element;

/// "0x…" with quotes, as a parameter.
std::string quoted(ByteView bytes);
/// A quantity without leading zeros, with quotes.
std::string quantity(const uint256& v);
std::string_view tag_name(BlockTag tag);

/// Field access: missing, null or malformed is an error that names `key`.
Result<std::string_view> text_of(const Element& object, std::string_view key);
Result<uint256> number_of(const Element& object, std::string_view key);
Result<std::uint64_t> u64_of(const Element& object, std::string_view key);
Result<Bytes> bytes_of(const Element& object, std::string_view key);
/// Whether the field is there and not null.
bool has(const Element& object, std::string_view key);

Result<uint256> parse_number(const Element& value);
Result<Bytes> parse_bytes(const Element& value);

Result<ParentBlock> parse_block(const Element& value);
Result<ParentLog> parse_log(const Element& value);
Result<ParentReceipt> parse_receipt(const Element& value);
Result<Transaction> parse_transaction(const Element& value);

template <class Fixed>
Result<Fixed> fixed_of(const Element& object, std::string_view key) {
    const auto bytes = bytes_of(object, key);
    if (!bytes) return std::unexpected(bytes.error());
    if (bytes->size() != Fixed::size())
        return retry("field " + std::string(key) + " has " + std::to_string(bytes->size()) +
                     " bytes instead of " + std::to_string(Fixed::size()));
    return Fixed::from(*bytes);
}

}  // namespace mezz::node::rpc
