// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Writes JSON into one growing string, with Ethereum's spellings of numbers and bytes.
///
///     JsonWriter out;
///     out.object([&] { out.field("number").quantity(5); });      // {"number":"0x5"}
///
/// Commas take care of themselves. The writer does not check that keys are unique.

#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/uint256.hpp"
#include "node/ports/hex_text.hpp"

namespace mezz::rpc {

class JsonWriter {
public:
    /// The next value belongs to this key.
    JsonWriter& field(std::string_view key);

    /// Values.
    void null() { literal("null"); }
    void boolean(bool value) { literal(value ? "true" : "false"); }
    void number(std::int64_t value) { literal(std::to_string(value)); }
    void number(double value);
    void string(std::string_view text);
    /// Shortest hex, "0x0" for zero.
    void quantity(std::uint64_t value);
    void quantity(const uint256& value);
    /// Two digits a byte.
    void data(ByteView bytes);
    /// Already JSON.
    void raw(std::string_view json) { literal(json); }
    template <class Body>
    void object(Body&& body) {
        open('{');
        body();
        close('}');
    }
    template <class Body>
    void array(Body&& body) {
        open('[');
        body();
        close(']');
    }

    [[nodiscard]] std::size_t size_bytes() const noexcept { return text_.size(); }
    [[nodiscard]] std::string& text() noexcept { return text_; }
    [[nodiscard]] std::string take() noexcept { return std::move(text_); }

    /// A place to come back to when a value turns out to be impossible.
    struct Mark {
        std::size_t size;
        bool needs_comma;
    };
    [[nodiscard]] Mark mark() const noexcept { return {text_.size(), needs_comma_}; }
    void rewind(Mark mark) noexcept {
        text_.resize(mark.size);
        needs_comma_ = mark.needs_comma;
    }

private:
    void comma() {
        if (needs_comma_) text_ += ',';
        needs_comma_ = true;
    }
    void literal(std::string_view json) {
        comma();
        text_ += json;
    }
    void open(char bracket) {
        comma();
        text_ += bracket;
        needs_comma_ = false;
    }
    void close(char bracket) {
        text_ += bracket;
        needs_comma_ = true;
    }

    std::string text_;
    bool needs_comma_ = false;
};

/// `text` as a JSON string, quotes included.
[[nodiscard]] std::string quote(std::string_view text);
/// Bytes as a JSON string "0x…".
[[nodiscard]] std::string quote_hex(ByteView bytes);
using node::hex_text;
[[nodiscard]] std::string quantity_text(const uint256& value);

}  // namespace mezz::rpc
