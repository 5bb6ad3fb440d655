// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// Any bytes after a WebSocket's handshake: the connection is a WebSocket, and ends.
#include "node/host/http/fuzz_support.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string bytes =
        "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    bytes.append(reinterpret_cast<const char*>(data), size);
    const std::string answer = mezz::host::http::fuzz::converse(bytes);
    ASSERT(answer.empty() || answer.starts_with("HTTP/1.1 101 "));
    return 0;
}
