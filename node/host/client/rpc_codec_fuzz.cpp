// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Any JSON as a parent's answer is a value or an error that names a field; any text is a URL or is
/// refused.

#include "core/base/assert.hpp"
#include "node/host/client/http_client.hpp"
#include "node/host/client/rpc_codec.hpp"

namespace {

using namespace mezz::node;

template <class T>
void named(const Result<T>& parsed) {
    if (!parsed) ASSERT(!parsed.error().message.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto url = parse_http_url(text)) ASSERT(!url->host.empty() && !url->port.empty());
    static simdjson::dom::parser parser;
    rpc::Element root;
    if (parser.parse(simdjson::padded_string(text)).get(root) != simdjson::SUCCESS) return 0;
    if (const auto n = rpc::parse_number(root)) {
        const std::string printed = rpc::quantity(*n);
        ASSERT(printed.starts_with("\"0x") && printed.ends_with('"'));
    }
    if (const auto bytes = rpc::parse_bytes(root))
        ASSERT(rpc::quoted(*bytes).size() == 2 * bytes->size() + 4);
    named(rpc::parse_block(root));
    named(rpc::parse_log(root));
    named(rpc::parse_receipt(root));
    named(rpc::parse_transaction(root));
    return 0;
}
