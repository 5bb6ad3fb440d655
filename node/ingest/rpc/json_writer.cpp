// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/json_writer.hpp"

#include <charconv>
#include <cmath>

namespace mezz::rpc {
namespace {

constexpr char digits[] = "0123456789abcdef";

void append_escaped(std::string& out, std::string_view text) {
    for (const char c : text) {
        const auto u = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (u < 0x20) {
            out += "\\u00";
            out += digits[u >> 4];
            out += digits[u & 15];
        } else {
            out += c;
        }
    }
}

void append_bytes(std::string& out, ByteView bytes) {
    const std::size_t start = out.size();
    out.resize(start + 2 + 2 * bytes.size());
    char* p = out.data() + start;
    *p++ = '0';
    *p++ = 'x';
    for (const std::uint8_t b : bytes) {
        *p++ = digits[b >> 4];
        *p++ = digits[b & 15];
    }
}

void append_quantity(std::string& out, const uint256& value) {
    out += "0x";
    bool started = false;
    for (int i = 3; i >= 0; --i) {
        if (!started && value.limb[i] == 0) continue;
        char text[16];
        const auto end = std::to_chars(text, text + 16, value.limb[i], 16).ptr;
        if (started) out.append(static_cast<std::size_t>(16 - (end - text)), '0');
        out.append(text, end);
        started = true;
    }
    if (!started) out += '0';
}

}  // namespace

JsonWriter& JsonWriter::field(std::string_view key) {
    comma();
    text_ += '"';
    text_ += key;
    text_ += "\":";
    needs_comma_ = false;
    return *this;
}

void JsonWriter::number(double value) {
    if (!std::isfinite(value)) return null();
    char text[40];
    const auto end = std::to_chars(text, text + sizeof text, value).ptr;
    literal({text, static_cast<std::size_t>(end - text)});
}

void JsonWriter::string(std::string_view text) {
    comma();
    text_ += '"';
    append_escaped(text_, text);
    text_ += '"';
}

void JsonWriter::quantity(std::uint64_t value) {
    comma();
    char text[20] = {'"', '0', 'x'};
    char* end = std::to_chars(text + 3, text + 19, value, 16).ptr;
    *end++ = '"';
    text_.append(text, end);
}

void JsonWriter::quantity(const uint256& value) {
    comma();
    text_ += '"';
    append_quantity(text_, value);
    text_ += '"';
}

void JsonWriter::data(ByteView bytes) {
    comma();
    text_ += '"';
    append_bytes(text_, bytes);
    text_ += '"';
}

std::string quote(std::string_view text) {
    std::string out = "\"";
    append_escaped(out, text);
    return out + '"';
}

std::string quote_hex(ByteView bytes) {
    return '"' + hex_text(bytes) + '"';
}

std::string quantity_text(const uint256& value) {
    std::string out;
    append_quantity(out, value);
    return out;
}

}  // namespace mezz::rpc
