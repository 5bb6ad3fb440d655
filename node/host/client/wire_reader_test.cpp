// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/client/wire_reader.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace mezz::node {
namespace {

using Wire = WireReader::Wire;

/// What a reader found in bytes that came in pieces of a size.
struct Read {
    std::vector<std::string> messages;
    std::vector<std::string> pings;
    std::vector<unsigned> statuses;
    bool closed = false, ends = false;
    std::string error;
};

Read read(Wire wire, std::string_view bytes, std::size_t piece = ~std::size_t{0}) {
    Read out;
    WireReader reader(wire,
                      {.on_message = [&](std::string_view m) { out.messages.emplace_back(m); },
                       .on_control =
                           [&](WireReader::Control c, std::string_view payload) {
                               if (c == WireReader::Control::ping)
                                   out.pings.emplace_back(payload);
                               else
                                   out.closed = true;
                           },
                       .on_status = [&](unsigned s) { out.statuses.push_back(s); }},
                      1000);
    while (!bytes.empty() && out.error.empty()) {
        out.error = reader.feed(bytes.substr(0, piece));
        bytes.remove_prefix(std::min(piece, bytes.size()));
    }
    out.ends = reader.ends();
    return out;
}

std::string frame(unsigned first, std::string_view payload) {
    std::string out{static_cast<char>(first)};
    if (payload.size() < 126) {
        out += static_cast<char>(payload.size());
    } else {
        out += static_cast<char>(126);
        out += static_cast<char>(payload.size() >> 8);
        out += static_cast<char>(payload.size() & 0xff);
    }
    return out + std::string(payload);
}

TEST(wire_reader, http_answers_in_a_row_in_pieces_of_any_size) {
    const std::string bytes =
        "HTTP/1.1 100 Continue\r\n\r\n"
        "HTTP/1.1 200 OK\r\ncontent-LENGTH:  5 \r\n\r\nfirst"
        "HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        "3\r\nsec\r\n3;x=1\r\nond\r\n0\r\n\r\n";
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, bytes.size()}) {
        const Read r = read(Wire::http, bytes, piece);
        EXPECT_EQ(r.error, "") << piece;
        EXPECT_EQ(r.messages, (std::vector<std::string>{"first", "second"})) << piece;
        EXPECT_EQ(r.statuses, std::vector<unsigned>{503}) << piece;
        EXPECT_TRUE(r.ends) << piece;
    }
}

TEST(wire_reader, http_that_is_none_is_an_error) {
    const std::pair<std::string, std::string> bad[] = {
        {"SSH-2.0\r\n\r\n", "the answer is not HTTP/1.1"},
        {"HTTP/1.1 abc\r\n\r\n", "the answer is not HTTP/1.1"},
        {"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "the answer is not HTTP/1.1"},
        {"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "the answer is not HTTP/1.1"},
        {"HTTP/1.1 200 OK\r\n\r\n", "the answer has no length"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", "the answer is too long"},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "a chunk has no size"},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n", "the answer is too long"},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc", "a chunk does not end"},
        {std::string(70'000, 'x'), "an answer's headers have no end"},
    };
    for (const auto& [bytes, why] : bad) EXPECT_EQ(read(Wire::http, bytes).error, why) << bytes;
}

TEST(wire_reader, messages_fragments_pings_and_the_end_of_a_websocket) {
    const std::string large(500, 'y');
    const std::string bytes = frame(0x81, "one") + frame(0x01, "t") + frame(0x89, "ping") +
                              frame(0x00, "w") + frame(0x80, "o") + frame(0x82, large) +
                              frame(0x88, "");
    for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, bytes.size()}) {
        const Read r = read(Wire::websocket, bytes, piece);
        EXPECT_EQ(r.error, "") << piece;
        EXPECT_EQ(r.messages, (std::vector<std::string>{"one", "two", large})) << piece;
        EXPECT_EQ(r.pings, std::vector<std::string>{"ping"}) << piece;
        EXPECT_TRUE(r.closed) << piece;
    }
}

TEST(wire_reader, frames_that_break_the_protocol_are_errors) {
    const std::pair<std::string, std::string> bad[] = {
        {frame(0xc1, "x"), "a frame uses an extension that was not agreed"},
        {std::string("\x81\x80\0\0\0\0", 6), "a frame of the server is masked"},
        {frame(0x80, "x"), "a frame is out of order or of an unknown kind"},
        {frame(0x01, "x") + frame(0x81, "y"), "a frame is out of order or of an unknown kind"},
        {frame(0x83, "x"), "a frame is out of order or of an unknown kind"},
        {frame(0x09, "x"), "a control frame is in parts or too long"},
        {frame(0x89, std::string(126, 'x')), "a control frame is in parts or too long"},
        {frame(0x81, std::string(1001, 'x')), "a message is too long"},
        {frame(0x01, std::string(600, 'x')) + frame(0x80, std::string(600, 'x')),
         "a message is too long"},
    };
    for (const auto& [bytes, why] : bad) EXPECT_EQ(read(Wire::websocket, bytes).error, why);
}

TEST(wire_reader, frames_of_clients_are_masked_as_the_protocol_has_it) {
    // RFC 6455 §5.7: a masked "Hello".
    std::string out;
    append_frame(out, ws_text, "Hello", 0x37fa213d);
    EXPECT_EQ(out, "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
    for (const std::size_t size : {std::size_t{125}, std::size_t{126}, std::size_t{70'000}}) {
        std::string longer;
        append_frame(longer, ws_text, std::string(size, 'a'), 0);
        EXPECT_EQ(longer.size(), size + 6 + (size < 126 ? 0u : size < 65'536 ? 2u : 8u));
    }
}

}  // namespace
}  // namespace mezz::node
