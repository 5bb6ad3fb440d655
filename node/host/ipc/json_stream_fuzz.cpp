// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// However a stream is cut into pieces, the same values come out of it.

#include "core/base/assert.hpp"
#include "node/host/ipc/json_stream.hpp"

namespace {

using mezz::host::ipc::JsonStream;

std::string values(std::string_view text, std::size_t piece) {
    JsonStream stream(1000);
    std::string out;
    for (std::size_t at = 0; at < text.size(); at += piece) {
        stream.feed(text.substr(at, piece));
        while (const auto value = stream.next()) out += *value + '\n';
        if (stream.problem() != JsonStream::Problem::none) break;
    }
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    ASSERT(values(text, 1) == values(text, size + 1));
    return 0;
}
