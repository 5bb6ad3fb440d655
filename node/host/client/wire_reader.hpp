// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What a client of JSON-RPC reads from a stream: HTTP answers, or the messages of a WebSocket.
///
/// Total: any bytes give messages, or a reason why the stream is neither. Owned by one thread.
/// spec: RFC 9112 §6 and §7.1 (content-length, chunked), RFC 6455 §5 (frames).

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace mezz::node {

class WireReader {
public:
    enum class Wire : std::uint8_t { http, websocket };
    enum class Control : std::uint8_t { ping, close };

    struct Events {
        /// A body, or a whole message; valid during the call.
        std::function<void(std::string_view)> on_message;
        /// Of a WebSocket: what a ping holds is to be sent back; after a close nothing comes.
        std::function<void(Control, std::string_view)> on_control;
        /// An HTTP answer other than 200 comes: its status.
        std::function<void(unsigned)> on_status = {};
    };

    /// A WebSocket's reader begins after the handshake's answer.
    WireReader(Wire wire, Events events, std::size_t max_message_bytes = 64u << 20)
        : wire_(wire), events_(std::move(events)), max_message_bytes_(max_message_bytes) {}

    /// Takes the next bytes. returns: "" or what is wrong with them; the reader is useless then.
    std::string feed(std::string_view bytes);
    /// Forgets a message that is not whole: the connection is another one.
    void reset();
    /// Whether the last HTTP answer said that the connection ends with it.
    [[nodiscard]] bool ends() const noexcept { return ends_; }

private:
    struct Step {
        std::size_t used = 0;  ///< bytes; 0: more are needed
        std::string error = {};
    };
    Step next(std::string_view bytes);
    Step next_answer(std::string_view bytes);
    Step next_frame(std::string_view bytes);
    Step chunks(std::string_view bytes, std::size_t head_size);

    Wire wire_;
    Events events_;
    std::size_t max_message_bytes_;
    std::string waiting_;   ///< bytes of a message that is not whole
    std::string fragment_;  ///< payload of a message in several frames
    bool in_fragment_ = false;
    bool ends_ = false;
};

/// One masked text frame (or, with another opcode, a control frame) as clients send it.
/// spec: RFC 6455 §5.3.
void append_frame(std::string& out, std::uint8_t opcode, std::string_view payload,
                  std::uint32_t mask);

inline constexpr std::uint8_t ws_text = 1, ws_close = 8, ws_ping = 9, ws_pong = 10;

}  // namespace mezz::node
