// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// Any bytes on a connection: nothing, or an HTTP answer, and then the end.
#include "node/host/http/fuzz_support.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string answer =
        mezz::host::http::fuzz::converse({reinterpret_cast<const char*>(data), size});
    ASSERT(answer.empty() || answer.starts_with("HTTP/1.1 "));
    return 0;
}
