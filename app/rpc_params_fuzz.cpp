// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// Any parameters of the methods that the app adds: a value, or -32602 with the place.
#include "app/rpc_params.hpp"
#include "core/base/assert.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view params(reinterpret_cast<const char*>(data), size);
    const auto check = [](const auto& result, const char* where) {
        if (result) return;
        ASSERT(result.error().code == mezz::rpc::invalid_params);
        ASSERT(result.error().message.starts_with(where));
    };
    check(mezz::app::number_param(params, 0, "from"), "params[0] (from): ");
    check(mezz::app::needed_number_param(params, 1, "to"), "params[1] (to): ");
    check(mezz::app::hash_param(params, 0, "hash"), "params[0] (hash): ");
    return 0;
}
