// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/json_value.hpp"

#include <array>

namespace mezz::rpc {
namespace {

constexpr auto nibbles = [] {
    std::array<std::uint8_t, 256> t{};
    t.fill(0xff);
    for (unsigned i = 0; i < 10; ++i) t['0' + i] = static_cast<std::uint8_t>(i);
    for (unsigned i = 0; i < 6; ++i) t['a' + i] = t['A' + i] = static_cast<std::uint8_t>(10 + i);
    return t;
}();

std::uint8_t nibble(char c) noexcept {
    return nibbles[static_cast<unsigned char>(c)];
}

bool has_prefix(std::string_view text) noexcept {
    return text.size() >= 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
}

/// A quantity as geth takes it: "0x", digits, no leading zero.
std::optional<uint256> quantity(std::string_view text) noexcept {
    if (!has_prefix(text)) return std::nullopt;
    text.remove_prefix(2);
    if (text.empty() || text.size() > 64 || (text.size() > 1 && text[0] == '0'))
        return std::nullopt;
    uint256 v;
    for (const char c : text) {
        const std::uint8_t n = nibble(c);
        if (n > 15) return std::nullopt;
        v = v << 4;
        v.limb[0] |= n;
    }
    return v;
}

}  // namespace

bool read_hex(std::string_view text, std::uint8_t* out) noexcept {
    std::uint8_t bad = 0;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
        const std::uint8_t high = nibble(text[i]), low = nibble(text[i + 1]);
        bad |= high | low;
        *out++ = static_cast<std::uint8_t>(high << 4 | (low & 15));
    }
    return bad < 16;
}

std::string Value::path() const {
    std::string out = parent_ != nullptr ? parent_->path() : std::string{};
    if (!key_.empty()) {
        if (parent_ != nullptr) out += '.';
        out += key_.substr(0, 64);
    } else {
        out += '[' + std::to_string(index_) + ']';
    }
    return out;
}

void Value::wrong(std::string_view expected) const {
    std::string got = simdjson::minify(json_);
    if (got.size() > 80) got = got.substr(0, 80) + "…";
    fail(invalid_params, path() + ": expected " + std::string(expected) + ", got " + got);
}

std::string_view Value::text() const {
    std::string_view s;
    if (json_.get(s) != simdjson::SUCCESS) wrong("a string");
    return s;
}

bool Value::boolean() const {
    bool b = false;
    if (json_.get(b) != simdjson::SUCCESS) wrong("true or false");
    return b;
}

std::uint64_t Value::u64(bool accepts_number) const {
    std::uint64_t n = 0;
    if (accepts_number && json_.get(n) == simdjson::SUCCESS) return n;
    std::string_view s;
    if (json_.get(s) != simdjson::SUCCESS) wrong("a hex quantity");
    const auto q = quantity(s);
    if (!q) wrong("a hex quantity");
    if (!q->fits_u64()) wrong("a hex quantity of at most 64 bits");
    return q->limb[0];
}

uint256 Value::u256() const {
    std::string_view s;
    if (json_.get(s) != simdjson::SUCCESS) wrong("a hex quantity");
    const auto q = quantity(s);
    if (!q) wrong("a hex quantity");
    return *q;
}

double Value::floating() const {
    double d = 0;
    if (json_.get(d) != simdjson::SUCCESS) wrong("a number");
    return d;
}

Bytes Value::bytes() const {
    std::string_view s;
    if (json_.get(s) != simdjson::SUCCESS || !has_prefix(s) || s.size() % 2 != 0)
        wrong("hex data with 0x prefix and an even number of digits");
    Bytes out((s.size() - 2) / 2);
    if (!read_hex(s.substr(2), out.data())) wrong("hex data");
    return out;
}

void Value::read_fixed(MutableByteView out, std::string_view expected) const {
    std::string_view s;
    if (json_.get(s) != simdjson::SUCCESS || !has_prefix(s) || s.size() != 2 + 2 * out.size() ||
        !read_hex(s.substr(2), out.data()))
        wrong(expected);
}

Bytes32 Value::slot() const {
    std::string_view s = text();
    if (has_prefix(s)) s.remove_prefix(2);
    if (s.size() > 64) wrong("a storage slot of at most 32 bytes");
    char padded[64];
    std::fill(padded, padded + 64, '0');
    std::copy(s.begin(), s.end(), padded + 64 - s.size());
    Bytes32 out;
    if (!read_hex({padded, 64}, out.data())) wrong("a storage slot in hex");
    return out;
}

std::optional<Value> Value::get(std::string_view key) const {
    if (!json_.is_object()) wrong("an object");
    Json item;
    if (simdjson::dom::object(json_).at_key(key).get(item) != simdjson::SUCCESS || item.is_null())
        return std::nullopt;
    return Value(item, this, key);
}

std::size_t Value::size() const {
    if (!json_.is_array()) wrong("an array");
    return simdjson::dom::array(json_).size();
}

Params::Params(std::optional<Json> array) : array_(array) {
    if (array_) size_ = simdjson::dom::array(*array_).size();
}

namespace {
/// simdjson's at() counts from the start; parameters are few.
Json element(Json array, std::size_t index) {
    Json item;
    (void)simdjson::dom::array(array).at(index).get(item);
    return item;
}
}  // namespace

Value Params::at(std::size_t index) const {
    if (index >= size_)
        fail(invalid_params, "missing value for required argument " + std::to_string(index));
    const Json item = element(*array_, index);
    if (item.is_null())
        fail(invalid_params, "missing value for required argument " + std::to_string(index));
    static constexpr std::string_view names[] = {"params[0]", "params[1]", "params[2]",
                                                 "params[3]", "params[4]", "params[5]"};
    return Value(item, nullptr, index < 6 ? names[index] : "params[…]");
}

std::optional<Value> Params::get(std::size_t index) const {
    if (index >= size_ || element(*array_, index).is_null()) return std::nullopt;
    return at(index);
}

std::string Params::raw(std::size_t index) const {
    return simdjson::minify(element(*array_, index));
}

void Params::at_most(std::size_t count) const {
    if (size_ > count)
        fail(invalid_params, "too many arguments, want at most " + std::to_string(count));
}

}  // namespace mezz::rpc
