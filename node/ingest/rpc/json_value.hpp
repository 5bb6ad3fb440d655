// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Typed reading of parameters. A Value knows its path, so that an error can name the field:
/// "params[0].gas: expected a hex quantity, got \"12\"". Reading what is not there throws RpcError.
///
/// A Value is a view: the parsed document and the parent Value must outlive it.

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/uint256.hpp"
#include "node/ingest/rpc/error.hpp"

namespace mezz::rpc {

using Json = simdjson::dom::element;

class Value {
public:
    Value(Json json, const Value* parent, std::string_view key, std::size_t index = 0) noexcept
        : json_(json), parent_(parent), key_(key), index_(index) {}

    [[nodiscard]] bool is_null() const { return json_.is_null(); }
    [[nodiscard]] bool is_object() const { return json_.is_object(); }
    [[nodiscard]] bool is_array() const { return json_.is_array(); }
    [[nodiscard]] bool is_string() const { return json_.is_string(); }

    [[nodiscard]] std::string_view text() const;
    [[nodiscard]] bool boolean() const;
    /// "0x…" without leading zeros. Accepts JSON numbers where `accepts_number`.
    [[nodiscard]] std::uint64_t u64(bool accepts_number = false) const;
    [[nodiscard]] uint256 u256() const;
    [[nodiscard]] double floating() const;
    [[nodiscard]] Bytes bytes() const;
    [[nodiscard]] Address address() const { return fixed<Address>("an address of 20 bytes"); }
    [[nodiscard]] Bytes32 hash() const { return fixed<Bytes32>("a hash of 32 bytes"); }
    /// A slot number: up to 32 bytes, short forms are padded on the left.
    [[nodiscard]] Bytes32 slot() const;

    /// The member, or none when absent or null. requires: is_object() (else throws).
    [[nodiscard]] std::optional<Value> get(std::string_view key) const;
    [[nodiscard]] std::size_t size() const;
    template <class Visit>
    void each(Visit&& visit) const {
        if (!json_.is_array()) wrong("an array");
        std::size_t i = 0;
        for (Json item : simdjson::dom::array(json_)) visit(Value(item, this, {}, i++));
    }
    template <class Visit>
    void each_member(Visit&& visit) const {
        if (!json_.is_object()) wrong("an object");
        for (auto [key, item] : simdjson::dom::object(json_)) visit(key, Value(item, this, key));
    }

    [[nodiscard]] std::string path() const;
    [[nodiscard]] Json json() const noexcept { return json_; }
    /// Throws -32602 "path: expected …, got …".
    [[noreturn]] void wrong(std::string_view expected) const;

private:
    void read_fixed(MutableByteView out, std::string_view expected) const;
    template <class Fixed>
    Fixed fixed(std::string_view expected) const {
        Fixed out;
        read_fixed({out.data(), out.size()}, expected);
        return out;
    }

    Json json_;
    const Value* parent_;
    std::string_view key_;
    std::size_t index_;
};

/// The params of one call: an array, or nothing.
class Params {
public:
    explicit Params(std::optional<Json> array);
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    /// Throws "missing value for required argument i".
    [[nodiscard]] Value at(std::size_t index) const;
    /// None when absent or null.
    [[nodiscard]] std::optional<Value> get(std::size_t index) const;
    /// The parameter as JSON text. requires: index < size().
    [[nodiscard]] std::string raw(std::size_t index) const;
    /// Throws when there are more.
    void at_most(std::size_t count) const;

private:
    std::optional<Json> array_;
    std::size_t size_ = 0;
};

/// Digits of a hex text into bytes; false when one is not hex. requires: 2 * out.size() digits.
bool read_hex(std::string_view digits, std::uint8_t* out) noexcept;

}  // namespace mezz::rpc
