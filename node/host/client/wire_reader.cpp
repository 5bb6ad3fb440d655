// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/client/wire_reader.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace mezz::node {
namespace {

constexpr std::size_t max_head_bytes = 64 << 10;
constexpr std::size_t max_line_bytes = 1024;  ///< with the size of a chunk

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool same_word(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view trimmed(std::string_view s) {
    while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
    while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
    return s;
}

std::optional<std::uint64_t> number(std::string_view text, int base) {
    std::uint64_t value = 0;
    const auto r = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (r.ec != std::errc{} || r.ptr != text.data() + text.size() || text.empty())
        return std::nullopt;
    return value;
}

struct Head {
    unsigned status = 0;
    std::optional<std::uint64_t> length;
    bool chunked = false;
    bool ends = false;
};

/// `text` ends with the line break of its last line. returns: none when it is no head.
std::optional<Head> read_head(std::string_view text) {
    Head head;
    if (!text.starts_with("HTTP/1.") || text.size() < 12) return std::nullopt;
    const auto status = number(text.substr(9, 3), 10);
    if (!status) return std::nullopt;
    head.status = static_cast<unsigned>(*status);
    head.ends = text.starts_with("HTTP/1.0");
    for (auto at = text.find("\r\n") + 2; at < text.size();) {
        const auto end = text.find("\r\n", at);
        const std::string_view line = text.substr(at, end - at);
        at = end + 2;
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) return std::nullopt;
        const auto name = line.substr(0, colon), value = trimmed(line.substr(colon + 1));
        if (same_word(name, "content-length")) {
            head.length = number(value, 10);
            if (!head.length) return std::nullopt;
        } else if (same_word(name, "transfer-encoding")) {
            head.chunked = same_word(value, "chunked");
        } else if (same_word(name, "connection")) {
            head.ends = same_word(value, "close");
        }
    }
    return head;
}

}  // namespace

std::string WireReader::feed(std::string_view bytes) {
    // Nearly always a message comes whole, and is never copied.
    const bool kept = !waiting_.empty();
    if (kept) waiting_ += bytes;
    std::string_view rest = kept ? std::string_view(waiting_) : bytes;
    for (;;) {
        Step step = next(rest);
        if (!step.error.empty()) return step.error;
        if (step.used == 0) break;
        rest.remove_prefix(step.used);
    }
    std::string left(rest);
    waiting_.swap(left);
    return {};
}

void WireReader::reset() {
    waiting_.clear();
    fragment_.clear();
    in_fragment_ = ends_ = false;
}

WireReader::Step WireReader::next(std::string_view bytes) {
    if (bytes.empty()) return {};
    return wire_ == Wire::http ? next_answer(bytes) : next_frame(bytes);
}

WireReader::Step WireReader::next_answer(std::string_view bytes) {
    const auto end = bytes.find("\r\n\r\n");
    // Whether the bytes come at once or one by one, the limit is met at the same place.
    if ((end == std::string_view::npos ? bytes.size() : end + 4) > max_head_bytes)
        return {0, "an answer's headers have no end"};
    if (end == std::string_view::npos) return {};
    const auto head = read_head(bytes.substr(0, end + 2));
    if (!head) return {0, "the answer is not HTTP/1.1"};
    ends_ = head->ends;
    const std::size_t head_size = end + 4;
    if (head->status >= 100 && head->status < 200) return {head_size};
    if (head->chunked) {
        Step step = chunks(bytes, head_size);
        if (step.used != 0 && head->status != 200 && events_.on_status)
            events_.on_status(head->status);
        return step;
    }
    if (!head->length) return {0, "the answer has no length"};
    if (*head->length > max_message_bytes_) return {0, "the answer is too long"};
    if (bytes.size() - head_size < *head->length) return {};
    if (head->status != 200 && events_.on_status) events_.on_status(head->status);
    events_.on_message(bytes.substr(head_size, *head->length));
    return {head_size + *head->length};
}

