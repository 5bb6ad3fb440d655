// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// Answers and frames: any bytes, whole or in pieces, give the same messages and the same error.
#include <cstdlib>
#include <vector>

#include "node/host/client/wire_reader.hpp"

using mezz::node::WireReader;

namespace {

struct Read {
    std::vector<std::string> seen;
    std::string error;
    friend bool operator==(const Read&, const Read&) = default;
};

Read read(WireReader::Wire wire, std::string_view bytes, std::size_t piece) {
    Read out;
    WireReader reader(
        wire,
        {.on_message = [&](std::string_view m) { out.seen.emplace_back(m); },
         .on_control =
             [&](WireReader::Control c, std::string_view p) {
                 out.seen.push_back((c == WireReader::Control::ping ? "ping " : "close ") +
                                    std::string(p));
             }},
        4096);
    while (!bytes.empty() && out.error.empty()) {
        const auto part = bytes.substr(0, piece);
        bytes.remove_prefix(part.size());
        out.error = reader.feed(part);
    }
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const auto wire = data[0] % 2 == 0 ? WireReader::Wire::http : WireReader::Wire::websocket;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
    if (read(wire, bytes, bytes.size() + 1) != read(wire, bytes, 1u + data[1])) std::abort();
    return 0;
}