WireReader::Step WireReader::chunks(std::string_view bytes, std::size_t head_size) {
    std::string body;
    for (std::size_t at = head_size;;) {
        const auto line_end = bytes.find("\r\n", at);
        if ((line_end == std::string_view::npos ? bytes.size() : line_end + 2) - at >
            max_line_bytes)
            return {0, "a chunk has no size"};
        if (line_end == std::string_view::npos) return {};
        std::string_view text = bytes.substr(at, line_end - at);
        text = trimmed(text.substr(0, text.find(';')));
        const auto size = number(text, 16);
        if (!size) return {0, "a chunk has no size"};
        if (*size > max_message_bytes_ || body.size() + *size > max_message_bytes_)
            return {0, "the answer is too long"};
        at = line_end + 2;
        // A last chunk may be followed by trailers, which nobody here sends.
        if (bytes.size() < at + *size + 2) return {};
        if (bytes.substr(at + *size, 2) != "\r\n") return {0, "a chunk does not end"};
        if (*size == 0) {
            events_.on_message(body);
            return {at + 2};
        }
        body += bytes.substr(at, *size);
        at += *size + 2;
    }
}

WireReader::Step WireReader::next_frame(std::string_view bytes) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
    if (bytes.size() < 2) return {};
    const bool last = (byte(0) & 0x80) != 0;
    const unsigned opcode = byte(0) & 0x0f;
    if ((byte(0) & 0x70) != 0) return {0, "a frame uses an extension that was not agreed"};
    if ((byte(1) & 0x80) != 0) return {0, "a frame of the server is masked"};
    std::uint64_t size = byte(1) & 0x7f;
    std::size_t head = 2;
    const std::size_t more = size == 126 ? 2 : size == 127 ? 8 : 0;
    if (bytes.size() < head + more) return {};
    if (more != 0) size = 0;
    for (std::size_t i = 0; i < more; ++i) size = size << 8 | byte(head + i);
    head += more;
    if (size > max_message_bytes_ || fragment_.size() + size > max_message_bytes_)
        return {0, "a message is too long"};
    if (bytes.size() - head < size) return {};
    const std::string_view payload = bytes.substr(head, size);
    const Step step{head + size};
    if (opcode >= ws_close) {
        if (!last || size > 125) return {0, "a control frame is in parts or too long"};
        if (opcode == ws_ping) events_.on_control(Control::ping, payload);
        if (opcode == ws_close) events_.on_control(Control::close, payload);
        return step;
    }
    if ((opcode == 0) != in_fragment_ || opcode > 2)
        return {0, "a frame is out of order or of an unknown kind"};
    if (last && !in_fragment_) {
        events_.on_message(payload);
        return step;
    }
    fragment_ += payload;
    in_fragment_ = !last;
    if (last) {
        std::string whole;
        whole.swap(fragment_);
        events_.on_message(whole);
    }
    return step;
}

void append_frame(std::string& out, std::uint8_t opcode, std::string_view payload,
                  std::uint32_t mask) {
    const auto put = [&](std::uint64_t value, unsigned bytes) {
        for (unsigned i = bytes; i-- > 0;) out += static_cast<char>(value >> (8 * i) & 0xff);
    };
    put(0x80u | opcode, 1);
    if (payload.size() < 126) {
        put(0x80 | payload.size(), 1);
    } else if (payload.size() < 65536) {
        put(0x80 | 126, 1);
        put(payload.size(), 2);
    } else {
        put(0x80 | 127, 1);
        put(payload.size(), 8);
    }
    put(mask, 4);
    const std::size_t at = out.size();
    out += payload;
    for (std::size_t i = 0; i < payload.size(); ++i)
        out[at + i] =
            static_cast<char>(out[at + i] ^ static_cast<char>(mask >> (24 - 8 * (i % 4))));
}

}  // namespace mezz::node
